"""Activations that multiply x by a gate between 0 and 1: nearly x far right, nearly 0 far left.

Each gate is written so that it is exact in its left tail, where 1 + tanh or 1 + erf would cancel to 0.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .activation import sigmoid, softplus
from .special import erfc
from .table import elementwise, operation

silu = elementwise(
    "silu",
    lambda x: x * sigmoid.forward(x),
    lambda g, y, x: g * (sigmoid.on(x) + y * sigmoid.on(-x)),
    floats=True,
    formula="x / (1 + exp(-x))",
    local="1 / (1 + exp(-x)) + y / (1 + exp(x))",
    doc="f(x) = x σ(x), also called swish. Sources: Elfwing et al., 2017; Ramachandran et al., 2017.",
)


def _mish_slope(x: Any) -> Any:
    gate = np.tanh(softplus.on(x))
    return gate + x * (1 - gate * gate) * sigmoid.on(x)


mish = elementwise(
    "mish",
    lambda x: x * np.tanh(softplus.forward(x)),
    lambda g, y, x: g * _mish_slope(x),
    floats=True,
    formula="x * tanh(log(1 + exp(x)))",
    local="tanh(log(1 + exp(x))) + x * (1 - tanh(log(1 + exp(x))) ** 2) / (1 + exp(-x))",
    doc="f(x) = x tanh(softplus(x)). Source: Misra, 2019.",
)

# (1 + tanh u) / 2 is σ(2u), so the approximation of Φ(x) is σ(_STEEP (x + _CUBIC x³)).
_STEEP, _CUBIC = 2 * math.sqrt(2 / math.pi), 0.044715
_HALF, _BELL = math.sqrt(0.5), 1 / math.sqrt(2 * math.pi)


def _inner(x: Any) -> Any:
    return _STEEP * (x + _CUBIC * x * x * x)


def _gelu(x: Any, approximate: bool = False) -> Any:
    return x * (sigmoid.forward(_inner(x)) if approximate else erfc.on(-_HALF * x) / 2)


def _gelu_slope(y: Any, x: Any, approximate: bool) -> Any:
    if approximate:
        inner = _inner(x)
        return sigmoid.on(inner) + y * sigmoid.on(-inner) * (_STEEP * (1 + 3 * _CUBIC * x * x))
    return erfc.on(-_HALF * x) / 2 + x * (_BELL * np.exp(x * x / -2))


_E = f"exp(-{_STEEP} * (x + {_CUBIC} * x ** 3))"
gelu = elementwise(
    "gelu",
    _gelu,
    lambda g, y, x, approximate=False: g * _gelu_slope(y, x, approximate),
    floats=True,
    formula=f"x / (1 + {_E}) if approximate else x * erfc(-x / sqrt(2)) / 2",
    local=f"(1 + y * {_STEEP} * (1 + {3 * _CUBIC} * x ** 2) * {_E}) / (1 + {_E}) if approximate "
    "else erfc(-x / sqrt(2)) / 2 + x * exp(-x ** 2 / 2) / sqrt(2 * pi)",
    doc="""f(x) = x Φ(x), where Φ is the distribution function of the standard normal.

    With `approximate`, Φ(x) is (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. Source: Hendrycks and Gimpel, 2016.
    """,
)


def _halves(x: Any, axis: int) -> tuple[Any, Any]:
    """The first and the second half of an axis."""
    if not -x.ndim <= axis < x.ndim or x.shape[axis] % 2:
        raise ValueError(f"axis {axis} must be there and have an even length, to be halved; got {x.shape}")
    before, n = (slice(None),) * (axis % x.ndim), x.shape[axis] // 2
    return x[(*before, slice(0, n))], x[(*before, slice(n, None))]


def _glu(x: Any, axis: int = -1) -> Any:
    values, gates = _halves(x, axis)
    return values * sigmoid.forward(gates)


def _glu_vjp(g: Any, y: Any, x: Any, axis: int) -> Any:
    gates = _halves(x, axis)[1]
    return np.concatenate([g * sigmoid.on(gates), g * y * sigmoid.on(-gates)], axis=axis)


glu = operation(
    "glu",
    _glu,
    lambda g, y, x, axis=-1: _glu_vjp(g, y, x, axis),
    formula="a / (1 + exp(-b))",
    local="concatenate(g / (1 + exp(-b)), g * y / (1 + exp(b)))",
    doc="""The gated linear unit: a σ(b), where a and b are the halves of x along `axis`.

    Source: Dauphin et al., 2017.
    """,
)
