"""Weight decay: weights shrink a little before each step, w ← w − w · decay · lr; some may be left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ..core import Tensor
from .pending import Pending
from .rate import in_dtype


class WeightDecay:
    """What an optimizer knows of weight decay."""

    weight_decay: float | None
    learning_rate: Any
    _undecayed: tuple[set[Tensor], list[str]]

    def exclude_from_weight_decay(
        self, var_list: Iterable[Tensor] | None = None, var_names: Iterable[str] | None = None
    ) -> None:
        """Let some variables keep their size.

        Args:
            var_list: these variables.
            var_names: and all in whose name one of these regular expressions is found, ["bias"].
        """
        self._undecayed = (set(var_list or ()), list(var_names or ()))

    def decay_of(self, w: Tensor) -> float | None:
        """How much a variable decays; None: not at all."""
        return self.weight_decay if self.weight_decay and not self._is_excluded(w) else None

    def _is_excluded(self, w: Tensor) -> bool:
        variables, names = self._undecayed
        name = str(getattr(w, "path", None) or w.name or "").rsplit("/", 1)[-1]
        return w in variables or any(re.search(part, name) for part in names)

    def _decay(self, pending: Pending, weights: Sequence[Tensor], lr: Any) -> None:
        for w in weights:
            decay = self.decay_of(w)
            if decay:
                value = pending[w]
                pending[w] = value - value * decay * in_dtype(lr, w)

    def _apply_weight_decay(self, variables: Sequence[Tensor]) -> None:
        pending = Pending()
        self._decay(pending, variables, float(self.learning_rate))
        pending.commit()
