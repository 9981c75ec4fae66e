"""State is per context, and put back whatever happens."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import microtensor as mt
from microtensor.core import Operation, Tensor
from microtensor.core.state import DEFAULT, current, switched


def recording() -> bool:
    """What the state says, and what an operation does."""
    recorded = (Tensor(1.0, requires_grad=True) * 2).requires_grad
    assert recorded == current().recording
    return recorded


def test_no_grad_and_enable_grad_nest() -> None:
    with mt.no_grad():
        assert not recording()
        with mt.enable_grad():
            assert recording()
            with mt.no_grad():
                assert not recording()
            assert recording()
        assert not recording()
    assert recording()


def test_one_object_may_be_entered_again_while_it_is_entered() -> None:
    off = mt.no_grad()
    with off:
        with off:
            assert not recording()
        assert not recording()
    assert recording()
    with off:
        assert not recording()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_any_exception_puts_the_state_back(error: type[BaseException]) -> None:
    with pytest.raises(error), mt.no_grad(), mt.scope("a"):
        raise error
    assert current() is DEFAULT


def test_an_exception_in_a_forward_or_a_vjp_puts_the_state_back() -> None:
    def fail(*args: Any) -> Any:
        raise ZeroDivisionError

    x = Tensor(1.0, requires_grad=True)
    with pytest.raises(ZeroDivisionError), mt.no_grad():
        Operation("bad", lambda x: fail(), lambda g, y, x: g)(x)
    assert current() is DEFAULT
    y = Operation("bad", lambda x: x, fail)(x)
    for create_graph in (False, True):
        with pytest.raises(ZeroDivisionError):
            y.backward(create_graph=create_graph)
        assert current() is DEFAULT


def test_interleaved_exits_take_away_their_own_change_only() -> None:
    off, named = mt.no_grad(), mt.scope("a")
    off.__enter__()
    named.__enter__()
    off.__exit__(None, None, None)  # not the last that was entered
    assert recording()
    assert current().scope == "a"
    named.__exit__(None, None, None)
    assert current() is DEFAULT


def test_an_exit_without_an_entry_changes_nothing() -> None:
    with mt.scope("a"):
        before = current()
        mt.no_grad().__exit__(None, None, None)
        assert current() is before


def test_a_decorated_function() -> None:
    @mt.no_grad()
    def f(fail: bool = False) -> bool:
        """Words."""
        if fail:
            raise ValueError
        return recording()

    assert not f()
    assert recording()
    with pytest.raises(ValueError):
        f(fail=True)
    assert recording()
    assert (f.__name__, f.__doc__) == ("f", "Words.")


def test_a_decorated_recursive_function() -> None:
    @mt.no_grad()
    def f(n: int) -> bool:
        return (n == 0 or f(n - 1)) and not recording()

    assert f(5)
    assert recording()


def test_a_decorated_generator_is_switched_only_while_its_own_lines_run() -> None:
    seen: list[Any] = []

    @mt.no_grad()
    def generator() -> Iterator[int]:
        try:
            while True:
                seen.append(recording())
                try:
                    seen.append((yield 1))
                except KeyError:
                    seen.append(("caught", recording()))
        finally:
            seen.append(("closed", recording()))

    running = generator()
    next(running)
    assert recording()  # suspended: the caller's state is the caller's
    running.send("sent")  # type: ignore[attr-defined]
    running.throw(KeyError())  # type: ignore[attr-defined]
    assert recording()
    running.close()  # type: ignore[attr-defined]
    assert seen == [False, "sent", False, ("caught", False), False, ("closed", False)]
    assert recording()


def test_a_decorated_generator_returns_and_raises() -> None:
    @mt.no_grad()
    def generator(fail: bool) -> Any:
        yield 1
        if fail:
            raise ValueError("own")
        return 2

    def outer() -> Any:
        result = yield from generator(fail=False)
        assert result == 2
        yield from generator(fail=True)

    values = outer()
    assert [next(values), next(values)] == [1, 1]
    with pytest.raises(ValueError, match="own"):
        next(values)
    assert current() is DEFAULT


def test_generators_suspended_inside_a_block_finish_in_any_order() -> None:
    def inside(block: Any) -> Iterator[None]:
        with block:
            yield

    a, b = inside(mt.no_grad()), inside(mt.scope("b"))
    next(a), next(b)
    assert (current().recording, current().scope) == (False, "b")
    assert list(a) == []
    assert (current().recording, current().scope) == (True, "b")
    assert list(b) == []
    assert current() is DEFAULT


def test_a_generator_finished_by_another_thread_leaves_that_thread_alone() -> None:
    def inside() -> Iterator[None]:
        with mt.no_grad():
            yield

    suspended, seen = inside(), []
    next(suspended)
    thread = threading.Thread(target=lambda: (list(suspended), seen.append(current())))
    thread.start()
    thread.join()
    assert seen == [DEFAULT]
    # Here the block was entered and never left; a context of its own would have been the place for it.
    assert not current().recording
    contextvars.copy_context().run(list, suspended)
    while current().owner is not None:
        current().owner.__exit__()  # type: ignore[union-attr]
    assert current() is DEFAULT


def test_an_async_generator_is_refused_in_words() -> None:
    async def generator() -> Any:
        yield 1

    with pytest.raises(TypeError, match="generator is an async generator: use a `with` block"):
        mt.no_grad()(generator)


def test_a_thread_has_a_state_of_its_own() -> None:
    inside, seen = threading.Event(), []
    leave = threading.Event()

    def off() -> None:
        with mt.no_grad():
            inside.set()
            leave.wait(10)
            seen.append(recording())

    thread = threading.Thread(target=off)
    thread.start()
    assert inside.wait(10)
    assert recording()  # the other thread is in its no_grad block now
    with mt.no_grad():
        leave.set()
        thread.join()
        fresh: list[bool] = []
        other = threading.Thread(target=lambda: fresh.append(recording()))
        other.start()
        other.join()
    assert (seen, fresh) == ([False], [True])


def test_an_asyncio_task_has_a_state_of_its_own() -> None:
    @mt.no_grad()
    async def off(steps: int) -> list[bool]:
        seen = []
        for _ in range(steps):
            seen.append(recording())
            await asyncio.sleep(0)
        return seen

    async def on(steps: int) -> list[bool]:
        seen = []
        for _ in range(steps):
            seen.append(recording())
            await asyncio.sleep(0)
        return seen

    async def both() -> Any:
        return await asyncio.gather(off(5), on(5), off(3))

    assert asyncio.run(both()) == [[False] * 5, [True] * 5, [False] * 3]
    assert current() is DEFAULT


def test_scopes_nest_as_paths_and_tensors_carry_them() -> None:
    x = Tensor(1.0, requires_grad=True)
    with mt.scope("encoder"):
        a = x * 2
        with mt.scope("dense"):
            b = a * 2
        c = b * 2
    d = c * 2
    assert [t.scope for t in (x, a, b, c, d)] == ["", "encoder", "encoder/dense", "encoder", ""]


@pytest.mark.parametrize("name", ["", None, 3])
def test_a_scope_needs_a_name(name: Any) -> None:
    with pytest.raises(TypeError, match="a scope needs a name that is a non-empty string"):
        mt.scope(name)


def test_results_of_no_grad_keep_no_inputs() -> None:
    x = Tensor(np.ones(3, np.float32), requires_grad=True)
    with mt.no_grad():
        y = x * 2
    assert (y.requires_grad, y.is_leaf, y.inputs, y.operation) == (False, True, (), None)
    with pytest.raises(mt.GradientError, match="compute outside no_grad"):
        y.sum().backward()


def test_no_grad_does_not_forget_what_was_recorded_before() -> None:
    x = Tensor(3.0, requires_grad=True)
    y = x * x
    with mt.no_grad():
        y.backward()
    assert float(x.grad) == 6.0  # type: ignore[arg-type]


def test_switched_changes_what_it_is_told_to() -> None:
    with switched(recording=False, scope="s"):
        assert (current().recording, current().scope) == (False, "s")
    with pytest.raises(TypeError), switched(colour="red"):
        pass
    assert current() is DEFAULT
