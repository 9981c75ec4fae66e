"""Functions of neural networks: activations, normalisation, one-hot codes, cross-entropies, attention."""

from __future__ import annotations

import math
import warnings
from typing import Any

from ...settings import epsilon as fuzz
from ...settings import floatx
from .. import activations
from .entering import floating, np, tensor, together, unary
from .matrices import norm
from .reducing import mean as _mean
from .reducing import moments as _moments

# --- activations -----------------------------------------------------------------------------------------

relu = unary(lambda x: activations.relu(x), name="relu")
relu6 = unary(activations.relu6)
sigmoid = unary(activations.sigmoid, floats=True)
log_sigmoid = unary(activations.log_sigmoid, floats=True)
tanh = unary(activations.tanh, floats=True)
softplus = unary(activations.softplus, floats=True)
softsign = unary(activations.softsign, floats=True)
silu = swish = unary(activations.silu, floats=True)
selu = unary(activations.selu, floats=True)
hard_sigmoid = unary(activations.hard_sigmoid, floats=True)
hard_silu = hard_swish = unary(activations.hard_silu, floats=True)
hard_tanh = unary(activations.hard_tanh, floats=True)
tanh_shrink = unary(activations.tanh_shrink, floats=True)
sparse_plus = unary(activations.sparse_plus, floats=True)
sparse_sigmoid = unary(activations.sparse_sigmoid, floats=True)


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """x where x > 0, negative_slope · x elsewhere. Source: `keras.ops.leaky_relu`."""
    return activations.leaky_relu(floating(x), negative_slope)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """x where x > 0, alpha (eˣ − 1) elsewhere. Source: `keras.ops.elu`."""
    return activations.elu(floating(x), alpha=alpha)


def celu(x: Any, alpha: float = 1.0) -> Any:
    """x where x > 0, alpha (e^(x/alpha) − 1) elsewhere. Source: `keras.ops.celu`."""
    return activations.celu(floating(x), alpha=alpha)


def gelu(x: Any, approximate: bool = True) -> Any:
    """x Φ(x); approximate unless one says otherwise, unlike `activations.gelu`. Source: `keras.ops.gelu`."""
    return activations.gelu(floating(x), approximate=approximate)


def glu(x: Any, axis: int = -1) -> Any:
    """a σ(b), with a and b the halves of x. Source: `keras.ops.glu`."""
    return activations.glu(floating(x), axis=axis)


def squareplus(x: Any, b: float = 4) -> Any:
    """(x + √(x² + b)) / 2. Source: `keras.ops.squareplus`."""
    return activations.squareplus(floating(x), b=b)


def hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    """x where |x| > threshold, 0 elsewhere. Source: `keras.ops.hard_shrink`."""
    return activations.hard_shrink(floating(x), threshold=threshold)


def soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    """x moved towards 0 by threshold. Source: `keras.ops.soft_shrink`."""
    return activations.soft_shrink(floating(x), threshold=threshold)


def threshold(x: Any, threshold: float, default_value: float) -> Any:
    """x where x > threshold, default_value elsewhere. Source: `keras.ops.threshold`."""
    return activations.threshold(tensor(x), threshold, default_value)


def softmax(x: Any, axis: Any = -1) -> Any:
    """e^xᵢ / Σ e^xⱼ along an axis, several, or (None) over all. Source: `keras.ops.softmax`."""
    x = floating(x)
    if isinstance(axis, int) and -x.ndim <= axis < x.ndim and x.shape[axis] == 1:
        warnings.warn(
            f"You are using a softmax over axis {axis} of a tensor of shape {x.shape}. This axis has size 1. "
            "The softmax operation will always return the value 1, which is likely not what you intended. "
            "Did you mean to use a sigmoid instead?",
            UserWarning,
            stacklevel=2,
        )
    return activations.softmax(x, tuple(range(x.ndim)) if axis is None else axis)


def log_softmax(x: Any, axis: Any = -1) -> Any:
    """log softmax(x). Source: `keras.ops.log_softmax`."""
    return activations.log_softmax(floating(x), tuple(range(np.ndim(x))) if axis is None else axis)


def sparsemax(x: Any, axis: int = -1) -> Any:
    """A softmax with zeros. Source: `keras.ops.sparsemax`."""
    return activations.sparsemax(floating(x), axis=axis)


# --- codes -----------------------------------------------------------------------------------------------


def one_hot(x: Any, num_classes: int, axis: int = -1, dtype: Any = None, sparse: bool = False) -> Any:
    """For each label a row of zeros with a 1 at its place; of zeros alone for no class. Source:
    `keras.ops.one_hot`.

    >>> one_hot([0, 2], 3).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    if sparse:
        raise ValueError("sparse tensors are not part of this library; arrays are dense.")
    if num_classes is None:
        raise ValueError("Argument `num_classes` must be specified: how long each row is.")
    labels = tensor(x)
    hot = np.equal(np.expand_dims(labels, -1), np.arange(num_classes))
    hot = tensor(hot, dtype or floatx())
    return hot if axis == -1 else np.moveaxis(hot, -1, axis)


def multi_hot(
    inputs: Any,
    num_classes: int | None = None,
    axis: int = -1,
    dtype: Any = None,
    sparse: bool = False,
    **old: Any,
) -> Any:
    """For each row of labels one row with a 1 at the place of each. Source: `keras.ops.multi_hot`."""
    num_classes = old.pop("num_tokens", num_classes)
    if num_classes is None:
        raise ValueError("Argument `num_classes` must be specified.")
    labels = tensor(inputs)
    hot = one_hot(labels, num_classes, axis, dtype, sparse)
    several = 1 if labels.ndim > 1 else 0
    return np.max(hot, axis=several)


# --- cross-entropies, one number for each sample ---------------------------------------------------------


def _same_shape(target: Any, output: Any) -> tuple[Any, Any]:
    output = floating(output)
    target = tensor(target, output.dtype)
    if target.shape != output.shape:
        raise ValueError(
            "Arguments `target` and `output` must have the same shape. Received: "
            f"target.shape={target.shape}, output.shape={output.shape}"
        )
    return target, output


def _probabilities(x: Any) -> Any:
    return np.clip(x, fuzz(), 1 - fuzz())


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """−t log p − (1 − t) log(1 − p), element by element. Source: `keras.ops.binary_crossentropy`."""
    target, output = _same_shape(target, output)
    if from_logits:
        return -(target * activations.log_sigmoid(output) + (1 - target) * activations.log_sigmoid(-output))
    p = _probabilities(output)
    return -(target * np.log(p) + (1 - target) * np.log1p(-p))


def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """−Σ t log p along the axis of classes. Source: `keras.ops.categorical_crossentropy`."""
    target, output = _same_shape(target, output)
    if not target.ndim:
        raise ValueError("Arguments `target` and `output` must be at least rank 1; both are single numbers.")
    return -np.sum(target * _log_shares(output, from_logits, axis), axis=axis)


def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """`categorical_crossentropy` for targets that are labels. Source:
    `keras.ops.sparse_categorical_crossentropy`.
    """
    output, labels = floating(output), tensor(target, "int64")
    if not output.ndim:
        raise ValueError(f"Argument `output` must be at least rank 1. Received: output.shape={output.shape}")
    scores = np.moveaxis(_log_shares(output, from_logits, axis), axis, -1)
    if labels.shape == (*scores.shape[:-1], 1):
        labels = labels.reshape(scores.shape[:-1])
    if labels.shape != scores.shape[:-1]:
        raise ValueError(
            "Arguments `target` and `output` must have the same shape up until the last dimension: "
            f"target.shape={labels.shape}, output.shape={output.shape}"
        )
    return -np.take_along_axis(scores, np.expand_dims(labels, -1), axis=-1)[..., 0]


def _log_shares(output: Any, from_logits: bool, axis: int) -> Any:
    if from_logits:
        return activations.log_softmax(output, axis)
    return np.log(_probabilities(output / np.sum(output, axis=axis, keepdims=True)))


# --- normalisation ---------------------------------------------------------------------------------------


def normalize(x: Any, axis: int = -1, order: int = 2, epsilon: float | None = None) -> Any:
    """x / max(‖x‖, ε), with the norm of that order along an axis. Source: `keras.ops.normalize`."""
    if isinstance(order, bool) or not isinstance(order, int) or order < 1:
        raise ValueError(f"Argument `order` must be an int >= 1. Received: order={order}")
    x = floating(x)
    x = x.reshape(1) if not x.ndim else x
    least = fuzz() if epsilon is None else epsilon
    if order == 2:  # the root of what is at least ε² has a slope also at 0
        return x / np.sqrt(np.maximum(np.sum(np.square(x), axis=axis, keepdims=True), least * least))
    return x / np.maximum(norm(x, order, axis, keepdims=True), least)


def batch_normalization(
    x: Any, mean: Any, variance: Any, axis: int, offset: Any = None, scale: Any = None, epsilon: float = 1e-3
) -> Any:
    """(x − mean) / √(variance + ε) · scale + offset, each a vector along an axis. Source:
    `keras.ops.batch_normalization`.
    """
    x = floating(x)
    along = tuple(-1 if k == axis % x.ndim else 1 for k in range(x.ndim))

    def vector(name: str, value: Any) -> Any:
        value = tensor(value, x.dtype)
        if value.shape != (x.shape[axis],):
            raise ValueError(
                f"Arguments `{name}` must be a vector of length `x.shape[axis]`. Expected: "
                f"`({x.shape[axis]},)`. Received: `{value.shape}`."
            )
        return value.reshape(along)

    factor = 1 / np.sqrt(vector("variance", variance) + epsilon)
    if scale is not None:
        factor = factor * vector("scale", scale)
    y = (x - vector("mean", mean)) * factor
    return y if offset is None else y + vector("offset", offset)


def layer_normalization(
    x: Any, gamma: Any = None, beta: Any = None, axis: Any = -1, epsilon: float | None = None, **old: Any
) -> Any:
    """(x − its mean) / √(its variance + ε) · gamma + beta, over axes of each sample. Source:
    `keras.ops.layer_normalization`.
    """
    if old.pop("rms_scaling", False):
        warnings.warn(
            "You passed `rms_scaling=True`, which is deprecated: `rms_normalization` is what it does.",
            UserWarning,
            stacklevel=2,
        )
        return rms_normalization(x, gamma, axis, epsilon)
    x = floating(x)
    mean, variance = _moments(x, axis, keepdims=True)
    y = (x - mean) / np.sqrt(variance + (fuzz() if epsilon is None else epsilon))
    for value, join in ((gamma, np.multiply), (beta, np.add)):
        y = y if value is None else join(y, _spread(tensor(value, x.dtype), x, axis))
    return y


def rms_normalization(x: Any, scale: Any = None, axis: Any = -1, epsilon: float | None = None) -> Any:
    """x / √(the mean of x² + ε) · scale. Source: `keras.ops.rms_normalization`."""
    x = floating(x)
    y = x / np.sqrt(_mean(np.square(x), axis, True) + (fuzz() if epsilon is None else epsilon))
    return y if scale is None else y * _spread(tensor(scale, x.dtype), x, axis)


def _spread(value: Any, x: Any, axis: Any) -> Any:
    """A factor for these axes of x, of a shape that broadcasts with x."""
    axes = {k % x.ndim for k in (axis if isinstance(axis, list | tuple) else (axis,))}
    if value.ndim != len(axes):
        return value
    return value.reshape(tuple(n if k in axes else 1 for k, n in enumerate(x.shape)))


# --- and -------------------------------------------------------------------------------------------------


def dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: Any = None,
    attn_logits_soft_cap: Any = None,
) -> Any:
    """softmax(q kᵀ · scale + bias) v, for each head: (batch, length, heads, width). Source: Vaswani et al.,
    2017; `keras.ops.dot_product_attention`.

    Heads of the query may share keys: their number is a multiple of the keys'.
    """
    if flash_attention or attn_logits_soft_cap is not None:
        raise ValueError("flash_attention and attn_logits_soft_cap are for other hardware; leave them out.")
    query, key, value = together(query, key, value, floats=True)
    if not query.ndim == key.ndim == value.ndim == 4:
        raise ValueError(
            f"`dot_product_attention` only supports 4D inputs. Received: query.shape={query.shape}, "
            f"key.shape={key.shape}, value.shape={value.shape}."
        )
    shared = query.shape[2] // key.shape[2]
    if shared > 1:
        key, value = np.repeat(key, shared, axis=2), np.repeat(value, shared, axis=2)
    scores = np.einsum("bqhd,bkhd->bhqk", query, key)
    scores = scores * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    scores = scores if bias is None else scores + tensor(bias, scores.dtype)
    allowed = None if mask is None else tensor(mask, "bool")
    if is_causal:
        past = np.tril(np.ones(scores.shape[-2:], bool))
        allowed = past if allowed is None else np.logical_and(allowed, past)
    if allowed is not None:
        scores = np.where(allowed, scores, tensor(float(np.finfo(scores.dtype).min) * 0.7, scores.dtype))
    return np.einsum("bhqk,bkhd->bqhd", activations.softmax(scores), value)


def psnr(x1: Any, x2: Any, max_val: float) -> Any:
    """10 log₁₀(max_val² / the mean square difference). Source: `keras.ops.psnr`."""
    x1, x2 = together(x1, x2, floats=True)
    if x1.shape != x2.shape:
        raise ValueError(f"Input shapes must match; got {x1.shape} and {x2.shape}.")
    error = np.mean(np.square(x1 - x2))
    return 20 * math.log10(max_val) - 10 * np.log10(error)
