"""Model: a layer that can be trained, saved, and looked at.

A model of your own is a class with layers in its attributes and a `call`; see `Sequential` for the usual
kind.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np

from ..core.operations.bits import Bits
from ..serialization import safe_mode, serializable, serialize_keras_object
from .calling import plain_arguments
from .compiling import NotCompiledError
from .keras_tensor import is_shape, map_shapes
from .layer import Layer
from .trainer import Trainer

__all__ = ["Model", "NotCompiledError"]


@serializable("keras")
class Model(Trainer):
    """Base of models. Source: `keras.Model`.

    Args:
        name: None: made of the class's name, "sequential", "my_model_1".
        trainable, dtype: as for `Layer`.

    Raises:
        ValueError: `Model(inputs, outputs)`: the functional way to make models is not part of this library.
    """

    storage: Any = None  # how models are written to files: set by the room that does it

    def __init__(
        self, *args: Any, name: str | None = None, trainable: bool = True, dtype: Any = None, **kwargs: Any
    ) -> None:
        if args or "inputs" in kwargs or "outputs" in kwargs:
            raise ValueError(
                "Model(inputs, outputs), the functional API, is not part of this library: make a "
                "Sequential, or a class with layers in its attributes and a call(self, inputs)."
            )
        super().__init__(name=name, trainable=trainable, dtype=dtype, **kwargs)

    # --- how it was made, and is made again --------------------------------------------------------------

    def build(self, input_shape: Any = None) -> None:
        """Make all weights, for inputs of this shape, such as (None, 2), by running on zeros."""
        if input_shape is None:
            raise ValueError(f"build takes the shape of a batch, such as (None, 2), for model '{self.name}'.")
        shape = tuple(input_shape) if is_shape(input_shape) else input_shape
        self.built = True  # or the call below would build it again
        try:
            self._tried_shape(shape)
        except BaseException:
            self.built = False
            raise
        self._built_for = shape

    def _build_model(self, shapes: Any) -> None:
        """Build before training, if the shape alone tells how; a class with a `call` waits for its first
        call.
        """
        if type(self).build is not Model.build:
            self.ensure_built(map_shapes(tuple, shapes))

    def ensure_built(self, input_shape: Any) -> None:
        """A model that is called is built by the call itself."""
        if not self.built and type(self).build is Model.build:
            self.built, self._built_for = True, input_shape
            return
        super().ensure_built(input_shape)

    def _named(self, outermost: bool) -> Any:
        """The outermost model is no part of names: its layers are "dense", not "sequential/dense"."""
        return nullcontext() if outermost else super()._named(outermost)

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Make the weights, for the shape that `get_build_config` named: a file has numbers for them."""
        shape = (config or {}).get("input_shape")
        if shape is not None and not self.built:
            self.build(map_shapes(tuple, shape))

    @property
    def _knows_output_shape(self) -> bool:
        return type(self).compute_output_shape is not Layer.compute_output_shape

    def get_config(self) -> dict[str, Any]:
        """See `Layer.get_config`. A model of your own with arguments adds them."""
        config = {"name": self.name, "trainable": self.trainable, "dtype": super().get_config()["dtype"]}
        if type(self).get_config is Model.get_config:
            config.update(plain_arguments(self, Layer))
        return config

    def to_json(self, **kwargs: Any) -> str:
        """The model as JSON, without its weights. kwargs: for json.dumps."""
        import json  # here: it is slow to load

        return json.dumps(serialize_keras_object(self), **kwargs)

    # --- files -------------------------------------------------------------------------------------------

    def save(self, filepath: Any, overwrite: bool = True, zipped: bool | None = None, **kwargs: Any) -> None:
        """Write the model to a file: `.keras` and `.h5` as Keras reads them, `.mt` without any extra package.

        At every moment the path holds the old file or the new one, whole.
        """
        _files(self).save_model(self, filepath, overwrite=overwrite, zipped=zipped, **kwargs)

    def save_weights(self, filepath: Any, overwrite: bool = True, max_shard_size: Any = None) -> None:
        """Write the weights alone: `.weights.h5`, or `.weights.mt`."""
        _files(self).save_weights(self, filepath, overwrite=overwrite, max_shard_size=max_shard_size)

    def load_weights(self, filepath: Any, skip_mismatch: bool = False, **kwargs: Any) -> None:
        """Read the weights from a file that `save_weights` or `save` wrote."""
        _files(self).load_weights(self, filepath, skip_mismatch=skip_mismatch, **kwargs)

    def export(self, filepath: Any, format: Any = "tf_saved_model", **kwargs: Any) -> None:
        """Not part of this library: ValueError."""
        raise ValueError(f"export(format={format!r}) is not part of this library: use save('model.keras').")

    def quantize(self, mode: Any, **kwargs: Any) -> None:
        """Not part of this library: ValueError."""
        raise ValueError("quantize is not part of this library: weights are floats.")

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and pickles carry what a file would: configuration, weights, the optimizer's state."""
        return _restored, (type(self), self._config_for_copies(), self._state_for_copies())

    def _config_for_copies(self) -> Any:
        return self.get_config()

    def _state_for_copies(self) -> dict[str, Any]:
        state: dict[str, Any] = {
            "built": self.get_build_config(),
            "weights": self.get_weights(),
            "compile": self.get_compile_config(),
            "training": self.get_training_state(),
        }
        if self.compiled and self.optimizer.built:
            state["optimizer"] = [v.numpy().copy() for v in self.optimizer.variables]
        return state

    def get_training_state(self) -> dict[str, Any]:
        """All that decides how training goes on besides weights and optimizer: the order of the samples, the
        states of random layers. Plain values.
        """
        order = None if self._generator is None else self._generator.state
        return {"order": order, "seeds": [np.asarray(s).tolist() for s in self._seed_states()]}

    def set_training_state(self, state: dict[str, Any]) -> None:
        """Go on as where `get_training_state` was called. ValueError for a state of another model."""
        seeds = self._seed_states()
        if len(state["seeds"]) != len(seeds):
            raise ValueError(
                f"the state is of {len(state['seeds'])} random layers; this model has {len(seeds)}."
            )
        if state["order"] is not None:
            if self._generator is None:
                self._generator = Bits(0)
            self._generator.state = state["order"]
        for seed, value in zip(seeds, state["seeds"], strict=True):
            seed.assign(np.asarray(value, dtype=seed.dtype))

    def _seed_states(self) -> list[Any]:
        known = {id(w) for w in self.weights}
        return [v for v in self.variables if id(v) not in known and hasattr(v, "assign")]

    # --- looking at it -----------------------------------------------------------------------------------

    @property
    def layers(self) -> list[Layer]:
        """The layers of the model, in the order in which they were put into attributes."""
        return list(self._sublayers)

    @layers.setter
    def layers(self, value: Any) -> None:
        raise AttributeError("`Model.layers` attribute is reserved and should not be used. Use another name.")

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """A layer by its name or its index. ValueError if there is none such, or not exactly one is given."""
        layers = self.layers
        if name is not None and index is not None:
            raise ValueError(
                f"Provide only a layer name or a layer index. Received: index={index}, name={name}."
            )
        if index is not None:
            if isinstance(index, bool) or not isinstance(index, int | np.integer):
                raise ValueError(f"`index` must be a whole number; got index={index!r}.")
            if not -len(layers) <= index < len(layers):
                raise ValueError(
                    f"Was asked to retrieve layer at index {index} but model only has {len(layers)} layers."
                )
            return layers[index]
        if name is None:
            raise ValueError("Provide either a layer name or layer index at get_layer.")
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}. Existing layers are: {[layer.name for layer in layers]}.")

    def summary(
        self,
        line_length: int | None = None,
        positions: Any = None,
        print_fn: Any = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Any = None,
    ) -> None:
        """Print a table of the layers: names, output shapes, numbers of parameters."""
        from .summary import print_summary

        print_summary(self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range)

    def zero_grad(self) -> None:
        """Forget all gradients that `backward` left."""
        for w in self.weights:
            w.zero_grad()


def _files(model: Model) -> Any:
    """The room that writes models to files. It stands on this one, so it is asked for by name, when it is
    needed.
    """
    if model.storage is None:
        import importlib

        importlib.import_module(f"{__package__.rpartition('.')[0]}.saving")
    return model.storage


def _restored(kind: type[Model], config: Any, state: dict[str, Any]) -> Model:
    """The model that was copied or unpickled."""
    with safe_mode(False):  # the config never left this process: a lambda in it is the very same function
        model: Model = kind.from_config(config)
    if state["built"] and not model.built:
        model.build_from_config(state["built"])
    if state["compile"]:
        model.compile_from_config(state["compile"])
    if len(model.weights) == len(state["weights"]):
        model.set_weights(state["weights"])
    model.set_training_state(state["training"])
    if "optimizer" in state:
        model.optimizer.build(model.trainable_weights)
        for v, array in zip(model.optimizer.variables, state["optimizer"], strict=True):
            v.assign(array)
    return model
