"""Windows that slide over sequences and images: convolution and pooling, on the engine's conv2d.

The one idea: a sequence is an image one pixel high, channels come last, and a dilated kernel is a larger one
with zeros between.
"""

from __future__ import annotations

from typing import Any

from ...core.operations import convolution
from ...core.operations.indexing import scatter
from ...settings import image_data_format
from .entering import floating, np, together


def conv(
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Sequences (batch, length, channels) or images (batch, height, width, channels) under a kernel
    (…, channels, filters). Source: `keras.ops.conv`.
    """
    inputs, kernel = together(inputs, kernel, floats=True)
    axes = _axes("conv", inputs)
    steps, holes = _each(strides, axes), _each(dilation_rate, axes)
    x = _image(inputs, data_format)
    kernel = kernel.reshape((1, *kernel.shape)) if axes == 1 else kernel
    if kernel.shape[2] != x.shape[-1]:
        raise ValueError(
            f"The kernel is for {kernel.shape[2]} channels, the inputs have {x.shape[-1]}; a convolution in "
            "groups is not part of this library."
        )
    if holes != (1, 1):
        size = tuple((n - 1) * hole + 1 for n, hole in zip(kernel.shape[:2], holes, strict=True))
        at = tuple(slice(None, None, hole) for hole in holes)
        kernel = scatter(kernel, index=at, shape=(*size, *kernel.shape[2:]))
    return _restored(convolution.conv2d(x, kernel, steps, padding), axes, data_format)


def max_pool(
    inputs: Any, pool_size: Any, strides: Any = None, padding: str = "valid", data_format: str | None = None
) -> Any:
    """The largest of each window. Source: `keras.ops.max_pool`."""
    return _pooled(convolution.max_pool2d, inputs, pool_size, strides, padding, data_format)


def average_pool(
    inputs: Any, pool_size: Any, strides: Any = None, padding: str = "valid", data_format: str | None = None
) -> Any:
    """The mean of each window; at the margin, of what lies inside. Source: `keras.ops.average_pool`."""
    return _pooled(convolution.avg_pool2d, inputs, pool_size, strides, padding, data_format)


def _pooled(
    pool: Any, inputs: Any, pool_size: Any, strides: Any, padding: str, data_format: str | None
) -> Any:
    inputs = floating(inputs)
    axes = _axes("pooling", inputs)
    size = _each(pool_size, axes)
    steps = size if strides is None else _each(strides, axes)
    return _restored(pool(_image(inputs, data_format), size, steps, padding), axes, data_format)


def _axes(name: str, x: Any) -> int:
    if x.ndim not in (3, 4):
        raise ValueError(
            f"{name} takes sequences (batch, length, channels) or images (batch, height, width, channels); "
            f"got shape {x.shape}."
        )
    return int(x.ndim) - 2


def _each(value: Any, axes: int) -> tuple[int, ...]:
    values = tuple(value) if isinstance(value, list | tuple) else (value,) * axes
    return (1, *values) if axes == 1 else values


def _image(x: Any, data_format: str | None) -> Any:
    x = np.moveaxis(x, 1, -1) if _first(data_format) else x
    return np.expand_dims(x, 1) if x.ndim == 3 else x


def _restored(y: Any, axes: int, data_format: str | None) -> Any:
    y = np.squeeze(y, 1) if axes == 1 else y
    return np.moveaxis(y, -1, 1) if _first(data_format) else y


def _first(data_format: str | None) -> bool:
    return (data_format or image_data_format()) == "channels_first"
