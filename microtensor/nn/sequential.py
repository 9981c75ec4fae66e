"""Sequential: layers one after the other, each taking what the one before gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core import Tensor
from ..serialization import deserialize_keras_object, serializable, serialize_keras_object
from .calling import accepts
from .dtype_policy import config_of
from .inputs import InputLayer, KerasTensor
from .layer import Layer, Shape, batch_shape
from .model import Model
from .parameter import Parameter
from .promises import as_tensors


@serializable("keras")
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

    _takes_structures = False

    def __init__(
        self, layers: Sequence[Any] | None = None, trainable: bool = True, name: str | None = None
    ) -> None:
        super().__init__(name=name, trainable=trainable)
        self._layers: list[Layer] = []
        self._input_layer: InputLayer | None = None
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

    @layers.setter
    def layers(self, value: Any) -> None:
        raise AttributeError(
            "`Sequential.layers` attribute is reserved and should not be used. Use `add()` and `pop()` to "
            "change the layers."
        )

    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Put a layer (or, once, an `Input`) at the end.

        Raises:
            ValueError: what is no layer, a name that is taken, a second Input, inputs that do not fit.
        """
        if isinstance(layer, KerasTensor):
            layer = getattr(layer, "layer", None) or InputLayer(input_tensor=layer)
        if isinstance(layer, InputLayer):
            self._add_input(layer)
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
        known = self._input_shape
        if known is None and not self._layers:
            known = layer.declared_shape
            if known is None and isinstance(layer, Sequential):
                known = layer._input_shape
        nothing_yet = isinstance(layer, Sequential) and not layer._layers
        shape = self.compute_output_shape(known) if known and not nothing_yet else None
        if shape is not None:
            layer.check_input(shape)
            if _has_rule(layer):
                layer.compute_output_shape(shape)  # raises where the layer cannot take it
        if layer.path == layer.name:  # it lives nowhere yet
            layer.move_to(f"{self.name}/{layer.name}")
        self._layers.append(layer)
        if not self._trainable:
            layer.trainable = False
        if shape is not None:
            layer.ensure_built(shape)
            self._input_shape, self.built = known, True

    def _add_input(self, layer: InputLayer) -> None:
        if self._input_shape is not None:
            raise ValueError(
                f"Sequential model '{self.name}' has already been configured to use input shape "
                f"{self._input_shape}. You cannot add a different Input layer to it."
            )
        if self._layers:
            raise ValueError(
                f"Input must be the first thing in Sequential model '{self.name}', before its layers."
            )
        self._input_shape, self._input_layer = layer.batch_shape, layer

    def pop(self, rebuild: bool = True) -> Layer:
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
        self._require_layers()
        if self._input_layer is not None and not _fits(known, self._input_layer.batch_shape):
            raise ValueError(
                f"Sequential model '{self.name}' has already been configured to use input shape "
                f"{self._input_layer.batch_shape}. You cannot build it with input_shape {known}"
            )
        for layer in self._layers:
            _check_call(layer)
        self._refuse_what_does_not_fit(known)  # before any weight is made
        shape: Any = known
        for layer in self._layers:
            layer.ensure_built(shape)
            shape = layer.compute_output_shape(shape)
        self._input_shape, self.built = known, True

    def _refuse_what_does_not_fit(self, shape: Any) -> None:
        for layer in self._layers:
            layer.check_input(shape)
            if not layer.built and not _has_rule(layer):
                return  # only a call can tell, and it would build the layer
            shape = layer.compute_output_shape(shape)

    def ensure_built(self, input_shape: Any) -> None:
        if not self.built:
            self.build(input_shape)
            self._built_for = self._input_shape

    def _build_model(self, shapes: Any) -> None:
        self.ensure_built(shapes)

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        x = inputs
        for layer in self._layers:
            options: dict[str, Any] = {}
            if accepts(type(layer).call, "training"):
                options["training"] = training
            if mask is not None and accepts(type(layer).call, "mask"):
                options["mask"] = mask
            y = layer(x, **options)
            if mask is not None:
                from .masks import carry

                carry(layer, x, y, mask)
            x, mask = y, None  # from here on the tensors carry it
        return x

    def __call__(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        if isinstance(inputs, KerasTensor):
            return super().__call__(inputs)
        if not isinstance(inputs, Tensor) and self._layers and not self.built:
            given = as_tensors(inputs)
            if not isinstance(given, Tensor):  # several inputs: the first layer takes them as they are
                self.built = True
                return self._run_call(given, {"training": training, "mask": mask})
        x = self._with_column(inputs if isinstance(inputs, Tensor) else as_tensors(inputs))
        if isinstance(x, Tensor):
            self.check_input(x.shape)
            self.ensure_built(x.shape)
        return self._run_call(x, {"training": training, "mask": mask})

    def _with_column(self, x: Any) -> Any:
        """A model of one number a sample takes its samples without their axis of length 1, too."""
        shape = self._input_shape
        lacks = shape is not None and shape[-1] == 1 and len(shape) == len(getattr(x, "shape", ())) + 1
        return x[..., None] if lacks and len(shape or ()) > 1 else x

    def _inputs(self, name: str, x: Any) -> Any:
        return self._with_column(super()._inputs(name, x))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The model's output shape for an input's. ValueError if a layer cannot take what comes to it."""
        shape: Any = tuple(input_shape)
        for layer in self._layers:
            layer.check_input(shape)
            shape = layer.compute_output_shape(shape)
        return shape

    @property
    def _knows_output_shape(self) -> bool:
        """A layer that finds its shape by running is asked when it is built, not before."""
        return all(layer.built or _has_rule(layer) for layer in self._layers)

    def check_input(self, shape: Any) -> None:
        self._require_layers()
        if self._input_shape is not None and len(shape) != len(self._input_shape):
            raise ValueError(
                f"Input 0 of model '{self.name}' is incompatible with it: expected "
                f"shape={self._input_shape}, found shape={tuple(shape)}. One sample is [[1, 0]], not [1, 0]."
            )
        self._layers[0].check_input(shape)

    def _require_layers(self) -> None:
        if not self._layers:
            raise ValueError(
                f"Sequential model {self.name} cannot be built because it has no layers. Call "
                "`model.add(layer)`."
            )

    @property
    def _keeps_integers(self) -> bool:
        return bool(self._layers) and not self._layers[0].autocast

    @property
    def weights(self) -> list[Parameter]:
        """All weights: layer by layer, the kernel before the bias."""
        return [w for layer in self._layers for w in layer.weights]

    @property
    def _sublayers(self) -> list[Any]:
        return self._layers

    @property
    def input_shape(self) -> Shape:
        """The shape it was built for. AttributeError before."""
        if self._input_shape is None:
            raise AttributeError(f"Sequential model '{self.name}' has no defined input shape yet.")
        return self._input_shape

    @property
    def output_shape(self) -> Any:
        """The shape of what it gives. AttributeError before it is built."""
        if self._input_shape is None:
            raise AttributeError(f"Sequential model '{self.name}' has no defined output shape yet.")
        return self.compute_output_shape(self._input_shape)

    @property
    def inputs(self) -> list[KerasTensor]:
        """The promised input. AttributeError before its shape is known."""
        if self._input_layer is None:
            self._input_layer = InputLayer(batch_shape=self.input_shape)
        return [self._input_layer.output]

    @property
    def outputs(self) -> list[KerasTensor]:
        """The promised output: that of the last layer. AttributeError before it is built."""
        promise, shape = self.inputs[0], self.input_shape
        if not self._layers:
            return [promise]
        for layer in self._layers:
            shape = layer.compute_output_shape(shape)
            if layer._promise is None:
                layer._promise = (promise, KerasTensor(shape, layer.dtype))
            promise = layer._promise[1]
        return [promise]

    @property
    def input_dtype(self) -> str:
        """What inputs are cast to."""
        return self.inputs[0].dtype

    def get_config(self) -> dict[str, Any]:
        entries = [serialize_keras_object(layer) for layer in self._layers]
        if self._input_shape is not None:
            self.inputs  # noqa: B018 - makes the input layer, as Keras has it in its configs
            entries.insert(0, serialize_keras_object(self._input_layer))
        config = {"name": self.name, "trainable": self.trainable, "dtype": config_of(self.dtype)}
        config["layers"] = entries
        if self._input_shape is not None:
            config["build_input_shape"] = list(self._input_shape)
        import copy  # here: seldom needed

        return copy.deepcopy(config)

    def get_build_config(self) -> dict[str, Any] | None:
        return None if self._input_shape is None else {"input_shape": list(self._input_shape)}

    def build_from_config(self, config: dict[str, Any]) -> None:
        if config and config.get("input_shape") is not None:
            self.ensure_built(tuple(config["input_shape"]))

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Sequential:
        """The model that `get_config` described, with new weights. TypeError for an unknown layer class."""
        if not isinstance(config, dict) or (cls is Sequential and "layers" not in config):
            raise ValueError(
                "A Sequential's config must be a dictionary containing the 'name' and 'layers' keys; got "
                f"{config!r:.80}"
            )
        if "layers" not in config:
            return cls(**config)
        for entry in config["layers"]:
            if not isinstance(entry, dict) or "config" not in entry:
                raise ValueError(
                    f"Expected a dictionary containing a 'config' key for each layer; got {entry!r:.80}"
                )
        made = [deserialize_keras_object(entry, custom_objects=custom_objects) for entry in config["layers"]]
        model = cls(name=config.get("name"))
        for layer in made:
            model.add(layer)
        shape = config.get("build_input_shape")
        if not model.built and made and shape is not None:
            model.ensure_built(tuple(shape))
        if not config.get("trainable", True):
            model.trainable = False
        return model


def _fits(shape: Any, wanted: Any) -> bool:
    return len(shape) == len(wanted) and all(
        m is None or n is None or m == n for m, n in zip(shape, wanted, strict=True)
    )


def _check_call(layer: Layer) -> None:
    """A layer in a chain gets one thing."""
    code = getattr(type(layer).call, "__code__", None)
    if code is None:
        return
    optional = len(type(layer).call.__defaults__ or ())
    names = code.co_varnames[1 : code.co_argcount - optional]
    if len(names) > 1:
        raise ValueError(
            "Layers added to a Sequential model can only have a single positional argument, the input "
            f"tensor. Layer {type(layer).__name__} has multiple positional arguments: {list(names)}"
        )


def _has_rule(layer: Layer) -> bool:
    """Does it tell its output's shape without running?"""
    return type(layer).compute_output_shape is not Layer.compute_output_shape
