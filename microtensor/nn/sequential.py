"""Sequential: layers one after the other, each taking what the one before gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core import Tensor
from .inputs import InputLayer, KerasTensor
from .layer import Layer, Shape, batch_shape
from .model import Model
from .parameter import Parameter


class Sequential(Model):
    """A model that is a list of layers.

    With an `Input` first, or an `input_shape` in the first layer, it is built at once; otherwise by the first
    call, fit, or build. Source: `keras.Sequential`.

    Args:
        layers: the layers, first to last.
        trainable, name: as for `Layer`.

    >>> from microtensor.nn import Dense
    >>> model = Sequential([Dense(2, "sigmoid", input_shape=(2,)), Dense(1, "sigmoid")])
    >>> model.count_params()
    9
    """

    def __init__(
        self, layers: Sequence[Any] | None = None, trainable: bool = True, name: str | None = None
    ) -> None:
        super().__init__(name=name, trainable=trainable)
        self._layers: list[Layer] = []
        self._input_shape: Shape | None = None
        if layers is not None and not isinstance(layers, list | tuple):
            raise ValueError(
                f"Sequential takes a list of layers; got {layers!r} of type {type(layers).__name__}."
            )
        for layer in layers or ():
            self.add(layer)

    @property
    def layers(self) -> list[Layer]:
        """The layers, in a fresh list."""
        return list(self._layers)

    def add(self, layer: Any) -> None:
        """Put a layer (or, once, an `Input`) at the end.

        Raises:
            ValueError: what is no layer, a name that is taken, a second Input, inputs that do not fit.
        """
        if isinstance(layer, InputLayer):
            layer = layer.output
        if isinstance(layer, KerasTensor):
            self._add_input(layer.shape)
            return
        if not isinstance(layer, Layer):
            raise ValueError(
                "Only instances of keras.Layer can be added to a Sequential model. Received: "
                f"{layer} (of type {type(layer)})"
            )
        if any(layer.name == other.name for other in self._layers):
            raise ValueError(
                f"All layers added to a Sequential model should have unique names. Name '{layer.name}' is "
                "already the name of a layer in this model."
            )
        known = self._input_shape or (None if self._layers else layer.declared_shape)
        shape = self.compute_output_shape(known) if known else None
        if shape is not None:
            layer.check_input(shape)
        if not layer.built:
            layer.path = f"{self.name}/{layer.name}"
        self._layers.append(layer)
        if not self._trainable:
            layer.trainable = False
        if shape is not None:
            layer.ensure_built(shape)
            self._input_shape, self.built = known, True

    def _add_input(self, shape: Shape) -> None:
        if self._input_shape is not None:
            raise ValueError(
                f"Sequential model '{self.name}' has already been configured to use input shape "
                f"{self._input_shape}. You cannot add a different Input layer to it."
            )
        if self._layers:
            raise ValueError(
                f"Input must be the first thing in Sequential model '{self.name}', before its layers."
            )
        self._input_shape = shape

    def pop(self) -> Layer:
        """Remove the last layer, and return it. IndexError if there is none."""
        if not self._layers:
            raise IndexError(f"There are no layers in Sequential model '{self.name}' to pop.")
        layer = self._layers.pop()
        self.built = self.built and bool(self._layers)
        return layer

    def build(self, input_shape: Any = None) -> None:
        """Make all weights, for inputs of this shape, such as (None, 2). Without a shape: if one is known."""
        known = self._input_shape if input_shape is None else batch_shape(input_shape)
        if known is None:
            return
        if not self._layers:
            raise ValueError(
                f"Sequential model {self.name} cannot be built because it has no layers. Call "
                "`model.add(layer)`."
            )
        self.compute_output_shape(known)  # refuses what does not fit, before any weight is made
        shape = known
        for layer in self._layers:
            layer.ensure_built(shape)
            shape = layer.compute_output_shape(shape)
        self._input_shape, self.built = known, True

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        x = inputs
        for layer in self._layers:
            x = layer(x, training=training) if layer.takes_training else layer(x)
        return x

    def __call__(self, inputs: Any, training: bool | None = None) -> Any:
        x = inputs if isinstance(inputs, Tensor) else Tensor(inputs)
        self.check_input(x.shape)
        self.ensure_built(x.shape)
        return self.call(x, training)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """The model's output shape for an input's. ValueError if a layer cannot take what comes to it."""
        shape = tuple(input_shape)
        for layer in self._layers:
            layer.check_input(shape)
            shape = layer.compute_output_shape(shape)
        return shape

    def check_input(self, shape: Shape) -> None:
        if not self._layers:
            raise ValueError(
                f"Sequential model {self.name} cannot be built because it has no layers. Call "
                "`model.add(layer)`."
            )
        if self._input_shape is not None and len(shape) != len(self._input_shape):
            raise ValueError(
                f"Input 0 of model '{self.name}' is incompatible with it: expected "
                f"shape={self._input_shape}, "
                f"found shape={tuple(shape)}. One sample is [[1, 0]], not [1, 0]."
            )
        self._layers[0].check_input(shape)

    @property
    def weights(self) -> list[Parameter]:
        """All weights: layer by layer, the kernel before the bias."""
        return [w for layer in self._layers for w in layer.weights]

    @property
    def trainable(self) -> bool:
        """Does it take part in training? Assigning freezes or frees all of its layers."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for layer in self._layers:
            layer.trainable = self._trainable

    @property
    def input_shape(self) -> Shape:
        """The shape it was built for. AttributeError before."""
        if self._input_shape is None:
            raise AttributeError(f"Sequential model '{self.name}' has no defined input shape yet.")
        return self._input_shape

    @property
    def output_shape(self) -> Shape:
        """The shape of what it gives. AttributeError before it is built."""
        return self.compute_output_shape(self.input_shape)

    def get_config(self) -> dict[str, Any]:
        layers = [
            {"class_name": type(layer).__name__, "config": layer.get_config()} for layer in self._layers
        ]
        own = {"name": self.name, "trainable": self.trainable, "input_shape": self._input_shape}
        return {**own, "layers": layers}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Sequential:
        """The model that `get_config` described, with new weights. ValueError for an unknown layer class."""
        known = {kind.__name__: kind for kind in _kinds_of(Layer)}
        model = cls(name=config["name"], trainable=config["trainable"])
        for entry in config["layers"]:
            if entry["class_name"] not in known:
                raise ValueError(
                    f"no layer class {entry['class_name']!r} is known; import or define it first."
                )
            model.add(known[entry["class_name"]].from_config(entry["config"]))
        if config["input_shape"] is not None:
            model.build(config["input_shape"])
        return model


def _kinds_of(kind: type[Layer]) -> list[type[Layer]]:
    return [kind, *(found for below in kind.__subclasses__() for found in _kinds_of(below))]
