"""Layer: a function with weights of its own, that are made when its input's shape is first known."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..core.state import scope
from ..naming import auto_name, checked_name
from . import initializers
from .parameter import Parameter

Shape = tuple[int | None, ...]  # None: any number of samples


class Layer:
    """Base of all layers. A layer of your own defines `call`, and `build` if it has weights.

    Args:
        name: None: "dense", "dense_1", ... by its class.
        trainable: do its weights take part in training?
        dtype: what it computes in; inputs are cast to it.
        input_shape: the shape of one sample; a model whose first layer has one is built at once.
        input_dim: short for input_shape=(input_dim,).

    Raises:
        ValueError: for an unknown keyword, or a name with "/".
    """

    _sublayers: list[Layer]

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Any = None,
        input_shape: Any = None,
        input_dim: int | None = None,
        **kwargs: Any,
    ) -> None:
        object.__setattr__(self, "_sublayers", [])
        if kwargs:
            raise ValueError(f"Unrecognized keyword arguments passed to {type(self).__name__}: {kwargs}")
        self.name = auto_name(type(self).__name__) if name is None else checked_name(name)
        self.dtype = floating("dtype", dtype)
        shape = (input_dim,) if input_dim is not None else input_shape
        self.declared_shape: Shape | None = None if shape is None else (None, *sample_shape(shape))
        self.built = False
        self.path = self.name
        self._trainable = bool(trainable)
        self._weights: list[Parameter] = []
        self._held: list[bool] = []  # for each weight: may it ever be trained?

    def __setattr__(self, name: str, value: Any) -> None:
        """Layers and variables that are put into attributes belong to this layer, and are trained with it."""
        object.__setattr__(self, name, value)
        if isinstance(value, Layer | Parameter):
            if "_sublayers" not in vars(self):
                raise RuntimeError(
                    f"{type(self).__name__}: call super().__init__() before setting self.{name}."
                )
            kept: list[Any] = self._sublayers if isinstance(value, Layer) else self._weights
            if not any(value is other for other in kept):
                kept.append(value)
                if isinstance(value, Parameter):
                    self._held.append(value.trainable)

    # --- what a layer of your own defines --------------------------------------------------------------

    def build(self, input_shape: Shape) -> None:
        """Make the weights, with `add_weight`. Called once, before the first `call`."""

    def call(self, inputs: Any) -> Any:
        """Compute the output."""
        raise NotImplementedError(f"{type(self).__name__} must define call(self, inputs).")

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """The output's shape for an input's; the same, unless a layer says otherwise."""
        return tuple(input_shape)

    def check_input(self, shape: Shape) -> None:
        """Raise ValueError for an input that the layer cannot take."""

    def get_config(self) -> dict[str, Any]:
        """What `type(layer)(**config)` makes a layer of the same kind of."""
        return {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}

    @property
    def takes_training(self) -> bool:
        """Does `call` have an argument `training`?"""
        code = getattr(self.call, "__code__", None)
        return (
            code is not None and "training" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        )

    # --- what all layers do ----------------------------------------------------------------------------

    def add_weight(
        self,
        shape: Any = (),
        initializer: Any = "glorot_uniform",
        dtype: Any = None,
        trainable: bool = True,
        name: str = "variable",
    ) -> Parameter:
        """A new weight of this layer, with numbers from the initializer."""
        shape, dtype = tuple(shape), dtype or self.dtype
        values = np.asarray(initializers.get(initializer)(shape, dtype))
        if values.shape != shape:
            raise ValueError(
                f"the initializer of {name} in layer '{self.name}' gave shape {values.shape}, not {shape}."
            )
        weight = Parameter(
            values.astype(dtype),
            trainable and self.trainable,
            name=f"{self.name}/{name}:0",
            path=f"{self.path}/{name}",
        )
        self._weights.append(weight)
        self._held.append(trainable)
        return weight

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        x = inputs if isinstance(inputs, Tensor) else Tensor(inputs)
        self.check_input(x.shape)
        self.ensure_built(x.shape)
        if x.dtype != self.dtype:
            x = x.astype(self.dtype)
        with scope(self.name):
            return self.call(x, *args, **kwargs)

    def ensure_built(self, input_shape: Shape) -> None:
        """Build, if that was not done yet; inputs that the layer cannot take raise first."""
        if not self.built:
            self.check_input(input_shape)
            self.build(tuple(input_shape))
            self.built = True

    @property
    def weights(self) -> list[Parameter]:
        """All weights, in the order in which they were made; then those of layers that it holds."""
        return [*self._weights, *(w for layer in self._sublayers for w in layer.weights)]

    @property
    def trainable_weights(self) -> list[Parameter]:
        """The weights that training changes."""
        return [w for w in self.weights if w.trainable]

    variables = property(lambda self: self.weights, doc="The weights, by TensorFlow's name.")
    trainable_variables = property(lambda self: self.trainable_weights, doc="By TensorFlow's name.")

    @property
    def non_trainable_weights(self) -> list[Parameter]:
        """The weights that training leaves alone."""
        return [w for w in self.weights if not w.trainable]

    @property
    def trainable(self) -> bool:
        """Do its weights take part in training? Assigning changes them at once."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for w, may in zip(self._weights, self._held, strict=True):
            w.trainable = self._trainable and may
        for layer in self._sublayers:
            layer.trainable = self._trainable

    def get_weights(self) -> list[np.ndarray]:
        """Copies of the weights' numbers."""
        return [w.numpy().copy() for w in self.weights]

    def set_weights(self, weights: Any) -> None:
        """Assign all weights. ValueError, before any changes, if the count or a shape differs."""
        given = list(weights) if isinstance(weights, list | tuple) else [weights]
        arrays = [Tensor(array).numpy() for array in given]
        if len(arrays) != len(self.weights):
            raise ValueError(
                f"You called set_weights(weights) on layer '{self.name}' with a weight list of length "
                f"{len(arrays)}, but the layer was expecting {len(self.weights)} weights."
            )
        for w, array in zip(self.weights, arrays, strict=True):
            if w.shape != array.shape:
                raise ValueError(
                    f"Layer {self.name} weight shape {w.shape} is not compatible with provided weight shape "
                    f"{array.shape}."
                )
        for w, array in zip(self.weights, arrays, strict=True):
            w.assign(array)

    def count_params(self) -> int:
        """How many numbers the weights hold. ValueError before the layer is built."""
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on layer '{self.name}', but the layer isn't built. You "
                "can "
                "build it manually via: `layer.build(input_shape)`."
            )
        return sum(w.size for w in self.weights)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """The layer that `get_config` described, with new weights."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def floating(name: str, dtype: Any) -> str:
    """The name of a floating dtype; None: float32. ValueError for another: nothing is learnt in integers."""
    try:
        found = np.dtype(dtype or "float32")
    except TypeError:
        found = np.dtype("O")
    if found.kind != "f":
        raise ValueError(f"`{name}` must be a floating dtype, such as 'float32'; got {name}={dtype!r}.")
    return found.name


def batch_shape(shape: Any) -> Shape:
    """The shape of a batch, (None, 2), as a tuple. ValueError for what is none."""
    sizes = tuple(shape) if isinstance(shape, list | tuple) else ()
    if len(sizes) < 2:
        raise ValueError(f"build takes the shape of a batch, such as (None, 2); got {shape!r}.")
    return (sizes[0], *sample_shape(sizes[1:]))


def sample_shape(shape: Any) -> Shape:
    """The shape of one sample as a tuple. ValueError for what is none."""
    sizes = tuple(shape) if isinstance(shape, tuple | list) else None
    if sizes is None or not all(
        n is None or (isinstance(n, int | np.integer) and not isinstance(n, bool) and n > 0) for n in sizes
    ):
        raise ValueError(f"Cannot convert '{shape}' to a shape. Expected positive sizes, such as (2,).")
    return tuple(n if n is None else int(n) for n in sizes)
