"""Pending: a step that is computed whole, and then put in place whole.

The one idea: nothing changes while a step is computed. All that it makes of weights and slots waits here,
and may be read here; `commit` puts it in place, and `rollback` takes it back. So Ctrl-C in the middle of a
step, or a rule that fails at the third weight, leaves the model as it was; and a step that is never committed
is a pure function of the numbers that it was given (`Optimizer.stateless_apply`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..core import Tensor
from ..core.state import current


class Pending:
    """What tensors are going to be: arrays, or tensors while a step is captured.

    Args:
        values: numbers that take the place of those that the tensors hold now.
    """

    __slots__ = ("_before", "_values", "symbolic")

    def __init__(self, values: Iterable[tuple[Tensor, Any]] = ()) -> None:
        self._values: dict[Tensor, Any] = dict(values)
        self._before: dict[Tensor, np.ndarray] = {}
        self.symbolic = current().capture is not None

    def __getitem__(self, tensor: Tensor) -> Any:
        value = self._values.get(tensor)
        if value is None:
            return tensor if self.symbolic else tensor._data
        return value

    def __setitem__(self, tensor: Tensor, value: Any) -> None:
        self._values[tensor] = value

    def remember(self, tensors: Iterable[Tensor]) -> None:
        """Let `rollback` put these back too, whoever changes them."""
        for tensor in tensors:
            self._before.setdefault(tensor, tensor._data)

    def commit(self) -> None:
        """Assign everything. Whoever calls it calls `rollback` if it fails."""
        self.remember(self._values)
        for tensor, value in self._values.items():
            tensor.assign(value if isinstance(value, Tensor) else Tensor.wrap(value))
        self._values = {}

    def rollback(self) -> None:
        """Put back what the tensors held before."""
        for tensor, value in self._before.items():
            if tensor._data is not value:
                tensor.assign(Tensor.wrap(value))
        self._values, self._before = {}, {}
