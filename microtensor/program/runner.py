"""Runner: a captured step with the tensors that it reads and changes, run again and again.

The one idea: a step is computed whole, into memory that nobody sees, and then put in place whole. A tensor
gets a new array, as `assign` gives it one; its old array becomes the memory of the next step, unless somebody
still looks at it (a snapshot that `.numpy()` gave, say), which the count of references tells. A step in
machine code may write over the old array itself: another thread that asks for a snapshot meanwhile waits.
"""

from __future__ import annotations

import functools
import itertools
import sys
from _thread import RLock  # all of `threading` would be a fiftieth of a start
from collections import deque
from collections.abc import Iterator, Sequence
from operator import is_
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core import Tensor
from ..core.state import lent, tick
from .capture import Captured, collector_waits
from .choice import Chosen, step_for
from .ir import Program
from .passes import improved

if TYPE_CHECKING:
    from .choice import Step

LARGEST = 1 << 20  # bytes of constants: a program with more is not remembered, or it would keep them alive
_KEPT = 64  # programs whose improved form is remembered
_improved: dict[Program, Program] = {}


@collector_waits()
def improved_once(program: Program) -> Program:
    """The program after all passes; one that was seen before is not improved a second time."""
    if sum(array.nbytes for array in program.constants.values()) > LARGEST:
        return improved(program)
    found = _improved.get(program)
    if found is None:
        found = _improved[program] = improved(program)
        while len(_improved) > _KEPT:
            del _improved[next(iter(_improved))]
    return found


Also = Sequence[tuple[Tensor, np.ndarray]]

_set_array, _set_time = (Tensor.__dict__[name].__set__ for name in ("_data", "time"))
# One call of C from the first to the last: a signal (Ctrl-C) is heard before it or after it.
_at_once: Any = functools.partial(deque, maxlen=0)


class Runner:
    """Runs a captured step on its tensors.

    Args:
        captured: the program, with its tensors.
        source: what runs it; see `choice`.
    """

    def __init__(self, captured: Captured, source: str = "auto") -> None:
        self.captured, self.program = captured.program, improved_once(captured.program)
        self.states, self.updated = captured.states, captured.updated
        self.wanted = source
        self._own: list[np.ndarray] = []  # arrays that may be written into, and how many refer to them
        self._references: list[int] = []
        place_of = {id(tensor): place for place, tensor in enumerate(self.states)}
        self._places = [place_of[id(tensor)] for tensor in self.updated]
        self._spare: list[np.ndarray | None] = [None] * len(self.updated)
        self._one_at_a_time = RLock()  # a step works in memory that was planned once

    @functools.cached_property
    def chosen(self) -> Chosen:
        """What runs; written when it is first needed."""
        return step_for(self.program, self.wanted)

    @property
    def step(self) -> Step:
        """Runs the program once, on arrays."""
        step: Step = self.chosen.runs
        return step

    @property
    def source(self) -> str:
        """The text that runs."""
        return str(self.step.source)

    def explain(self) -> str:
        """What runs, why, and what it costs, in a few lines."""
        return (
            f"{self.program.name} runs as {self.chosen.name} source: {self.chosen.reason}\n"
            f"as captured: {self.captured.statistics()}\n"
            f"after the passes: {self.program.statistics()}"
        )

    def __call__(self, inputs: Sequence[np.ndarray], also: Also = ()) -> list[np.ndarray]:
        """One step: the outputs; the tensors have changed. If anything is raised, all have, or none. A second
        thread waits until the step is done.

        Args:
            inputs: arrays of the program's types.
            also: what other tensors become together with those of the step: the count of steps.
        """
        with self._one_at_a_time:
            step = self.step
            if step.in_place and step.silent:
                return self._in_place(inputs, also)
            with np.errstate(all="ignore"):  # inf is a result; whoever looks at it warns
                return self._in_place(inputs, also) if step.in_place else self._beside(inputs, also)

    def _beside(self, inputs: Sequence[np.ndarray], also: Also) -> list[np.ndarray]:
        """A step that makes the new states beside the old ones."""
        memory = [
            np.empty(tensor.shape, tensor.dtype) if array is None else array
            for tensor, array in zip(self.updated, self._spare, strict=True)
        ]
        self._spare = [None] * len(memory)
        outputs: list[np.ndarray]
        outputs, made = self.step(inputs, [tensor._data for tensor in self.states], memory)
        self.put(made, also)
        return outputs

    def _in_place(self, inputs: Sequence[np.ndarray], also: Also) -> list[np.ndarray]:
        """A step that writes over the states, in arrays that nobody else looks at: those that it made itself,
        with no more references to them than after the last step.
        """
        step, tensors = self.step, self.updated
        memory = [tensor._data for tensor in tensors]
        outputs: list[np.ndarray] = []
        step.whole = ours = False
        back = map(lent.pop, (self,), (None,))
        done = itertools.chain(_changes(tensors, (), also), back)
        if all(map(is_, memory, self._own)):
            try:
                lent[self] = self  # first: who gets hold of an array after it was counted sees this
                ours = list(map(sys.getrefcount, memory)) == self._references
                if ours:
                    outputs = step(inputs, self._now(memory), memory)[0]
            finally:
                _at_once(done if step.whole else back)
        if not ours:
            # Copies, which nobody sees before the step is done.
            self._references, self._own = [], [np.array(array, order="C") for array in memory]
            changes = _changes(tensors, self._own, also)
            try:
                outputs = step(inputs, self._now(self._own), self._own)[0]
                # A tensor and a second list will refer to them too, when this is asked again.
                self._references = [count + 2 for count in map(sys.getrefcount, self._own)]
            finally:
                if step.whole:
                    _at_once(changes)
        return outputs

    def _now(self, memory: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The states, of which those that are updated are in this memory."""
        states = [tensor._data for tensor in self.states]
        for place, array in zip(self._places, memory, strict=True):
            states[place] = array
        return states

    def has(self, tensor: Any) -> bool:
        """Does the step change this tensor?"""
        return any(each is tensor for each in self.updated)

    def wait(self) -> None:
        """Until the step that another thread takes is done."""
        with self._one_at_a_time:
            pass

    def put(self, made: Sequence[np.ndarray], also: Also = ()) -> None:
        """Give every updated tensor its new array, and those in `also`: all, or none if Ctrl-C comes."""
        before = [tensor._data for tensor in self.updated]
        _at_once(_changes(self.updated, made, also))
        for k in reversed(range(len(before))):
            self._spare[k] = _unless_shared(before)


def _changes(tensors: Sequence[Tensor], arrays: Sequence[np.ndarray], also: Also) -> Iterator[Any]:
    """Where it is run, these tensors get these arrays (or keep theirs: none), those in `also` get theirs, and
    all note the time.
    """
    others = [tensor for tensor, _ in also]
    return itertools.chain(
        map(_set_array, tensors, arrays),
        map(_set_array, others, [array for _, array in also]),
        map(_set_time, itertools.chain(tensors, others), iter(tick, None)),
    )


def _unless_shared(arrays: list[np.ndarray]) -> np.ndarray | None:
    """The last of the arrays, taken from the list, if nothing else refers to it."""
    array = arrays.pop()
    own = array.base is None and array.flags.writeable and array.flags.c_contiguous
    return array if own and sys.getrefcount(array) <= _ALONE else None


def _references(arrays: list[np.ndarray]) -> int:
    array = arrays.pop()
    return sys.getrefcount(array)


_ALONE = _references([np.empty(1)])  # of an array that only this function holds: Pythons differ
