"""Tracked: what is put into attributes belongs to a layer: weights, other layers, lists and dicts of layers.

The one idea: what an attribute holds is looked up when somebody asks, so a list that is appended to later, or
an attribute that is replaced, is seen as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..core import Tensor
from .parameter import Parameter

_OWN = frozenset(  # what holds nothing of the user's
    [
        "_weights",
        "_held",
        "_losses",
        "_tried",
        "_holding",
        "_given",
        "_compile_arguments",
        "_built_for",
        "declared_shape",
        "_promise",
        "_captured_as",
        "_metrics_now",
        "_input_shape",
        "_output_shape",
    ]
)


class Tracked:
    """The half of a layer that knows its weights and its layers. See `Layer`."""

    name: str
    path: str
    built: bool
    _weights: list[Parameter]
    _held: dict[int, bool]  # by weight: may it ever be trained?
    _trainable: bool
    _losses: list[Any]
    _holding: dict[str, None]  # the names of attributes that may hold layers or metrics
    _passing = frozenset(["_losses", "_tried", "_promise", "_output_shape", "_holding"])  # see `fingerprint`

    def __setattr__(self, name: str, value: Any) -> None:
        """Layers and variables that are put into attributes belong to this layer, and are trained with it."""
        object.__setattr__(self, name, value)
        if name in _OWN:
            return
        if isinstance(value, Tracked | list | tuple | dict) or hasattr(value, "update_state"):
            self._holding[name] = None
            if not vars(self).get("_trainable", True):  # what is put into a frozen layer is frozen with it
                for layer in _layers_in(value):
                    layer.trainable = False
        elif isinstance(value, Parameter) and not any(value is other for other in self._weights):
            self._weights.append(value)
            self._held[id(value)] = value.trainable

    def _held_values(self) -> list[Any]:
        """The attributes that may hold layers or metrics, in the order in which they were first set."""
        mine = vars(self)
        return [mine[name] for name in self._holding if name in mine]

    @property
    def _sublayers(self) -> list[Any]:
        """The layers in the attributes, also in lists and dicts there, in the order of the attributes."""
        found: dict[int, Any] = {}
        for value in self._held_values():
            if isinstance(value, Tracked):
                found.setdefault(id(value), value)
            elif isinstance(value, list | tuple | dict):
                for layer in _layers_in(value):
                    found.setdefault(id(layer), layer)
        return list(found.values())

    def _flatten_layers(self, include_self: bool = True, recursive: bool = True) -> Iterator[Any]:
        """This layer and all that it holds."""
        if include_self:
            yield self
        for layer in self._sublayers:
            yield layer
            if recursive:
                yield from layer._flatten_layers(include_self=False)

    @property
    def _all_built(self) -> bool:
        """Are all weights there, those of layers inside as well? Else the first call makes some."""
        return all(layer.built for layer in self._flatten_layers())

    def move_to(self, path: str) -> None:
        """Live at another path: so do the weights that are there already, and the layers inside."""
        old, self.path = self.path, path
        for w in self._weights:
            if w.path.startswith(f"{old}/"):
                w.path = path + w.path[len(old) :]
        for layer in self._sublayers:
            if layer.path.startswith(f"{old}/"):
                layer.move_to(path + layer.path[len(old) :])

    @property
    def weights(self) -> list[Parameter]:
        """All weights: first those that may be trained, in the order in which they were made; then those of
        the layers that it holds.
        """
        found = {id(w): w for w in self._own_weights()}
        for layer in self._sublayers:
            found.update((id(w), w) for w in layer.weights if id(w) not in found)
        return list(found.values())

    @property
    def trainable_weights(self) -> list[Parameter]:
        """The weights that training changes."""
        return [w for w in self.weights if w.trainable]

    @property
    def non_trainable_weights(self) -> list[Parameter]:
        """The weights that training leaves alone."""
        return [w for w in self.weights if not w.trainable]

    @property
    def variables(self) -> list[Any]:
        """The weights, and the states of random layers."""
        seeds = [
            thing.state
            for layer in self._flatten_layers()
            for name, value in vars(layer).items()
            if name not in _OWN
            for thing in _things_in(value)
            if hasattr(thing, "state") and hasattr(thing, "next")
        ]
        return [*self.weights, *seeds]

    trainable_variables = property(lambda self: self.trainable_weights, doc="By TensorFlow's name.")
    non_trainable_variables = property(
        lambda self: [v for v in self.variables if not getattr(v, "trainable", False)],
        doc="What training leaves alone, the states of random layers included.",
    )

    @property
    def trainable(self) -> bool:
        """Do its weights take part in training? Assigning changes them at once."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for w in self._weights:
            w.trainable = self._trainable and self._held.get(id(w), True)
        for layer in self._sublayers:
            layer.trainable = self._trainable

    @property
    def losses(self) -> list[Any]:
        """What is added to the loss: `add_loss`, activity regularizers, and the weights' regularizers."""
        called = [loss for layer in self._flatten_layers() for loss in layer._losses]
        return [loss() if callable(loss) else loss for loss in called] + self._weight_losses()

    def _weight_losses(self) -> list[Any]:
        return [w.regularizer(w) for w in self.trainable_weights if w.regularizer is not None]

    def _forget_losses(self) -> None:
        for layer in self._flatten_layers():
            layer._losses = []

    @property
    def metrics(self) -> list[Any]:
        """The metrics in its attributes and in those of the layers that it holds."""
        found: dict[int, Any] = {}
        for layer in self._flatten_layers():
            for value in layer._held_values():
                for metric in value if isinstance(value, list | tuple) else (value,):
                    if hasattr(metric, "update_state") and hasattr(metric, "reset_state"):
                        found.setdefault(id(metric), metric)
        return list(found.values())

    @property
    def metrics_variables(self) -> list[Any]:
        """What these metrics keep."""
        return [v for metric in self.metrics for v in metric.variables]

    def get_weights(self) -> list[np.ndarray]:
        """Copies of the weights' numbers."""
        return [w.numpy().copy() for w in self.weights]

    def set_weights(self, weights: Any) -> None:
        """Assign all weights. ValueError, before any changes, if the count or a shape differs."""
        if weights is None:
            raise ValueError(
                "set_weights takes a list of arrays, such as get_weights() gives; got weights=None."
            )
        given = list(weights) if isinstance(weights, list | tuple) else [weights]
        arrays = [Tensor(array).numpy() for array in given]
        mine = self.weights
        if len(arrays) != len(mine):
            raise ValueError(
                f"You called set_weights(weights) on layer '{self.name}' with a weight list of length "
                f"{len(arrays)}, but the layer was expecting {len(mine)} weights."
            )
        for w, array in zip(mine, arrays, strict=True):
            if w.shape != array.shape:
                raise ValueError(
                    f"Layer {self.name} weight shape {w.shape} is not compatible with provided weight shape "
                    f"{array.shape}."
                )
        for w, array in zip(mine, arrays, strict=True):
            w.assign(array)

    def count_params(self) -> int:
        """How many numbers the weights hold. ValueError before the layer is built."""
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on layer '{self.name}', but the layer isn't built. You "
                "can build it manually via: `layer.build(input_shape)`."
            )
        return int(sum(w.size for w in self.weights))

    def save_own_variables(self, store: Any) -> None:
        """Put its own weights (not those of layers that it holds) into a store: "0", "1", ..."""
        for k, w in enumerate(self._own_weights()):
            store[str(k)] = w.numpy()

    def load_own_variables(self, store: Any) -> None:
        """Take them out again. ValueError for another number of them."""
        mine = self._own_weights()
        if len(store) != len(mine):
            names = [w.path.rsplit("/", 1)[-1] for w in mine]
            unbuilt = "" if self.built or mine else " (the layer is not built, so it has no weights yet)"
            raise ValueError(
                f"Layer '{self.name}' expected {len(mine)} variables, but received {len(store)} variables "
                f"during loading. Expected: {names}{unbuilt}"
            )
        for k, w in enumerate(mine):
            w.assign(np.asarray(store[str(k)]))

    def _own_weights(self) -> list[Parameter]:
        return sorted(self._weights, key=lambda w: not self._held.get(id(w), True))


def _layers_in(value: Any) -> Iterator[Any]:
    """The layers in a value, in lists and dicts of any depth."""
    if isinstance(value, Tracked):
        yield value
    elif isinstance(value, list | tuple | dict):
        yield from [thing for thing in _things_in(value) if isinstance(thing, Tracked)]


def _things_in(value: Any) -> Iterator[Any]:
    """What lists and dicts of any depth hold, in order; anything else itself. A list may hold itself."""
    waiting, seen = [value], set()
    while waiting:
        each = waiting.pop()
        if not isinstance(each, list | tuple | dict):
            yield each
        elif id(each) not in seen:
            seen.add(id(each))
            waiting += reversed(list(each.values() if isinstance(each, dict) else each))
