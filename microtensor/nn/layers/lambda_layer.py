"""Lambda: a function of a tensor as a layer.

The one idea: a file can name a function, not hold one. A named function that is registered is found again;
what was written `lambda` lives in this process only.
"""

from __future__ import annotations

import inspect
from typing import Any

from ...serialization import _safe as safe_mode_around
from ...serialization import deserialize_keras_object, serializable, serialize_keras_object
from ..keras_tensor import is_shape, map_shapes
from ..layer import Layer


class _Unnamed(dict[str, Any]):
    """What stands in a config for a lambda: a plain dict to a file; here, it still holds the function."""

    def __init__(self, function: Any) -> None:
        super().__init__(class_name="__lambda__", config={"name": "lambda"})
        self.function = function


@serializable("keras.layers")
class Lambda(Layer):
    """y = function(x, **arguments). Source: `keras.layers.Lambda`.

    Args:
        function: of a tensor; it may also take `mask` and `training`.
        output_shape: of one sample, or a function from the input's shape to the output's; None: found by
            running the function on zeros.
        mask: what `compute_mask` gives, or a function (inputs, mask); None: nothing.
        arguments: further arguments, by name.

    Raises:
        TypeError: function is none.
        NotImplementedError: there is no output_shape, and the function cannot run on zeros.

    >>> Lambda(lambda x: x * x)([[3.0]]).tolist()
    [[9.0]]
    """

    def __init__(
        self,
        function: Any,
        output_shape: Any = None,
        mask: Any = None,
        arguments: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        if not callable(function):
            raise TypeError(f"Lambda takes a function of a tensor; got {function!r}.")
        super().__init__(**kwargs)
        self.function, self.mask, self.arguments = function, mask, arguments or {}
        self.supports_masking = mask is not None
        self._shape_rule = output_shape
        self._wanted = [name for name in ("mask", "training") if name in _named_arguments(function)]

    def call(self, inputs: Any, mask: Any = None, training: bool | None = None) -> Any:
        known = {"mask": mask, "training": training}
        return self.function(inputs, **self.arguments, **{name: known[name] for name in self._wanted})

    def compute_output_shape(self, input_shape: Any) -> Any:
        if callable(self._shape_rule):
            return self._shape_rule(input_shape)
        if self._shape_rule is not None:
            batch = (input_shape if is_shape(input_shape) else input_shape[0])[0]
            return map_shapes(lambda shape: (batch, *shape), self._shape_rule)
        try:
            return self._tried_shape(input_shape)
        except Exception as error:
            raise NotImplementedError(
                "We could not automatically infer the shape of the Lambda's output by running it on zeros "
                f"({error}). Please specify the `output_shape` argument of Lambda '{self.name}'."
            ) from error

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        return self.mask(inputs, previous_mask) if callable(self.mask) else self.mask

    def get_config(self) -> dict[str, Any]:
        own = {"function": _written(self.function)}
        if self._shape_rule is not None:
            rule = self._shape_rule
            own["output_shape"] = _written(rule) if callable(rule) else rule
        if self.mask is not None:
            own["mask"] = _written(self.mask) if callable(self.mask) else serialize_keras_object(self.mask)
        return {**super().get_config(), **own, "arguments": serialize_keras_object(self.arguments)}

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Any = None, safe_mode: bool | None = None
    ) -> Any:
        """The layer that `get_config` described.

        A lambda is taken over only in this process and only with safe_mode=False (None: as in the `with
        safe_mode(...)` around). ValueError otherwise.
        """
        safe_mode = safe_mode_around.get() if safe_mode is None else safe_mode
        found = dict(config)
        for key in ("function", "output_shape", "mask", "arguments"):
            if key in found:
                found[key] = _read(found[key], custom_objects, safe_mode)
        shape = found.get("output_shape")
        if isinstance(shape, list) and is_shape(shape):
            found["output_shape"] = tuple(shape)
        return super().from_config(found)


def _named_arguments(function: Any) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # of some functions in C nothing is known
        return []


def _written(function: Any) -> Any:
    unnamed = getattr(function, "__name__", None) == "<lambda>"
    return _Unnamed(function) if unnamed else serialize_keras_object(function)


def _read(value: Any, custom_objects: Any, safe_mode: bool) -> Any:
    if not isinstance(value, dict) or value.get("class_name") != "__lambda__":
        return deserialize_keras_object(value, custom_objects=custom_objects)
    if isinstance(value, _Unnamed) and not safe_mode:
        return value.function
    raise ValueError(
        "Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda. Making it of "
        "a file would be arbitrary code execution, and nothing that a file holds is ever run: give the "
        "function a name, register it with @keras.saving.register_keras_serializable(), and save again."
    )
