"""Tensors from nothing: filled, counted, spaced; and the windows of signal processing."""

from __future__ import annotations

from typing import Any

from ...core import Tensor
from ...settings import floatx
from .entering import floating, np, result_type, standardize_dtype, tensor, together


def array(x: Any, dtype: Any = None) -> Any:
    """x as a tensor. Source: `keras.ops.array`."""
    return tensor(x, dtype)


def convert_to_tensor(x: Any, dtype: Any = None, sparse: Any = None, ragged: Any = None) -> Any:
    """x as a tensor; a tensor stays what it is. Source: `keras.ops.convert_to_tensor`.

    >>> convert_to_tensor([1.0, 2.0]).dtype.name
    'float32'
    """
    if sparse or ragged:
        raise ValueError("sparse and ragged tensors are not part of this library; arrays are dense.")
    return tensor(x, dtype)


def convert_to_numpy(x: Any) -> np.ndarray:
    """A NumPy array of one's own, which may be written into. Source: `keras.ops.convert_to_numpy`."""
    return np.array(tensor(x).numpy())


def is_tensor(x: Any) -> bool:
    """Is it a tensor of this library? Source: `keras.ops.is_tensor`."""
    return isinstance(x, Tensor)


def shape(x: Any) -> tuple[int, ...]:
    """Its shape, a tuple. Source: `keras.ops.shape`."""
    return tuple(x.shape) if hasattr(x, "shape") else tensor(x).shape


def size(x: Any) -> Any:
    """How many elements it has. Source: `keras.ops.size`."""
    return tensor(int(np.prod(shape(x), dtype=np.int64)), "int32")


def ndim(x: Any) -> int:
    """How many axes it has. Source: `keras.ops.ndim`."""
    return len(shape(x))


def dtype(x: Any) -> str:
    """The name of its dtype. Source: `keras.ops.dtype`."""
    return standardize_dtype(x.dtype) if hasattr(x, "dtype") else tensor(x).dtype.name


def _sizes(shape: Any) -> Any:
    return tuple(int(n) for n in shape) if isinstance(shape, list | tuple | Tensor) else int(shape)


def zeros(shape: Any, dtype: Any = None) -> Any:
    """Zeros. Source: `keras.ops.zeros`."""
    return Tensor.wrap(np.zeros(_sizes(shape), standardize_dtype(dtype)))


def ones(shape: Any, dtype: Any = None) -> Any:
    """Ones. Source: `keras.ops.ones`."""
    return Tensor.wrap(np.ones(_sizes(shape), standardize_dtype(dtype)))


def empty(shape: Any, dtype: Any = None) -> Any:
    """Zeros: what memory held before is nobody's business. Source: `keras.ops.empty`."""
    return zeros(shape, dtype)


def full(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    """The same value everywhere. Source: `keras.ops.full`."""
    return np.broadcast_to(tensor(fill_value, standardize_dtype(dtype)), _sizes(shape))


def zeros_like(x: Any, dtype: Any = None) -> Any:
    """Zeros, as many as x has. Source: `keras.ops.zeros_like`."""
    x = tensor(x)
    return zeros(x.shape, dtype or x.dtype)


def ones_like(x: Any, dtype: Any = None) -> Any:
    """Ones, as many as x has. Source: `keras.ops.ones_like`."""
    x = tensor(x)
    return ones(x.shape, dtype or x.dtype)


def empty_like(x: Any, dtype: Any = None) -> Any:
    """Zeros, as many as x has. Source: `keras.ops.empty_like`."""
    return zeros_like(x, dtype)


def full_like(x: Any, fill_value: Any, dtype: Any = None) -> Any:
    """The same value, as often as x has elements. Source: `keras.ops.full_like`."""
    x = tensor(x)
    return full(x.shape, fill_value, dtype or x.dtype)


def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> Any:  # noqa: N803 - Keras' names
    """Ones on the k-th diagonal, zeros elsewhere. Source: `keras.ops.eye`."""
    return Tensor.wrap(np.eye(int(N), None if M is None else int(M), k, standardize_dtype(dtype)))


def identity(n: int, dtype: Any = None) -> Any:
    """The identity matrix. Source: `keras.ops.identity`."""
    return eye(n, dtype=dtype)


def tri(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> Any:  # noqa: N803
    """Ones on and below the k-th diagonal. Source: `keras.ops.tri`."""
    return Tensor.wrap(np.tri(N, M, k, standardize_dtype(dtype)))


def arange(start: Any, stop: Any = None, step: Any = None, dtype: Any = None) -> Any:
    """start, start + step, ... before stop; of one argument, 0 to there. Source: `keras.ops.arange`."""
    ends = [0 if stop is None else start, start if stop is None else stop, 1 if step is None else step]
    numbers = [end.numpy() if isinstance(end, Tensor) else end for end in ends]
    kinds = [getattr(end, "dtype", type(end)) for end in (start, stop, step) if end is not None]
    return Tensor.wrap(np.arange(*numbers).astype(standardize_dtype(dtype or result_type(*kinds))))


def linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """`num` numbers evenly from start to stop. Source: `keras.ops.linspace`."""
    start, stop = together(start, stop, floats=True)
    wanted = standardize_dtype(dtype or start.dtype)
    step = (stop - start) / (num - 1 if endpoint else num) if num > endpoint else (stop - start) * np.nan
    parts = np.linspace(0, 1, num, endpoint).astype(start.dtype)
    parts = parts.reshape((-1,) + (1,) * start.ndim)
    y = tensor(start * (1 - parts) + stop * parts, wanted)
    y = np.moveaxis(y, 0, axis) if axis else y
    return (y, step) if retstep else y


def logspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    base: Any = 10,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """base to the power of `linspace`. Source: `keras.ops.logspace`."""
    powers = linspace(start, stop, num, endpoint, axis=axis)
    return tensor(np.power(tensor(base, powers.dtype), powers), dtype)


def geomspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0
) -> Any:
    """`num` numbers from start to stop, each the same factor larger. Source: `keras.ops.geomspace`."""
    start, stop = together(start, stop, floats=True)
    signs = np.sign(start)
    logs = linspace(np.log(np.abs(start)), np.log(np.abs(stop)), num, endpoint, axis=axis)
    return tensor(np.exp(logs) * (np.expand_dims(signs, axis) if start.ndim else signs), dtype)


def _window(function: Any, x: Any) -> Any:
    return Tensor.wrap(function(int(tensor(x).item())).astype(floatx()))


def bartlett(x: Any) -> Any:
    """A triangle of x numbers. Source: `keras.ops.bartlett`."""
    return _window(np.bartlett, x)


def blackman(x: Any) -> Any:
    """Blackman's window of x numbers. Source: `keras.ops.blackman`."""
    return _window(np.blackman, x)


def hamming(x: Any) -> Any:
    """Hamming's window of x numbers. Source: `keras.ops.hamming`."""
    return _window(np.hamming, x)


def hanning(x: Any) -> Any:
    """Hann's window of x numbers. Source: `keras.ops.hanning`."""
    return _window(np.hanning, x)


def kaiser(x: Any, beta: Any) -> Any:
    """Kaiser's window of x numbers. Source: `keras.ops.kaiser`."""
    return _window(lambda n: np.kaiser(n, float(floating(beta).item())), x)


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:  # noqa: N803
    """The powers of each element in a row, the highest first. Source: `keras.ops.vander`."""
    x = tensor(x)
    powers = np.arange(x.shape[0] if N is None else N).astype(x.dtype)
    return np.power(np.expand_dims(x, -1), powers if increasing else powers[::-1].copy())
