"""What happens when an operation runs, besides computing.

The one idea: the answer is a small value that nobody changes, in a `ContextVar`, so that every thread and
every asyncio task has its own, and "switch something for a while" pushes one change and takes exactly that
one away.

    with no_grad():          # inside: operations compute, and record nothing
        w.assign(w - 0.3 * g)

A module-wide flag would be simpler and wrong: a data-loading thread that turns recording off would turn it
off for the training thread too, and an exception between "off" and "on" would leave it off for good.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class State:
    """What is the case; never changed."""

    def __init__(self, recording: bool, scope: str, capture: Any, owner: Any, before: Any) -> None:
        self.recording = recording  # do results remember how they were made?
        self.scope = scope  # the name of the layer that is running
        self.capture = capture  # who hears of operation(op, inputs, params, y), assign(...), alias(new, old)
        self.owner, self.before = owner, before  # who made this state, out of which one


DEFAULT = State(True, "", None, None, None)
_state: ContextVar[State] = ContextVar("microtensor state", default=DEFAULT)
current = _state.get

# One counter orders all that happens to tensors: a result is younger than what it was made of, and an input
# that was assigned later is younger than the result. `autograd` needs no other order and no other check.
tick = functools.partial(next, itertools.count(1))

lent: dict[Any, Any] = {}  # steps that write over the arrays of tensors right now; see `program/runner.py`


class switched:  # noqa: N801 - read as statements, all of them
    """Change the state for a `with` block, or for a function, generator or coroutine that it decorates.

    It is put back whatever happens. Leaving takes away the change that this object made and no other, so
    generators that are suspended inside a block may finish in any order. It may be entered many times.
    """

    def __init__(self, **changes: Any) -> None:
        self.changes = changes

    def applied(self, before: State) -> State:
        parts = {"recording": before.recording, "scope": before.scope, "capture": before.capture}
        return State(**parts | self.changes, owner=self, before=before)

    def __enter__(self) -> None:
        _state.set(self.applied(current()))

    def __exit__(self, *exception: object) -> None:
        above, state = [], current()
        while state.owner is not self:
            if state.owner is None or state.before is None:
                return  # entered in another context, by a generator that another thread finishes: not ours
            above.append(state.owner)
            state = state.before
        state = state.before or DEFAULT
        for owner in reversed(above):
            state = owner.applied(state)
        _state.set(state)

    def __call__(self, function: F) -> F:
        from .operations.decorating import decorated  # here: inspect costs as much as the rest of the engine

        return decorated(self, function)


class no_grad(switched):  # noqa: N801
    """`with no_grad():` or `@no_grad()`: operations compute and record nothing; results need no gradient."""

    def __init__(self) -> None:
        super().__init__(recording=False)


class enable_grad(switched):  # noqa: N801
    """`with enable_grad():` records again inside a `no_grad` block."""

    def __init__(self) -> None:
        super().__init__(recording=True)


class scope(switched):  # noqa: N801
    """`with scope("dense"):` tensors made inside carry that name; scopes nest as paths do,
    "encoder/dense".
    """

    def __init__(self, name: str) -> None:
        if not isinstance(name, str) or not name:
            raise TypeError(f"a scope needs a name that is a non-empty string, got {name!r}.")
        self.name = name

    def applied(self, before: State) -> State:
        path = f"{before.scope}/{self.name}" if before.scope else self.name
        return State(before.recording, path, before.capture, self, before)
