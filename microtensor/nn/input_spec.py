"""InputSpec: what a layer can take, as data."""

from __future__ import annotations

from typing import Any

from ..serialization import serializable
from .keras_tensor import is_shape, sample_shape


@serializable("keras.layers")
class InputSpec:
    """Rank, shape and sizes of axes that an input must have. Source: `keras.InputSpec`.

    Args:
        dtype: kept; inputs are cast by the layer.
        shape: the whole shape; None where any size goes.
        ndim, max_ndim, min_ndim: the number of axes.
        axes: {axis: size}.
        allow_last_axis_squeeze: may a last axis of length 1 be missing, or be there in excess?
        name, optional: kept.
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Any = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: dict[int, int] | None = None,
        allow_last_axis_squeeze: bool = False,
        name: str | None = None,
        optional: bool = False,
    ) -> None:
        self.dtype, self.name, self.optional = dtype, name, optional
        self.shape = None if shape is None else sample_shape(shape)
        self.ndim = len(self.shape) if self.shape is not None else ndim
        self.max_ndim, self.min_ndim, self.allow_last_axis_squeeze = (
            max_ndim,
            min_ndim,
            allow_last_axis_squeeze,
        )
        try:
            self.axes = {int(axis): size for axis, size in (axes or {}).items()}
        except (TypeError, ValueError, AttributeError):
            raise TypeError(
                f"Argument `axes` must be a dict with integer keys. Received: axes={axes}"
            ) from None
        rank = self.ndim if self.ndim is not None else max_ndim
        if self.axes and rank is not None and max(self.axes) > rank - 1:
            raise ValueError(f"Axis {max(self.axes)} is greater than the maximum allowed value: {rank - 1}")

    def get_config(self) -> dict[str, Any]:
        keys = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        return {key: getattr(self, key) for key in keys}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> InputSpec:
        return cls(**config)

    def __repr__(self) -> str:
        said = {key: value for key, value in self.get_config().items() if value}
        return f"InputSpec({', '.join(f'{key}={value}' for key, value in said.items())})"


def check_specs(layer: Any, shapes: Any) -> None:
    """ValueError where a shape does not meet the layer's `input_spec`."""
    specs = layer.input_spec if isinstance(layer.input_spec, list | tuple) else [layer.input_spec]
    if isinstance(shapes, dict):
        given = list(shapes.values())
    else:
        given = [shapes] if is_shape(shapes) else list(shapes)
    if len(given) != len(specs):
        raise ValueError(
            f"Layer '{layer.name}' expected {len(specs)} input(s). Received {len(given)} instead."
        )
    for k, (spec, shape) in enumerate(zip(specs, given, strict=True)):
        if spec is not None and shape is not None:
            _check(f"Input {k} of layer '{layer.name}' is incompatible with the layer: ", spec, tuple(shape))


def _check(begin: str, spec: InputSpec, shape: tuple[Any, ...]) -> None:
    rank, end = len(shape), f"Full shape received: {shape}"
    squeezable = spec.allow_last_axis_squeeze and spec.shape is not None
    if spec.ndim is not None and not squeezable and rank != spec.ndim:
        raise ValueError(f"{begin}expected ndim={spec.ndim}, found ndim={rank}. {end}")
    if spec.max_ndim is not None and rank > spec.max_ndim:
        raise ValueError(f"{begin}expected max_ndim={spec.max_ndim}, found ndim={rank}. {end}")
    if spec.min_ndim is not None and rank < spec.min_ndim:
        raise ValueError(f"{begin}expected min_ndim={spec.min_ndim}, found ndim={rank}. {end}")
    for axis, size in spec.axes.items():
        if size is not None and shape[axis] not in (size, None):
            raise ValueError(
                f"{begin}expected axis {axis} of input shape to have value {size}, but received input with "
                f"shape {shape}"
            )
    if spec.shape is None:
        return
    wanted = spec.shape
    if squeezable:
        wanted = wanted[:-1] if wanted and wanted[-1] == 1 else wanted
        shape = shape[:-1] if shape and shape[-1] == 1 else shape
    if len(wanted) != len(shape) or any(
        m is not None and n is not None and m != n for m, n in zip(wanted, shape, strict=True)
    ):
        raise ValueError(f"{begin}expected shape={spec.shape}, found shape={shape}")
