"""Activations made of pieces: cheap, with corners, where the derivative is that of the flat side.

NaN must show: `np.where(x <= c, flat, x)` hands it on, `np.where(x > c, x, flat)` would hide it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .table import elementwise, operation

relu6 = elementwise(
    "relu6",
    lambda x: np.minimum(np.maximum(x, 0), 6),
    lambda g, y, x: g * ((x > 0) * (x < 6)),
    formula="min(max(x, 0), 6)",
    local="(x > 0) * (x < 6)",
    convention="relu6'(0) = relu6'(6) = 0",
    doc="f(x) = min(max(x, 0), 6). Source: Krizhevsky, 2010.",
)
clipped_relu = elementwise(
    "clipped_relu",
    lambda x, negative_slope=0.0, max_value=np.inf, threshold=0.0: np.where(
        x <= threshold,
        negative_slope * (x - threshold) if negative_slope else 0,  # not 0 * inf, which is NaN
        np.minimum(x, max_value),
    ),
    lambda g, y, x, negative_slope=0.0, max_value=np.inf, threshold=0.0: np.where(
        x <= threshold, negative_slope * g, g * (x < max_value)
    ),
    formula="negative_slope * (x - threshold) if x <= threshold else min(x, max_value)",
    local="negative_slope if x <= threshold else x < max_value",
    convention="at the threshold the value is 0 and the derivative negative_slope; at max_value it is 0",
    doc="""The relu with everything that Keras lets one set: negative_slope · (x − threshold)
    up to the threshold, x above it, and never more than max_value.
    """,
)
threshold = elementwise(
    "threshold",
    lambda x, threshold=0.0, default_value=0.0: np.where(x <= threshold, default_value, x),
    lambda g, y, x, threshold=0.0, default_value=0.0: g * (x > threshold),
    formula="x if x > threshold else default_value",
    local="x > threshold",
    convention="at the threshold the value is default_value and the derivative 0",
    doc="f(x) = x where x > threshold, default_value elsewhere.",
)
hard_sigmoid = elementwise(
    "hard_sigmoid",
    lambda x: np.minimum(np.maximum(x + 3, 0), 6) / 6,
    lambda g, y, x: g * (np.abs(x) < 3) / 6,
    formula="min(max(x + 3, 0), 6) / 6",
    local="(abs(x) < 3) / 6",
    convention="hard_sigmoid'(-3) = hard_sigmoid'(3) = 0",
    doc="A sigmoid of three straight pieces: 0 up to −3, 1 from 3 on. Source: Courbariaux et al., 2015.",
)
hard_tanh = elementwise(
    "hard_tanh",
    lambda x: np.minimum(np.maximum(x, -1), 1),
    lambda g, y, x: g * (np.abs(x) < 1),
    formula="min(max(x, -1), 1)",
    local="abs(x) < 1",
    convention="hard_tanh'(-1) = hard_tanh'(1) = 0",
    doc="A tanh of three straight pieces: x cut to [−1, 1]. Source: Collobert, 2004.",
)
hard_silu = elementwise(
    "hard_silu",
    lambda x: x * hard_sigmoid.forward(x),
    lambda g, y, x: g * (hard_sigmoid.on(x) + x * (np.abs(x) < 3) / 6),
    formula="x * min(max(x + 3, 0), 6) / 6",
    local="min(max(x + 3, 0), 6) / 6 + x * (abs(x) < 3) / 6",
    convention="hard_silu'(-3) = 0 and hard_silu'(3) = 1",
    doc="f(x) = x hard_sigmoid(x), also called hard_swish. Source: Howard et al., 2019 (MobileNetV3).",
)
hard_shrink = elementwise(
    "hard_shrink",
    lambda x, threshold=0.5: np.where(np.abs(x) <= threshold, 0, x),
    lambda g, y, x, threshold=0.5: g * (np.abs(x) > threshold),
    formula="x if abs(x) > threshold else 0",
    local="abs(x) > threshold",
    convention="at ±threshold value and derivative are 0",
    doc="f(x) = x where |x| > threshold, 0 elsewhere: small numbers are taken for noise.",
)
soft_shrink = elementwise(
    "soft_shrink",
    lambda x, threshold=0.5: x - np.minimum(np.maximum(x, -threshold), threshold),
    lambda g, y, x, threshold=0.5: g * (np.abs(x) > threshold),
    formula="sign(x) * max(abs(x) - threshold, 0)",
    local="abs(x) > threshold",
    convention="the derivative at ±threshold is 0",
    doc="""Every number moved towards 0 by `threshold`, those within it to 0: the step of the lasso.

    Source: Donoho and Johnstone, 1994.
    """,
)
tanh_shrink = elementwise(
    "tanh_shrink",
    lambda x: x - np.tanh(x),
    lambda g, y, x: g * np.square(np.tanh(x)),
    formula="x - tanh(x)",
    local="tanh(x) ** 2",
    doc="f(x) = x − tanh(x): flat at 0, and x ∓ 1 far from it.",
)
sparse_sigmoid = elementwise(
    "sparse_sigmoid",
    lambda x: np.minimum(np.maximum(x + 1, 0), 2) / 2,
    lambda g, y, x: g * (np.abs(x) < 1) / 2,
    formula="min(max(x + 1, 0), 2) / 2",
    local="(abs(x) < 1) / 2",
    convention="sparse_sigmoid'(-1) = sparse_sigmoid'(1) = 0",
    doc="sparsemax of the pair (x, 0), its first number: 0 up to −1, (x + 1) / 2 between, 1 from 1 on.",
)
sparse_plus = elementwise(
    "sparse_plus",
    # The clipped x in the middle piece: the square of a large number that is not wanted could overflow.
    lambda x: np.where(x >= 1, x, np.square(np.minimum(np.maximum(x, -1), 1) + 1) / 4),
    lambda g, y, x: g * sparse_sigmoid.on(x),
    formula="x if x >= 1 else max(x + 1, 0) ** 2 / 4",
    local="min(max(x + 1, 0), 2) / 2",
    doc="""A softplus that is 0 up to −1 and x from 1 on, with (x + 1)² / 4 between.

    Its derivative is the sparse sigmoid, as softplus' is the sigmoid.
    """,
)


def _sparsemax(x: Any, axis: int = -1) -> Any:
    z = x - np.max(x, axis=axis, keepdims=True)
    falling = np.flip(np.sort(z, axis=axis), axis=axis)
    ranks = np.arange(1, z.shape[axis] + 1, dtype=z.dtype).reshape(_along(axis, z))
    sums = np.cumsum(falling, axis=axis) - 1
    count = (ranks * falling > sums).sum(axis=axis, keepdims=True)  # so many of the largest are not 0
    tau = np.take_along_axis(sums, np.maximum(count - 1, 0), axis) / np.maximum(count, 1).astype(z.dtype)
    return np.maximum(z - tau, 0)


def _along(axis: int, x: Any) -> tuple[int, ...]:
    """The shape of a vector that lies along an axis of x."""
    return tuple(-1 if k == axis % x.ndim else 1 for k in range(x.ndim))


def _on_support(g: Any, y: Any, axis: int) -> Any:
    support = y > 0
    mean = (g * support).sum(axis=axis, keepdims=True) / support.sum(axis=axis, keepdims=True)
    return support * (g - mean)


sparsemax = operation(
    "sparsemax",
    _sparsemax,
    lambda g, y, x, axis=-1: _on_support(g, y, axis),
    floats=True,
    formula="max(x - tau, 0)",
    local="(y > 0) * (g - sum(g * (y > 0)) / sum(y > 0))",
    convention="an element that reaches 0 exactly counts as 0, and gets no gradient",
    doc="""Of the points whose elements are ≥ 0 and sum to 1 along `axis`, the nearest to x.

    A softmax with zeros: f(x)ᵢ = max(xᵢ − τ, 0), with the τ for which the sum is 1.
    Source: Martins and Astudillo, 2016.
    """,
)
