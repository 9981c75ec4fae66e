"""Sources: where batches come from. Arrays in memory, or anything that hands out batches itself.

The one idea: a source makes one pass after another over its data, and a `Feed` cuts the passes into epochs:
usually one pass is one epoch; with a number of steps, an epoch goes on where the last one stopped.
"""

from __future__ import annotations

import functools
import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from ..core import Tensor
from ..core.operations.bits import Bits
from ..settings import max_steps_per_epoch
from ..tree import leaves_of, map_tree
from .data import limited

Batch = tuple[Any, ...]  # (x,), (x, y) or (x, y, sample_weight), each a tensor or a structure of tensors


class PyDataset:
    """Batches by number, made when they are asked for. A dataset of your own defines `__getitem__`,
    `__len__` (or `num_batches`), and, if it likes, `on_epoch_begin` and `on_epoch_end`.

    Args:
        workers, use_multiprocessing, max_queue_size: Keras' ways to make batches ahead; kept, and the batches
            are made one after the other.

    Source: `keras.utils.PyDataset`.
    """

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10) -> None:
        self.workers, self.use_multiprocessing, self.max_queue_size = (
            workers,
            use_multiprocessing,
            max_queue_size,
        )

    def __getitem__(self, index: int) -> Any:
        """Batch `index`: (x, y) or (x, y, sample_weight)."""
        raise NotImplementedError(f"{type(self).__name__} must define __getitem__(self, index).")

    def __len__(self) -> int:
        raise NotImplementedError(f"{type(self).__name__} must define __len__(self): its number of batches.")

    def __iter__(self) -> Iterator[Any]:
        """Its batches in order, once; without an end if it says none."""
        try:
            count = self.num_batches
        except NotImplementedError:
            count = None
        return (self[k] for k in (itertools.count() if count is None else range(count)))

    @property
    def num_batches(self) -> int | None:
        """How many batches there are; None: no end."""
        return len(self)

    def on_epoch_begin(self) -> None:
        """Called before each epoch."""

    def on_epoch_end(self) -> None:
        """Called after each epoch: the place to shuffle."""


class ArraySource:
    """Slices of arrays, in order or shuffled: all samples (True), or those of each batch ("batch")."""

    restarts = True

    def __init__(
        self,
        parts: Batch,
        size: int,
        shuffle: bool | str = False,
        generator: Bits | None = None,
    ) -> None:
        self.parts, self.size, self.shuffle, self.generator = parts, size, shuffle, generator
        self.rows = len(leaves_of(parts)[0])
        self.steps: int | None = -(-self.rows // size)

    @property
    def plain(self) -> bool:
        """Is each part an array, and not a structure of arrays?"""
        return all(isinstance(part, np.ndarray) for part in self.parts)

    def order(self) -> np.ndarray | None:
        """In which order the samples of the next pass come; None: as they are."""
        if self.generator is None or not self.shuffle:
            return None
        if self.shuffle is True:
            order: np.ndarray = self.generator.orders(self.rows, 1)[0]
            return order
        starts = range(0, self.rows, self.size)
        return np.concatenate(
            [start + self.generator.permutation(min(self.size, self.rows - start)) for start in starts]
        )

    def orders(self, passes: int) -> np.ndarray:
        """In which order the samples of the next passes come: (passes, rows). The numbers are those of as
        many calls of `order`.
        """
        if self.generator is not None and self.shuffle is True:
            return self.generator.orders(self.rows, passes)
        rows = np.arange(self.rows)
        orders = [self.order() for _ in range(passes)]
        return np.array([rows if order is None else order for order in orders]).reshape(passes, self.rows)

    @property
    def state(self) -> Any:
        """Where the stream of orders stands; assign it to go back there."""
        return None if self.generator is None else self.generator.state

    @state.setter
    def state(self, value: Any) -> None:
        if self.generator is not None:
            self.generator.state = value

    def one_pass(self) -> Iterator[Batch]:
        """All samples once; the last batch may be smaller."""
        order, simple = self.order(), self.plain
        for start in range(0, self.rows, self.size):
            stop = min(start + self.size, self.rows)
            # Whole numbers and not a slice, so that each batch is a copy: data may change.
            rows: Any = np.arange(start, stop) if order is None else order[start:stop]
            if simple:
                yield tuple([Tensor.wrap(part[rows]) for part in self.parts])
            else:
                yield tuple(map_tree(functools.partial(_rows, rows=rows), part) for part in self.parts)

    def on_epoch_end(self) -> None:
        """Nothing to do."""


def _rows(array: Any, rows: Any) -> Tensor:
    return Tensor.wrap(array[rows])


class StreamSource:
    """A generator, an iterator, an iterable that can be gone through again, or a `PyDataset`.

    Args:
        stream: what hands out batches.
        check: makes tensors of what it handed out, or raises.
        shuffle, generator: for a PyDataset: in another order each time?
    """

    def __init__(
        self,
        stream: Any,
        check: Callable[[Any], Batch],
        shuffle: bool | str = False,
        generator: Bits | None = None,
    ) -> None:
        self.stream, self.check, self.shuffle, self.generator = stream, check, shuffle, generator
        self.steps: int | None = None
        if isinstance(stream, PyDataset):
            self.steps = stream.num_batches
        elif hasattr(stream, "__len__"):
            self.steps = len(stream)
        if self.steps is not None and self.steps < 1:
            raise ValueError(f"`x` ({type(stream).__name__}) has no batches: its length is {self.steps}.")
        self.restarts = isinstance(stream, PyDataset) or iter(stream) is not stream
        self._waiting: list[Batch] = []

    def peek(self) -> Batch:
        """The first batch, which will come again in the first pass. ValueError if there is none."""
        first = next(self._raw(), None)
        if first is None:
            raise ValueError(
                f"`x` ({type(self.stream).__name__}) handed out no batch at all: the generator must "
                "yield at least one batch."
            )
        if not self.restarts:
            self._waiting = [first]
        return first

    def one_pass(self) -> Iterator[Batch]:
        """What the stream hands out, until it ends."""
        self.on_epoch_begin()
        waiting, self._waiting = self._waiting, []
        return itertools.chain(waiting, self._raw())

    def _raw(self) -> Iterator[Batch]:
        stream: Iterable[Any] = self.stream
        if isinstance(self.stream, PyDataset):
            count = self.steps
            numbers: Iterable[int] = itertools.count() if count is None else range(count)
            if self.shuffle and self.generator is not None and count is not None:
                numbers = self.generator.permutation(count).tolist()
            stream = (self.stream[k] for k in numbers)
        return map(self.check, stream)

    def on_epoch_begin(self) -> None:
        """Tell a PyDataset."""
        if isinstance(self.stream, PyDataset):
            self.stream.on_epoch_begin()

    def on_epoch_end(self) -> None:
        """Tell a PyDataset."""
        if isinstance(self.stream, PyDataset):
            self.stream.on_epoch_end()


class Feed:
    """Cuts the passes of a source into epochs of `steps` batches; None: an epoch is a pass."""

    def __init__(self, source: ArraySource | StreamSource, steps: int | None = None) -> None:
        known = source.steps if steps is None else steps
        allowed = limited("steps_per_epoch", known, max_steps_per_epoch())
        steps = steps if allowed == known else allowed
        self.source, self.limit = source, steps
        self.steps = steps if steps is not None else source.steps
        self._running: Iterator[Batch] | None = None

    def epoch(self) -> Iterator[Batch]:
        """The batches of the next epoch."""
        if self.limit is None:
            yield from self.source.one_pass()
            self.source.on_epoch_end()
            return
        # A pass without an end is begun and ended with each epoch; another when it begins and ends.
        endless = self.source if isinstance(self.source, StreamSource) and self.source.steps is None else None
        if endless is not None and self._running is not None:
            endless.on_epoch_begin()
        for served in range(self.limit):
            batch = self._next()
            if batch is None and served == 0 and self.source.restarts:
                self._running = None
                batch = self._next()
            if batch is None:
                self._running = None
                warnings.warn(
                    "Your input ran out of data; interrupting training. Make sure that your dataset or "
                    "generator can hand out at least steps_per_epoch * epochs batches: it ended after "
                    f"{served} of {self.limit} steps of this epoch.",
                    UserWarning,
                    stacklevel=3,
                )
                return
            yield batch
        if endless is not None:
            endless.on_epoch_end()

    def _next(self) -> Batch | None:
        """The next batch of the running pass, or of a new one; None at its end."""
        if self._running is None:
            self._running = self.source.one_pass()
        batch = next(self._running, None)
        if batch is None:
            self.source.on_epoch_end()
        return batch


def is_stream(x: Any) -> bool:
    """Does it hand out batches itself?"""
    if isinstance(x, PyDataset):
        return True
    plain = (np.ndarray, Tensor, list, tuple, dict, str, bytes, int, float, type(None))
    return (
        not isinstance(x, plain)
        and not hasattr(x, "to_numpy")
        and not hasattr(x, "__array__")
        and (hasattr(x, "__iter__") or hasattr(x, "__next__"))
    )
