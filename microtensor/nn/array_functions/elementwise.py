"""Functions element by element: of one tensor, and of two that broadcast."""

from __future__ import annotations

import math
from typing import Any

from ...core import Operation, Tensor
from ...core.operations import special
from .entering import binary, floating, is_float_dtype, np, standardize_dtype, tensor, together, unary

# --- of one ----------------------------------------------------------------------------------------------

abs = absolute = unary(np.absolute, name="abs")
negative = unary(np.negative)
square = unary(lambda x: np.square(tensor(x, "int32") if x.dtype == bool else x), name="square")
sign = unary(np.sign)
ceil = unary(np.ceil, floats=True)
floor = unary(np.floor, floats=True)
trunc = unary(lambda x: np.trunc(x) if x.dtype.kind == "f" else x, name="trunc")
reciprocal = unary(np.reciprocal, floats=True)
sqrt = unary(np.sqrt, floats=True)
cbrt = unary(np.cbrt, floats=True)
exp = unary(np.exp, floats=True)
exp2 = unary(np.exp2, floats=True)
expm1 = unary(np.expm1, floats=True)
log = unary(np.log, floats=True)
log2 = unary(np.log2, floats=True)
log10 = unary(np.log10, floats=True)
log1p = unary(np.log1p, floats=True)
sin = unary(np.sin, floats=True)
cos = unary(np.cos, floats=True)
tan = unary(np.tan, floats=True)
arcsin = unary(np.arcsin, floats=True)
arccos = unary(np.arccos, floats=True)
arctan = unary(np.arctan, floats=True)
sinh = unary(np.sinh, floats=True)
cosh = unary(np.cosh, floats=True)
arcsinh = unary(np.arcsinh, floats=True)
arccosh = unary(np.arccosh, floats=True)
arctanh = unary(np.arctanh, floats=True)
sinc = unary(np.sinc, floats=True)
erf = unary(special.erf, floats=True)
erfc = unary(special.erfc, floats=True)
isfinite = unary(np.isfinite)
isinf = unary(np.isinf)
isnan = unary(np.isnan)
isposinf = unary(lambda x: np.equal(x, math.inf), name="isposinf")
isneginf = unary(lambda x: np.equal(x, -math.inf), name="isneginf")
signbit = unary(Operation("signbit", np.signbit))
logical_not = unary(np.logical_not)
bitwise_invert = bitwise_not = unary(Operation("bitwise_invert", np.invert))


def rsqrt(x: Any) -> Any:
    """1 / √x. Source: `keras.ops.rsqrt`."""
    return 1 / np.sqrt(floating(x))


def fabs(x: Any) -> Any:
    """|x|, in floats. Source: `keras.ops.fabs`."""
    return np.absolute(floating(x))


def round(x: Any, decimals: int = 0) -> Any:
    """To the nearest, halves to the even one. Source: `keras.ops.round`."""
    return np.round(tensor(x), decimals)


def deg2rad(x: Any) -> Any:
    """x · π/180. Source: `keras.ops.deg2rad`."""
    return floating(x) * (math.pi / 180)


def rad2deg(x: Any) -> Any:
    """x · 180/π. Source: `keras.ops.rad2deg`."""
    return floating(x) * (180 / math.pi)


def _erfinv(y: Any) -> Any:
    """Newton's steps in float64 from Winitzki's approximation: on erf, and in the tails on log erfc."""
    inside = np.abs(y) < 1
    t = np.where(inside, np.abs(y), 0).astype(np.float64)
    tail, half_root = 1 - t, math.sqrt(math.pi) / 2
    log = np.log1p(-t * t)
    a = 2 / (math.pi * 0.147) + log / 2
    x = np.sqrt(np.sqrt(a * a - log / 0.147) - a)
    for _ in range(4):
        slope = half_root * np.exp(x * x)
        rest = special.erfc.forward(x)
        step = np.where(t < 0.5, t - special.erf.forward(x), rest * np.log(rest / tail))
        x = x + step * slope
    beyond = np.where(np.abs(y) == 1, np.inf, np.nan)
    return np.copysign(np.where(inside, x, beyond), y).astype(y.dtype)


erfinv = unary(
    Operation(
        "erfinv",
        _erfinv,
        lambda g, y, x: g * np.exp(y * y) * (math.sqrt(math.pi) / 2),
        elementwise=True,
        doc="The number whose erf is x.",
    ),
    floats=True,
)


def nan_to_num(x: Any, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Any:
    """x with numbers for NaN, inf and −inf; None: the dtype's largest and smallest. Source:
    `keras.ops.nan_to_num`.
    """
    x = tensor(x)
    if x.dtype.kind != "f":
        return x
    limits = np.finfo(x.dtype)
    x = np.where(np.isnan(x), tensor(nan, x.dtype), x)
    high = float(limits.max) if posinf is None else posinf
    low = float(limits.min) if neginf is None else neginf
    x = np.where(np.equal(x, math.inf), tensor(high, x.dtype), x)
    return np.where(np.equal(x, -math.inf), tensor(low, x.dtype), x)


def clip(x: Any, x_min: Any, x_max: Any) -> Any:
    """x cut to [x_min, x_max]. Source: `keras.ops.clip`."""
    x = tensor(x)
    x = tensor(x, "int32") if x.dtype == bool else x
    if all_numbers(x_min, x_max) and x.dtype.kind == "f":
        return np.clip(x, x_min, x_max)
    return np.minimum(np.maximum(x, tensor(x_min, x.dtype)), tensor(x_max, x.dtype))


def all_numbers(*xs: Any) -> bool:
    """Are they all Python's own numbers?"""
    return all(type(x) in (int, float) for x in xs)


def cast(x: Any, dtype: Any) -> Any:
    """The same numbers in another dtype. Source: `keras.ops.cast`."""
    return tensor(x, standardize_dtype(dtype))


def saturate_cast(x: Any, dtype: Any) -> Any:
    """In another dtype; what is beyond its range is its largest or smallest number. Source:
    `keras.ops.saturate_cast`.
    """
    x, wanted = tensor(x), standardize_dtype(dtype)
    if wanted == "bool" or x.dtype == bool:
        return tensor(x, wanted)
    limits = np.finfo(wanted) if is_float_dtype(wanted) else np.iinfo(wanted)
    own = np.finfo(x.dtype) if x.dtype.kind == "f" else np.iinfo(x.dtype)
    low, high = max(limits.min, own.min), min(limits.max, own.max)
    while high < own.max and int(np.asarray(high, x.dtype)) > limits.max:
        high = np.nextafter(np.asarray(high, x.dtype), np.asarray(0, x.dtype))
    bounds = (np.asarray(low).astype(x.dtype), np.asarray(high).astype(x.dtype))
    return tensor(np.minimum(np.maximum(x, bounds[0]), bounds[1]), wanted)


# --- of two ----------------------------------------------------------------------------------------------

add = binary(np.add)
subtract = binary(np.subtract)
multiply = binary(np.multiply)
divide = true_divide = binary(np.divide, floats=True)
floor_divide = binary(np.floor_divide, least="int32")
mod = binary(np.remainder, name="mod", least="int32")
fmod = binary(
    Operation(
        "fmod", np.fmod, lambda g, y, a, b: g, lambda g, y, a, b: -g * np.trunc(a / b), elementwise=True
    ),
    least="int32",
)
power = binary(np.power, least="int32")
maximum = binary(np.maximum)
minimum = binary(np.minimum)
fmax = binary(np.fmax)
fmin = binary(np.fmin)
hypot = binary(np.hypot, floats=True)
arctan2 = binary(np.arctan2, floats=True)
logaddexp = binary(np.logaddexp, floats=True)
heaviside = binary(
    Operation(
        "heaviside", np.heaviside, lambda g, y, a, b: g * 0, lambda g, y, a, b: g * (a == 0), elementwise=True
    ),
    floats=True,
)
nextafter = binary(Operation("nextafter", np.nextafter), floats=True)
equal = binary(np.equal)
not_equal = binary(np.not_equal)
less = binary(np.less)
less_equal = binary(np.less_equal)
greater = binary(np.greater)
greater_equal = binary(np.greater_equal)
gcd = binary(Operation("gcd", np.gcd), least="int32")
lcm = binary(Operation("lcm", np.lcm), least="int32")


def logaddexp2(x1: Any, x2: Any) -> Any:
    """log₂(2^x1 + 2^x2). Source: `keras.ops.logaddexp2`."""
    x1, x2 = together(x1, x2, floats=True)
    return np.logaddexp(x1 * math.log(2), x2 * math.log(2)) / math.log(2)


def divide_no_nan(x1: Any, x2: Any) -> Any:
    """x1 / x2, and 0 where x2 is 0. Source: `keras.ops.divide_no_nan`."""
    x1, x2 = together(x1, x2, floats=True)
    nothing = np.equal(x2, 0)
    return np.where(nothing, tensor(0, x1.dtype), x1 / np.where(nothing, tensor(1, x2.dtype), x2))


def ldexp(x1: Any, x2: Any) -> Any:
    """x1 · 2^x2. Source: `keras.ops.ldexp`."""
    x1, x2 = floating(x1), tensor(x2)
    if x2.dtype.kind not in "iu":
        raise TypeError(f"ldexp exponent must be an integer type. Received: x2 dtype={x2.dtype}")
    return x1 * np.exp2(tensor(x2, x1.dtype))


def logical_and(x1: Any, x2: Any) -> Any:
    """Are both true (not 0)? Source: `keras.ops.logical_and`."""
    return np.logical_and(tensor(x1), tensor(x2))


def logical_or(x1: Any, x2: Any) -> Any:
    """Is one of them true (not 0)? Source: `keras.ops.logical_or`."""
    return np.logical_or(tensor(x1), tensor(x2))


def logical_xor(x1: Any, x2: Any) -> Any:
    """Is exactly one of them true (not 0)? Source: `keras.ops.logical_xor`."""
    return np.logical_xor(tensor(x1), tensor(x2))


def isclose(x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    """Is |x1 − x2| ≤ atol + rtol · |x2|? Source: `keras.ops.isclose`."""
    x1, x2 = together(x1, x2)
    near = Operation("isclose", lambda a, b, rtol=rtol, atol=atol: np.isclose(a, b, rtol, atol, equal_nan))
    return near(x1, x2)


def allclose(x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    """Are all elements close? Source: `keras.ops.allclose`."""
    return np.all(isclose(x1, x2, rtol, atol, equal_nan))


def _bits(name: str, function: Any) -> Any:
    operation = Operation(name, function)

    def on_bits(x: Any, y: Any) -> Any:
        return operation(*together(x, y))

    on_bits.__name__ = on_bits.__qualname__ = name
    on_bits.__doc__ = f"np.{function.__name__}, of integers. Source: `keras.ops.{name}`."
    return on_bits


bitwise_and = _bits("bitwise_and", np.bitwise_and)
bitwise_or = _bits("bitwise_or", np.bitwise_or)
bitwise_xor = _bits("bitwise_xor", np.bitwise_xor)
bitwise_left_shift = left_shift = _bits("bitwise_left_shift", np.left_shift)
bitwise_right_shift = right_shift = _bits("bitwise_right_shift", np.right_shift)


# --- of more ---------------------------------------------------------------------------------------------


def where(condition: Any, x1: Any = None, x2: Any = None) -> Any:
    """x1 where the condition holds, x2 elsewhere; alone, the indices of what is not 0. Source:
    `keras.ops.where`.
    """
    condition = tensor(condition)
    if x1 is None and x2 is None:
        return nonzero(condition)
    if x1 is None or x2 is None:
        raise ValueError("`x1` and `x2` either both should be `None` or both should have a value.")
    x1, x2 = together(x1, x2)
    return np.where(np.not_equal(condition, 0), x1, x2)


def nonzero(x: Any) -> Any:
    """For each axis, the indices of what is not 0. Source: `keras.ops.nonzero`."""
    return tuple(Tensor.wrap(index.astype(np.int32)) for index in np.nonzero(tensor(x).numpy()))


def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """For each element the choice whose condition holds first, or the default. Source: `keras.ops.select`."""
    *choices, default = together(*choicelist, default)
    for condition, choice in reversed(list(zip(condlist, choices, strict=True))):
        default = np.where(tensor(condition), choice, default)
    return default


def isin(x1: Any, x2: Any, assume_unique: bool = False, invert: bool = False) -> Any:
    """Is each element of x1 in x2? Source: `keras.ops.isin`."""
    x1, x2 = together(x1, x2)
    found = Operation("isin", lambda a, b: np.isin(a, b, assume_unique, invert))
    return found(x1, x2)
