"""Expressions: what an elementwise operation is in C, for one element.

The one idea: a table. `{a}` and `{b}` are the operands, already of the type in which NumPy computes (`loop`
says which), and `{f}` is the ending that C gives to functions of that type: `sqrtf` for float, `sqrt` for
double. NaN and inf behave as they do in NumPy; `{a}` is a name, so that it may stand in a formula twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import Row, Value

C_TYPES = {
    np.dtype("f4"): "float",
    np.dtype("f8"): "double",
    np.dtype("i4"): "int32_t",
    np.dtype("i8"): "int64_t",
    np.dtype("?"): "uint8_t",  # 0 or 1; loops over `bool` become no vector instructions
}

FLOATS = {  # real functions of real numbers
    "divide": "{a} / {b}",
    "power": "pow{f}({a}, {b})",
    "float_power": "pow{f}({a}, {b})",
    "reciprocal": "1 / {a}",
    "cbrt": "cbrt{f}({a})",
    "hypot": "hypot{f}({a}, {b})",
    "exp": "fast_exp{f}({a})",
    "log": "log{f}({a})",
    "sqrt": "sqrt{f}({a})",
    "tanh": "fast_tanh{f}({a})",
    "expm1": "expm1{f}({a})",
    "exp2": "exp2{f}({a})",
    "log1p": "log1p{f}({a})",
    "log2": "log2{f}({a})",
    "log10": "log10{f}({a})",
    "sin": "sin{f}({a})",
    "cos": "cos{f}({a})",
    "tan": "tan{f}({a})",
    "arcsin": "asin{f}({a})",
    "arccos": "acos{f}({a})",
    "arctan": "atan{f}({a})",
    "arctan2": "atan2{f}({a}, {b})",
    "sinh": "sinh{f}({a})",
    "cosh": "cosh{f}({a})",
    "arcsinh": "asinh{f}({a})",
    "arccosh": "acosh{f}({a})",
    "arctanh": "atanh{f}({a})",
    "logaddexp": "{a} == {b} ? {a} + 0.6931471805599453 : {a} > {b} ? {a} + log1p{f}(fast_exp{f}({b} - {a}))"
    " : {b} + log1p{f}(fast_exp{f}({a} - {b}))",
    "erf": "erf{f}({a})",
    "erfc": "erfc{f}({a})",
    "floor": "floor{f}({a})",
    "ceil": "ceil{f}({a})",
    "trunc": "trunc{f}({a})",
    "rint": "rint{f}({a})",
}
NUMBERS = {  # of integers as well
    "add": "{a} + {b}",
    "subtract": "{a} - {b}",
    "multiply": "{a} * {b}",
    "negative": "-{a}",
    "positive": "{a}",
    "square": "{a} * {a}",
    "abs": "{a} < 0 ? -{a} : {a} + 0",  # |-0.0| = 0.0
    "sign": "{a} != {a} ? {a} : ({a} > 0) - ({a} < 0)",
    "maximum": "{a} > {b} || {a} != {a} ? {a} : {b}",  # a NaN on either side is the result
    "minimum": "{a} < {b} || {a} != {a} ? {a} : {b}",
    "fmax": "{a} > {b} || {b} != {b} ? {a} : {b}",
    "fmin": "{a} < {b} || {b} != {b} ? {a} : {b}",
    "identity": "{a}",
    "where": "{condition} ? {a} : {b}",
}
TRUTHS = {  # true or false, of all types
    "equal": "{a} == {b}",
    "not_equal": "{a} != {b}",
    "less": "{a} < {b}",
    "less_equal": "{a} <= {b}",
    "greater": "{a} > {b}",
    "greater_equal": "{a} >= {b}",
    "logical_and": "{a} != 0 && {b} != 0",
    "logical_or": "{a} != 0 || {b} != 0",
    "logical_xor": "({a} != 0) != ({b} != 0)",
    "logical_not": "{a} == 0",
    "isnan": "{a} != {a}",
    "isinf": "isinf((double){a})",
    "isfinite": "isfinite((double){a})",
}
POWERS = {2: "{a} * {a}", 1: "{a}", 0.5: "sqrt{f}({a})", -1: "1 / {a}", 3: "{a} * {a} * {a}"}


def expression(row: Row, operands: list[str]) -> str | None:
    """One element of `row.result`, from the C names of its operands; None: this operation is not known here.

    Names of numbers of Python's are None in `operands`: they are written as literals.
    """
    name, result = row.operation.name, row.result
    if result.dtype not in C_TYPES or any(x.dtype not in C_TYPES for x in row.values):
        return None
    if name == "astype":
        return converted(operands[0], row.inputs[0].dtype, result.dtype)
    if name == "clip":
        return _clip(row, operands)
    types = loop(row)
    if types is None or row.params:
        return None
    form = _form(row, types)
    if form is None:
        return None
    args = [
        converted(operand, x.dtype, dtype) if isinstance(x, Value) else literal(x, dtype)
        for operand, x, dtype in zip(operands, row.inputs, types, strict=False)
    ]
    if None in args:
        return None
    names = ("condition", "a", "b") if name == "where" else ("a", "b")
    text = form.format(f="f" if types[0] == np.float32 else "", **dict(zip(names, args, strict=False)))
    return f"({C_TYPES[result.dtype]})({text})" if result.dtype != types[-1] else text


def _form(row: Row, types: list[np.dtype]) -> str | None:
    """The formula of the table, if it holds for operands of these types."""
    name, kinds = row.operation.name, {dtype.kind for dtype in types}
    if name == "power" and kinds == {"f"} and not isinstance(row.inputs[1], Value):
        return POWERS.get(row.inputs[1], FLOATS[name])
    if name in FLOATS:
        return FLOATS[name] if kinds == {"f"} else None
    if name == "where":
        return NUMBERS[name]
    if name in NUMBERS:
        return NUMBERS[name] if kinds <= {"f", "i"} or name == "identity" else None
    return TRUTHS.get(name)


def loop(row: Row) -> list[np.dtype] | None:
    """The types in which NumPy computes, of each operand and of the result; None: C has no such type."""
    forward = row.operation.forward
    given: list[Any] = [x.dtype if isinstance(x, Value) else type(x) for x in row.inputs]
    if row.operation.name == "where":
        types = [np.dtype(bool), row.result.dtype, row.result.dtype, row.result.dtype]
    elif isinstance(forward, np.ufunc) and forward.nout == 1 and forward.nin == len(given):
        try:
            types = list(forward.resolve_dtypes((*given, None)))
        except TypeError:
            return None
    else:
        types = [row.result.dtype] * (len(given) + 1)  # erf, identity: of one type
    return types if all(dtype in C_TYPES for dtype in types) else None


def converted(text: str, old: np.dtype, new: np.dtype) -> str | None:
    """A number of one type as one of another. NaN has no integer: C promises nothing there, nor do we."""
    if old == new:
        return text
    if new.kind == "b":
        return f"({text} != 0)"
    return None if old.kind == "f" and new.kind != "f" else f"({C_TYPES[new]}){text}"


def literal(number: Any, dtype: np.dtype) -> str | None:
    """A number as it is written in C: exactly the number that NumPy would take."""
    try:
        with np.errstate(all="ignore"):
            x = dtype.type(number)
    except (OverflowError, TypeError, ValueError):
        return None
    if dtype.kind == "b":
        return str(bool(x)).lower()
    if dtype.kind == "i":
        smallest = np.iinfo(dtype).min
        return f"({int(x)})" if x > smallest else f"(-{-(int(x) + 1)} - 1)"
    if np.isnan(x):
        return "NAN"
    if np.isinf(x):
        return "INFINITY" if x > 0 else "(-INFINITY)"
    text = str(x) if any(mark in str(x) for mark in ".e") else f"{x}.0"
    text += "f" if dtype == np.float32 else ""
    return f"({text})" if text.startswith("-") else text


def _clip(row: Row, operands: list[str]) -> str | None:
    dtype, text = row.result.dtype, "{a}"
    if len(row.inputs) != 1 or row.inputs[0].dtype != dtype or dtype.kind not in "fi":
        return None
    low, high = row.params.get("a_min"), row.params.get("a_max")
    for bound, comparison in ((low, "<"), (high, ">")):
        if bound is None:
            continue
        number = literal(bound, dtype) if isinstance(bound, int | float | np.floating) else None
        if number is None:
            return None
        text = f"({text} {comparison} {number} ? {number} : {text})"  # a NaN stays
    return text.format(a=operands[0])
