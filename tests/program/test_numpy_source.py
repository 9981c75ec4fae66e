"""NumPy source gives the bits of the plain interpreter, in memory that nobody else ever sees."""

from __future__ import annotations

import linecache
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microtensor as mt
from microtensor.core import Operation, Tensor
from microtensor.program import Program, capture, improved, interpret
from microtensor.program.capture import Captured
from microtensor.program.numpy_source import BLOCK, NumpyStep
from microtensor.program.runner import Runner

from .random_programs import ALL, Case, cases

RNG = np.random.default_rng(5)
SQUARE = RNG.normal(size=(33, 33)).astype("float32")  # large enough that the order of a sum shows in its bits
TALL = RNG.normal(size=(5 * BLOCK // 16 + 7, 16)).astype("float32")  # runs in blocks, the last one smaller
Function = Callable[..., Any]


def captured(function: Function, *arrays: Any) -> Captured:
    """What a function does with inputs a, b, c, and does not stay."""
    inputs = [Tensor(np.asarray(array)) for array in arrays]
    with np.errstate(all="ignore"):
        return capture(function, *inputs, names=["a", "b", "c"][: len(inputs)], for_real=False)


def run(step: Any, inputs: Sequence[Any], states: Sequence[Any]) -> list[np.ndarray]:
    with np.errstate(all="ignore"):
        outputs, updates = step(inputs, states)
    return [*outputs, *updates]


def agree(program: Program, inputs: Sequence[Any], states: Sequence[Any]) -> NumpyStep:
    """Bit for bit, with and without passes, time and again; results share no memory with anything."""
    wanted = run(lambda *args: interpret(program, *args), inputs, states)
    given = [*inputs, *states, *program.constants.values()]
    before = [array.tobytes() for array in given]
    for each in (program, improved(program)):
        step = NumpyStep(each)
        first, again = run(step, inputs, states), run(step, inputs, states)
        run(step, [np.ones_like(x) for x in inputs], states)
        for want, *founds in zip(wanted, first, again, strict=True):
            for found in founds:
                assert (found.shape, found.dtype) == (want.shape, want.dtype)
                assert found.tobytes() == want.tobytes(), step.source
        results = [*first, *again]
        for k, result in enumerate(results):
            assert not any(np.shares_memory(result, other) for other in [*results[:k], *given])
    assert [array.tobytes() for array in given] == before
    return step


def check(function: Function, *arrays: Any) -> NumpyStep:
    """`function` as NumPy source is `function`."""
    arrays = tuple(np.asarray(array) for array in arrays)
    found = captured(function, *arrays)
    step = agree(found.program, arrays, [tensor._data for tensor in found.states])
    wanted = [y._data for y in found.outputs]
    for want, got in zip(wanted, run(step, arrays, [t._data for t in found.states]), strict=False):
        assert got.tobytes() == want.tobytes()  # and what eager gave when it was captured
    return step


# --- the same bits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(data=st.data())
def test_random_programs(dtype: str, data: Any) -> None:
    case: Case = data.draw(cases(ALL, dtype))
    inputs = [case.data[0][case.order[0]], np.asarray(case.numbers[0][0])]
    agree(case.program, inputs, case.states)


MOVES: dict[str, Function] = {
    "T": lambda x: x.T,
    "swap": lambda x: x.swapaxes(0, 1),
    "flip": lambda x: mt.flip(x, axis=0),
    "back": lambda x: x[::-1, ::-1],
    "round": lambda x: mt.concatenate([x[5:], x[:5]], axis=0),
    "every": lambda x: mt.concatenate([x[::2], x[1::2]], axis=0).T,
    "folded": lambda x: x.reshape(3, 11, 33).transpose(2, 0, 1).reshape(33, 33),
    "turned": lambda x: mt.moveaxis(x.reshape(11, 3, 33), 2, 0).reshape(33, 33),
    "twice": lambda x: x * 2,
    "tanh": mt.tanh,
    "rows": lambda x: x - mt.sum(x, axis=0),
    "columns": lambda x: x * mt.mean(x, axis=1, keepdims=True),
    "row": lambda x: mt.broadcast_to(x[3], (33, 33)),
    "column": lambda x: mt.broadcast_to(x[:, :1], (33, 33)),
    "max": lambda x: x / mt.max(mt.abs(x), axis=-1, keepdims=True),
    "cast": lambda x: x.astype("float64").astype("float32"),
    "chosen": lambda x: mt.where(x.T > 0, x, 0.5 * x),
    "clip": lambda x: mt.clip(x, -0.5, None),
    "norm": lambda x: x / mt.sqrt(mt.sum(x * x)),
}
PAIRS: dict[str, Function] = {
    "add": lambda x, y: x + y,
    "multiply": lambda x, y: x * y.T,
    "matmul": lambda x, y: x @ y,
    "maximum": mt.maximum,
    "stacked": lambda x, y: mt.sum(mt.stack([x, y]).transpose(0, 2, 1), axis=0),
}


@given(
    st.lists(st.tuples(st.sampled_from([*MOVES, *PAIRS]), st.integers(0, 9), st.integers(0, 9)), min_size=2)
)
def test_bits_do_not_depend_on_where_numbers_lie(lines: list[tuple[str, int, int]]) -> None:
    """Products and sums of matrices that were turned, in memory that other values had before."""

    def function(a: Tensor) -> list[Tensor]:
        pool = [a]
        for name, i, j in lines[:12]:
            x, y = pool[-1 - i % len(pool)], pool[-1 - j % len(pool)]
            pool.append(MOVES[name](x) if name in MOVES else PAIRS[name](x, y))
        return [pool[-1], mt.sum(pool[-1], axis=0), mt.sum(pool[len(pool) // 2])]

    check(function, SQUARE)


def test_what_is_made_of_a_transposed_matrix_lies_transposed() -> None:
    step = check(lambda a: [mt.sum(a.T * 2, axis=0), (a.T * 2) @ (a * 3)], SQUARE)
    assert "t0_turned = t0.T" in step.source
    check(lambda a: [a.T * 2, mt.sum(a.T * 2, axis=0)], SQUARE[:20])  # an output is in C's order, a sum's not
    cube = RNG.normal(size=(7, 9, 11)).astype("float32")
    check(lambda a: [mt.sum(a.transpose(2, 0, 1) * 2, axis=1), mt.sum(mt.exp(a.transpose(1, 2, 0)))], cube)
    check(lambda a: [mt.sum(mt.sum(a.transpose(2, 0, 1) * 2, axis=1) * 3, axis=0)], cube)


@pytest.mark.parametrize("move", ["T", "flip", "back", "folded", "turned", "row"])
def test_a_view_of_what_nobody_reads_any_more(move: str) -> None:
    """The memory that a view shows is not given away while the view is needed."""

    def function(a: Tensor) -> list[Tensor]:
        shown = MOVES[move](a * 2)
        for _ in range(3):
            a = a @ a / 7  # wants memory of the same size
        return [shown + a, shown @ shown]

    check(function, SQUARE)


@pytest.mark.parametrize(
    "index",
    [1, -1, slice(None, None, -1), (slice(4, 2, -1), None, 3), ..., np.int64(2), (np.int64(1), slice(None))],
)
def test_indices_that_give_views(index: Any) -> None:
    def function(a: Tensor) -> list[Tensor]:
        shown, b = (a * 2)[index], a @ a
        return [mt.sum(shown, axis=0), mt.exp(b @ b / 100), shown * 2]

    check(function, SQUARE)


def test_an_operation_of_ones_own_that_gives_its_operand_back() -> None:
    same = Operation("same", lambda x: x)
    other = Operation("diagonal", lambda x: x.diagonal())

    def function(a: Tensor) -> list[Tensor]:
        shown, line, kept = same(a * 2), other(a * 3), same(a)
        b = a @ a @ a
        return [shown + b, line * 2, b @ shown, kept, kept]

    check(function, SQUARE)


@pytest.mark.parametrize("name", ["sum", "clip", "astype", "reshape", "multiply", "mean", "negative"])
def test_an_operation_of_ones_own_that_is_called_like_another(name: str) -> None:
    own = Operation(name, lambda x: np.cumsum(x, axis=0) + 1)
    check(lambda a: [own(own(a)), own(a * 2)], SQUARE)


def test_operands_that_are_written_over() -> None:
    def function(a: Tensor, b: Tensor) -> list[Tensor]:
        c = a @ b
        c = c + c.T  # reads and writes the same memory in two orders
        c = c * c
        d = c[::-1] - c
        e = mt.maximum(d, d.reshape(-1)[::-1].reshape(33, 33))
        return [e, e[:, :1] + e]

    check(function, SQUARE, SQUARE.T.copy())


@pytest.mark.parametrize("rows", [5 * BLOCK // 16 + 7, BLOCK // 2, 4 * BLOCK // 16])
def test_blocks(rows: int) -> None:
    """Columns, rows and numbers that are broadcast; values that are read after the loop; blocks uneven."""

    def function(a: Tensor, row: Tensor, column: Tensor) -> list[Tensor]:
        b = mt.tanh(a * 2 + row) * column
        c = b * b - mt.exp(b) / (1 + mt.abs(column))
        d = mt.where(c > row[0], c, b) + mt.sum(row)
        e = (d.astype("float64") * 2).astype("float32") - mt.clip(c, -0.25, 0.25)
        return [mt.sum(e, axis=0), c, e @ a[:16], mt.sum(e * d - c)]

    a = RNG.normal(size=(rows, 16)).astype("float32")
    step = check(function, a, a[:1].reshape(16), a[:, :1])
    assert "for lo in range(0" in step.source
    assert ("min(lo +" in step.source) == (rows == len(TALL))


def test_blocks_along_a_turned_matrix() -> None:
    check(lambda a: [mt.sum(mt.exp(a.T * 2) - 1, axis=0), (mt.tanh(a.T) * a.T) @ a], TALL)


def test_blocks_use_memory_again_and_never_too_early() -> None:
    def function(a: Tensor) -> list[Tensor]:
        b = a @ a[:16]
        c = mt.sin(b) * 2 + b
        d = c @ a[:16]
        e = (mt.cos(d) + c) * b - d
        return [mt.sum(e @ a[:16]), d]

    check(function, TALL)


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint8", "int32", "int64", "float16", "float32", "float64"]
)
@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1, 1), (2, 0, 4), (3, 4)])
def test_every_dtype_and_shape(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.asarray(RNG.integers(0, 3, shape), dtype)

    def function(a: Tensor) -> list[Tensor]:
        results = [a, a.astype("float32") * 0.5, mt.sum(a), a + a, a * 2, a == a, mt.where(a > 1, a, a)]
        if dtype.startswith("float"):
            results += [a**2, 1 / (a + 1e-3), 1e30 * a, mt.exp(a), -0.0 * a, a * float("inf")]
        results += [a.astype("int32").reshape(-1) + 1, a.T, mt.sum(a.astype("float64"), axis=None)]
        return results

    check(function, array)


def test_ends_that_are_inputs_constants_states_and_each_other() -> None:
    w, v = mt.Variable(SQUARE, name="w"), mt.Variable(SQUARE + 1, name="v")

    def function(a: Tensor) -> list[Tensor]:
        known, b = Tensor([1.0, np.nan, -0.0]), a * 2
        w.assign(b)
        v.assign(b)
        return [a, a, known, known, b, b, b.T, b.reshape(-1), w.detach()]

    check(function, SQUARE)
    assert w.numpy().tobytes() == SQUARE.tobytes()


def test_states_change_places() -> None:
    w, v = mt.Variable([1.0, 2.0]), mt.Variable([3.0, 4.0])

    def function() -> list[Tensor]:
        a, b = w.detach(), v.detach()
        w.assign(b)
        v.assign(a)
        return [w + 0]

    found = capture(function)
    runner = Runner(found)
    for k in range(5):
        (y,) = runner([])
        assert y.tolist() == w.numpy().tolist() == ([1.0, 2.0] if k % 2 == 0 else [3.0, 4.0])
        assert v.numpy().tolist() == ([3.0, 4.0] if k % 2 == 0 else [1.0, 2.0])


# --- the text --------------------------------------------------------------------------------------------


def test_the_page_is_the_same_each_time() -> None:
    def function(a: Tensor) -> list[Tensor]:
        return [mt.sum(mt.sigmoid(a @ a.T) * a, axis=0), mt.softmax(a)]

    texts = {NumpyStep(improved(captured(function, SQUARE).program)).source for _ in range(3)}
    assert len(texts) == 1


def test_the_page_runs_as_it_is_pasted() -> None:
    def step(x: Tensor, w: Tensor) -> Tensor:
        return mt.sum(x @ w * 2 + 1, axis=0)

    a, b = SQUARE[:4], SQUARE[:, :2].copy()
    made = captured(step, a, b.T.T)
    source = NumpyStep(improved(made.program)).source
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    y = np.empty(2, "float32")
    namespace["step"](a, b, y)
    assert y.tobytes() == made.outputs[0].numpy().tobytes()


WORDS = (
    "exp add matmul multiply copyto empty array asarray clip lo hi t0 out_0 step class é 1 number_2 new_w s0"
)
CODE = ["import os", "x = 1\n    raise SystemExit", " ", '"', "'''", "\\", "#", "(", "_", "a" * 500]


@pytest.mark.parametrize("name", [*WORDS.split(), *CODE, "None", "float", "min", "range", "getitem", "sum"])
def test_hostile_names_are_only_names(name: str) -> None:
    w = mt.Variable(TALL, name="w")

    def function(*inputs: Tensor) -> list[Tensor]:
        from microtensor.core.state import scope

        x, y = inputs
        with scope(name):
            made = mt.exp(mt.clip(x @ y, -1, 1) * 2 + 2) + w
            w.assign(made.astype("float16").astype("float32"))
            return [mt.sum(made, axis=0), x[np.array([1, 0])], made]

    inputs = [Tensor(TALL), Tensor(TALL[:16])]
    found = capture(function, *inputs, names=[name, "y"], name=name, for_real=False)
    agree(found.program, [x._data for x in inputs], [t._data for t in found.states])


# --- a step is whole -------------------------------------------------------------------------------------


def training() -> tuple[Runner, list[Any], list[np.ndarray]]:
    """A step with states of several kinds, what it takes, and what the states are after one."""
    states = [mt.Variable(SQUARE[k : k + 4], name=f"w{k}") for k in range(3)]

    def step(a: Tensor) -> list[Tensor]:
        values = [w.detach() for w in states]
        for k, w in enumerate(states):
            w.assign(values[k] * 0.5 + mt.tanh(values[k - 1]) @ a)
        return [mt.sum(values[0])]

    runner = Runner(capture(step, Tensor(SQUARE), for_real=False))
    _, new = interpret(runner.program, [SQUARE], [t._data for t in runner.states])
    return runner, states, new


def test_snapshots_stay_as_they_were() -> None:
    """Memory of old weights is used again, unless somebody looks at it."""
    runner, states, _ = training()
    wanted, looks = [], []
    for k in range(6):
        if k % 2 == 0:
            shown = [w.numpy() for w in states]
            views = [w.numpy()[1:].T for w in states]
            buffers = [memoryview(w.numpy()) for w in states]
            others = [w.detach() for w in states]
            looks += [*shown, *views, *buffers, *others]
            wanted += [np.array(look).tobytes() for look in [*shown, *views, *buffers, *others]]
        runner([SQUARE])
    assert [np.array(look).tobytes() for look in looks] == wanted


def test_memory_of_old_weights_is_used_again() -> None:
    runner, states, _ = training()
    places = set()
    for _ in range(10):
        runner([SQUARE])
        places.add(states[0]._data.__array_interface__["data"][0])
    assert len(places) == 2


def test_memory_that_a_state_was_given_by_someone_is_not_written_into() -> None:
    runner, states, _ = training()
    shared = Tensor(SQUARE[:4])
    for w in states:
        w.assign(shared)
    for _ in range(3):
        runner([SQUARE])
    assert shared.numpy().tobytes() == SQUARE[:4].tobytes()


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_a_step_that_ends_at_any_line_has_happened_or_not(error: type[BaseException]) -> None:
    runner, states, new = training()
    runner([SQUARE])  # the text is written, and there is memory to write into
    before = [w.numpy().tobytes() for w in states]
    _, made = interpret(runner.program, [SQUARE], [t._data for t in runner.states])
    after = [array.tobytes() for array in made]
    assert before == [array.tobytes() for array in new]
    line, seen = 0, set()
    while True:
        line += 1
        ended = _stopped_at(line, lambda: runner([SQUARE]), error)
        now = [w.numpy().tobytes() for w in states]
        assert now in (before, after), f"interrupted at line {line}"
        seen.add(now == after)
        for w, data in zip(states, before, strict=True):
            w.assign(np.frombuffer(data, "float32").reshape(w.shape))
        if not ended:
            break
    assert line > 20
    assert seen == {False, True}


def _stopped_at(line: int, act: Callable[[], Any], error: type[BaseException]) -> bool:
    """Run it, and raise at the n-th line of this library or of generated text. False: it has fewer."""
    count = 0

    def trace(frame: Any, event: str, arg: Any) -> Any:
        nonlocal count
        file = frame.f_code.co_filename
        if "microtensor" not in file or "tests" in file:
            return None
        # Leaving a `with` block is a line event too, but no moment at which Ctrl-C is heard.
        if event == "line" and not linecache.getline(file, frame.f_lineno).strip().startswith("with "):
            count += 1
            if count == line:
                sys.settrace(None)
                raise error
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    except error:
        return True
    finally:
        sys.settrace(before)
    return False


def test_an_error_in_the_middle_changes_nothing() -> None:
    fails = [False]

    def forward(x: np.ndarray) -> np.ndarray:
        if fails[0] or not np.isfinite(x).all():  # it looks at a number, so it stays as it is
            raise ZeroDivisionError("in the middle")
        return x * 2

    own, w = Operation("own", forward), mt.Variable(SQUARE)

    def step(a: Tensor) -> list[Tensor]:
        w.assign(own(w.detach()) + a)
        return [own(a)]

    runner = Runner(capture(step, Tensor(SQUARE)))
    for k in range(6):
        fails[0], before = k % 2 == 1, w.numpy().copy()
        if fails[0]:
            with pytest.raises(ZeroDivisionError, match="in the middle"):
                runner([SQUARE])
            assert w.numpy().tobytes() == before.tobytes()
        else:
            runner([SQUARE])
            assert w.numpy().tobytes() == (before * 2 + SQUARE).tobytes()


def test_threads_that_run_one_step() -> None:
    """A step works in memory of its own, which two threads do not use at the same time."""
    w = mt.Variable(np.zeros((4, 4), "float32"))

    def step(a: Tensor) -> list[Tensor]:
        w.assign(w + 1)
        return [mt.tanh(a @ a) @ a]

    runner = Runner(capture(step, Tensor(np.ones((100, 100), "float32")), for_real=False))
    arrays = [RNG.normal(size=(100, 100)).astype("float32") for _ in range(4)]
    wanted = [runner([array])[0].tobytes() for array in arrays]
    w.assign(np.zeros((4, 4), "float32"))
    wrong = []

    def work(k: int) -> None:
        wrong.extend(k for _ in range(20) if runner([arrays[k]])[0].tobytes() != wanted[k])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert w.numpy().tolist() == [[80.0] * 4] * 4
