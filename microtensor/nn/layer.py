"""Layer: a function with weights of its own, that are made when its input's shape is first known.

The one idea: a call checks, then builds (once), then casts, then runs `call` under the layer's name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..core.state import scope
from ..naming import auto_name, checked_name
from ..serialization import claim, serializable, serialize_keras_object
from ..tree import leaves_of
from . import initializers
from .calling import accepts, argument_names, by_position, calling, current_call, default_of, plain_arguments
from .dtype_policy import DTypePolicy, config_of, floating
from .keras_tensor import KerasTensor, Shape, batch_shape, is_shape, map_shapes, sample_shape, shapes_of
from .parameter import Parameter, constraint_of, regularizer_of
from .promises import as_tensors, is_symbolic, positional, promise_of, tried, with_open_batch
from .tracked import Tracked

__all__ = ["Layer", "Shape", "batch_shape", "floating", "sample_shape"]


@serializable("keras.layers")
class Layer(Tracked):
    """Base of all layers. A layer of your own defines `call`, and `build` if it has weights.

    Args:
        activity_regularizer: a regularizer of what the layer gives: it is added to the loss.
        trainable: do its weights take part in training?
        dtype: what it computes in; inputs are cast to it.
        autocast: are they?
        name: None: "dense", "dense_1", ... by its class.
        input_shape: the shape of one sample; a model whose first layer has one is built at once.
        input_dim: short for input_shape=(input_dim,).
        batch_input_shape: the same with the batch axis in front.

    Raises:
        ValueError: for an unknown keyword, or a name with "/".
    """

    supports_masking = False
    _locked = False  # after building, no weight can be added
    _promise: Any = None
    _given: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        layer = object.__new__(cls)
        object.__setattr__(layer, "_given", (args, kwargs))
        for key, value in (("_holding", {}), ("_weights", []), ("_held", {})):
            object.__setattr__(layer, key, value)
        return layer

    def __init__(
        self,
        *,
        activity_regularizer: Any = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        name: str | None = None,
        input_shape: Any = None,
        input_dim: int | None = None,
        batch_input_shape: Any = None,
        batch_shape: Any = None,
        batch_size: int | None = None,
        **kwargs: Any,
    ) -> None:
        if kwargs:
            raise ValueError(f"Unrecognized keyword arguments passed to {type(self).__name__}: {kwargs}")
        if not isinstance(trainable, bool | np.bool_):
            raise ValueError(f"Expected `trainable` to be a boolean, but got: {trainable!r}")
        self.name = auto_name(type(self).__name__) if name is None else checked_name(name)
        self.dtype = floating("dtype", dtype)
        self.declared_shape: Shape | None = None
        with_batch = batch_input_shape if batch_shape is None else batch_shape
        shape = (input_dim,) if input_dim is not None else input_shape
        if with_batch is not None:
            self.declared_shape = sample_shape(with_batch)
        elif shape is not None:
            self.declared_shape = (batch_size, *sample_shape(shape))
        self.activity_regularizer = regularizer_of(activity_regularizer)
        self.input_spec: Any = None
        self.autocast = bool(autocast)
        self.built = False
        self.path = self.name
        self._trainable = bool(trainable)
        self._losses = []
        self._built_for: Any = None
        self._output_shape: Any = None  # of the first call, for the summary
        self._tried: dict[str, Any] = {}  # output shapes that were found by running

    # --- what a layer of your own defines ----------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Make the weights, with `add_weight`. Called once, before the first `call`."""
        self.built = True

    def call(self, inputs: Any) -> Any:
        """Compute the output."""
        raise NotImplementedError(
            f"Layer {type(self).__name__} does not have a `call` method implemented. Define call(self, "
            "inputs)."
        )

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The output's shape for an input's. Found by running the layer on zeros, unless it says so
        itself.
        """
        if type(self).call is Layer.call:
            raise NotImplementedError(
                f"Layer {type(self).__name__} does not have a `compute_output_shape` method implemented. "
                "Define it, or call(self, inputs)."
            )
        return self._tried_shape(input_shape)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """What a call on promises (`KerasTensor`s) promises."""
        return self(*args, **kwargs)

    def check_input(self, shape: Any) -> None:
        """Raise ValueError for an input that the layer cannot take. By default: what `input_spec` says."""
        if self.input_spec:
            from .input_spec import check_specs

            check_specs(self, shape)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Which steps of the output count, from which of the input did: the same, if masks are supported."""
        return previous_mask if self.supports_masking else None

    def get_config(self) -> dict[str, Any]:
        """What `type(layer).from_config` makes a layer of the same kind of: plain values.

        A layer of your own with arguments adds them: {**super().get_config(), "units": self.units}. If it
        does not, they are taken as they were given, where they are plain values.
        """
        config = {"name": self.name, "trainable": self.trainable, "dtype": config_of(self.dtype)}
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = serialize_keras_object(self.activity_regularizer)
        if type(self).get_config is Layer.get_config:
            config.update(plain_arguments(self, Layer))
        return config

    # --- what all layers do ------------------------------------------------------------------------------

    def add_weight(
        self,
        *args: Any,
        shape: Any = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        aggregation: Any = "none",
        overwrite_with_gradient: bool = False,
        name: str | None = None,
    ) -> Parameter:
        """A new weight of this layer, with numbers from the initializer (None: glorot_uniform, zeros for
        integers). shape, initializer and dtype may go by position.
        """
        if args:
            given = {"shape": shape, "initializer": initializer, "dtype": dtype}
            shape, initializer, dtype = by_position(args, given)
        if self._locked:
            raise ValueError(
                f"Layer '{self.name}' is built: you cannot add new elements of state (variables or "
                "sub-layers) to it. All state is made in `__init__()` or in `build()`."
            )
        shape = (shape,) if isinstance(shape, int) else tuple(shape or ())
        dtype = np.dtype(dtype or self.dtype).name
        first = initializer or ("glorot_uniform" if np.dtype(dtype).kind == "f" else "zeros")
        claim(shape, np.dtype(dtype).itemsize)  # of a file that is being loaded, if one is
        values = initializers.get(first)(shape, dtype=dtype)
        values = values.numpy() if isinstance(values, Tensor) else np.asarray(values)
        plain = name or auto_name("variable")
        if values.shape != shape:
            raise ValueError(
                f"the initializer of {plain} in layer '{self.name}' gave shape {values.shape}, not {shape}."
            )
        weight = Parameter(
            values.astype(dtype),
            trainable and self._trainable,
            name=f"{self.name}/{plain}:0",
            path=f"{self.path}/{plain}",
        )
        weight.regularizer, weight.constraint = regularizer_of(regularizer), constraint_of(constraint)
        weight.overwrite_with_gradient = overwrite_with_gradient
        self._weights.append(weight)
        self._held[id(weight)] = bool(trainable)
        return weight

    add_variable = add_weight

    def add_loss(self, loss: Any) -> None:
        """Add a number (or several, in a list) to what training makes small; in `call`, of its tensors."""
        self._losses.extend(loss if isinstance(loss, list | tuple) else [loss])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if "built" not in vars(self):
            raise RuntimeError(f"{type(self).__name__}: call super().__init__() in its __init__.")
        if args:
            inputs, args = args[0], args[1:]
        else:
            first = argument_names(type(self).call)[:1]
            if not first or first[0] not in kwargs:
                raise TypeError(f"{type(self).__name__} '{self.name}' was called without inputs.")
            inputs = kwargs.pop(first[0])
        x = as_tensors(inputs)
        if args:
            args = tuple(positional(self, arg) for arg in args)
        shapes = shapes_of(x)
        self.check_input(shapes)
        if not self.built:
            self._build_for(shapes, args, kwargs)
        mask = self._mask_for(x, args, kwargs)
        if is_symbolic(x):
            y = self._promised(x, shapes, args, kwargs)
        else:
            x = self._cast(x) if self.autocast else x
            y = self._run_call(x, kwargs, args)
        if mask is not None or type(self).compute_mask is not Layer.compute_mask:
            from .masks import carry

            carry(self, x, y, mask)
        return y

    def _mask_for(self, x: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The mask of the input. Most inputs are one tensor, and carry none."""
        if not (args or kwargs or isinstance(x, list | tuple | dict) or hasattr(x, "_keras_mask")):
            return None
        from .masks import hand_over

        return hand_over(self, x, args, kwargs)

    def _promised(self, x: Any, shapes: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a call on promises promises: by the layer's rule, or by running on zeros."""
        if type(self).compute_output_shape is not Layer.compute_output_shape and not args:
            found = self.compute_output_shape(shapes)
        else:
            found = tried(self, (x, *args), kwargs)
            self._forget_losses()
        made = map_shapes(lambda shape: KerasTensor(shape, self.dtype), found)
        self._promise = (x, made)
        return made

    input = property(lambda self: promise_of(self, 0), doc="The promise that it was called on.")
    output = property(lambda self: promise_of(self, 1), doc="The promise that it gave.")

    def _run_call(self, x: Any, kwargs: dict[str, Any], args: tuple[Any, ...] = ()) -> Any:
        training = self._training(kwargs)
        with calling(self, training) as outermost, self._named(outermost):
            if outermost:
                self._forget_losses()
            y = self.call(x, *args, **kwargs)
            if self.activity_regularizer is not None:
                for part in leaves_of(y):  # over samples, so that the batch size makes no difference
                    self.add_loss(
                        self.activity_regularizer(part) / max(part.shape[0] if part.shape else 1, 1)
                    )
        if self._output_shape is None:
            self._output_shape = with_open_batch(y)
        return y

    def _named(self, outermost: bool) -> Any:
        """What is made inside carries the layer's name."""
        return scope(self.name)

    def _training(self, kwargs: dict[str, Any]) -> bool | None:
        """Said here, or by the call around this one, or by the default of `call`; passed on if it is
        taken.
        """
        said = kwargs.get("training")
        if said is None:
            said = current_call().training
        takes = accepts(type(self).call, "training")
        if said is None and takes:
            said = default_of(type(self).call, "training")
        if takes:
            kwargs["training"] = said
        else:
            kwargs.pop("training", None)
        return said if said is None else bool(said)

    def _cast(self, x: Any) -> Any:
        if isinstance(x, Tensor):
            return x if x.dtype == self.dtype else x.astype(self.dtype)
        if isinstance(x, dict):
            return {key: self._cast_float(value) for key, value in x.items()}
        if isinstance(x, list | tuple):
            found = [self._cast_float(value) for value in x]
            return tuple(found) if isinstance(x, tuple) else found
        return x

    def _cast_float(self, x: Any) -> Any:
        """In a structure, integers may be numbers of things: they stay."""
        return x if isinstance(x, Tensor) and x.dtype.kind != "f" else self._cast(x)

    def _build_for(
        self, shapes: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> None:
        """Build, with the shape of every input that `build` names: build(self, a_shape, b_shape)."""
        wanted = argument_names(type(self).build)
        if len(wanted) < 2:
            self.ensure_built(shapes)
            return
        named = argument_names(type(self).call)
        given = dict(zip(named[1:], args, strict=False)) | (kwargs or {})
        known = {f"{named[0]}_shape": shapes}
        known |= {f"{key}_shape": shapes_of(value) for key, value in given.items() if value is not None}
        for key in wanted:
            if not key.endswith("_shape"):
                raise ValueError(
                    f"build() of {type(self).__name__} has the argument `{key}`, which does not end in "
                    "`_shape`."
                )
            if key.removesuffix("_shape") not in named:
                raise ValueError(
                    f"build() of {type(self).__name__} has the argument `{key}`, but `call()` does not have "
                    f"argument `{key.removesuffix('_shape')}`."
                )
        self._take_path()
        self.build(**{key: known.get(key) for key in wanted})
        self.built, self._locked, self._built_for = True, True, shapes

    def _take_path(self) -> None:
        """A layer that is built inside the call of another lives there: "outer/inner"."""
        outer = current_call().inner
        if outer is not None and outer is not self and self.path == self.name:
            self.path = f"{outer.path}/{self.name}"

    def ensure_built(self, input_shape: Any) -> None:
        """Build, if that was not done yet; inputs that the layer cannot take raise first."""
        if not self.built:
            shape = tuple(input_shape) if is_shape(input_shape) else input_shape
            self.check_input(shape)
            self._take_path()
            with scope(self.name):
                self.build(shape)
            self.built, self._locked, self._built_for = True, True, shape

    def _tried_shape(self, input_shape: Any) -> Any:
        """The output's shape, by running on zeros (once): with other sizes again where a size is open."""
        one = is_shape(input_shape)
        batch = input_shape[0] if one and len(input_shape) else None
        wanted = (None, *input_shape[1:]) if one and len(input_shape) else input_shape
        key = repr(wanted)
        if key not in self._tried:
            promised = map_shapes(lambda shape: KerasTensor(shape, self.dtype), wanted)
            self._tried[key] = tried(self, (promised,), {})
        shape = self._tried[key]
        if batch is not None and is_shape(shape) and len(shape) and shape[0] is None:
            return (batch, *shape[1:])
        return shape

    # --- dtypes, files -----------------------------------------------------------------------------------

    compute_dtype = property(lambda self: self.dtype, doc="What it computes in.")
    variable_dtype = property(lambda self: self.dtype, doc="What it keeps its weights in.")

    @property
    def dtype_policy(self) -> DTypePolicy:
        """Its dtype, as Keras' policy. Assigning changes what it computes in."""
        return DTypePolicy(self.dtype)

    @dtype_policy.setter
    def dtype_policy(self, value: Any) -> None:
        self.dtype = floating("dtype_policy", value)

    def get_build_config(self) -> dict[str, Any] | None:
        """For which input shape it was built; None before."""
        if self._built_for is None:
            return None
        listed = map_shapes(list, self._built_for)
        return {"input_shape": listed}

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Build for the shape that `get_build_config` named."""
        if config and config.get("input_shape") is not None:
            self.ensure_built(map_shapes(tuple, config["input_shape"]))

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """The layer that `get_config` described, with new weights."""
        try:
            return cls(**config)
        except TypeError as error:
            raise TypeError(
                f"Error when deserializing class '{cls.__name__}' using config={config}. Its __init__ must "
                f"take what its get_config gives. ({error})"
            ) from error

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"
