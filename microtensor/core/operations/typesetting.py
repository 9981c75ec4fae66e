"""How a formula becomes Unicode or LaTeX: its Python expression is parsed, and written in that notation."""

from __future__ import annotations

import ast

_SUPERSCRIPT = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
)
_GREEK = {"alpha": ("α", r"\alpha"), "sigma": ("σ", r"\sigma"), "pi": ("π", r"\pi"), "inf": ("∞", r"\infty")}
_COMPARE: dict[type, tuple[str, str]] = {
    ast.Gt: (">", ">"),
    ast.GtE: ("≥", r"\ge"),
    ast.Lt: ("<", "<"),
    ast.LtE: ("≤", r"\le"),
    ast.Eq: ("=", "="),
    ast.NotEq: ("≠", r"\ne"),
}
# How tightly an expression binds: a weaker one inside a stronger one stands in brackets.
_SUM, _PRODUCT, _MINUS, _POWER, _ATOM = range(1, 6)
_WRAPPED = {  # name: (Unicode, LaTeX), each with one place for the argument
    "sqrt": ("√{}", r"\sqrt{{{}}}"),
    "abs": ("|{}|", r"\left|{}\right|"),
    "sum": ("Σ {}", r"\sum {}"),
    "mean": ("mean({})", r"\operatorname{{mean}}\left({}\right)"),
}
_UPRIGHT = {
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "max",
    "min",
}  # LaTeX has commands for these


def typeset(formula: str, form: int) -> str:
    """A formula in form 0 (Unicode) or 1 (LaTeX); text that is no expression stays as it is."""
    try:
        tree = ast.parse(formula, mode="eval").body
    except SyntaxError:
        return str(formula)
    return _write(tree, form)[0]


def _write(node: ast.expr, form: int) -> tuple[str, int]:
    """An expression in form 0 (Unicode) or 1 (LaTeX), and how tightly it binds."""
    match node:
        case ast.Name(id=name):
            upright = rf"\mathrm{{{name}}}".replace("_", r"\_") if len(name) > 1 else name
            return _GREEK.get(name, (name, upright))[form], _ATOM
        case ast.Constant(value=value):
            return str(value), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return ("-" if form else "−") + _inside(operand, form, _MINUS), _MINUS
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(left, op, right, form)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return f"{_inside(left, form)} {_COMPARE[type(op)][form]} {_inside(right, form)}", 0
        case ast.IfExp(test=test, body=body, orelse=other):
            yes, no, when = (_inside(part, form) for part in (body, other, test))
            if form:
                return rf"\begin{{cases}} {yes} & {when} \\ {no} & \text{{otherwise}} \end{{cases}}", _ATOM
            return f"{yes} if {when}, else {no}", 0
        case ast.Attribute(value=value, attr="T" | "mT"):
            return _inside(value, form, _POWER) + ("^T" if form else "ᵀ"), _POWER
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call(name, args, form)
    return ast.unparse(node), _ATOM


def _binary(left: ast.expr, op: ast.operator, right: ast.expr, form: int) -> tuple[str, int]:
    match op:
        case ast.Add():
            return f"{_inside(left, form, _SUM)} + {_inside(right, form, _SUM)}", _SUM
        case ast.Sub():
            return (
                f"{_inside(left, form, _SUM)} {'-' if form else '−'} {_inside(right, form, _PRODUCT)}",
                _SUM,
            )
        case ast.Mult() | ast.MatMult():
            dot = r" \, " if form else "·" if isinstance(op, ast.Mult) else " "
            return _inside(left, form, _PRODUCT) + dot + _inside(right, form, _MINUS), _PRODUCT
        case ast.Div() if form:
            return rf"\frac{{{_inside(left, form)}}}{{{_inside(right, form)}}}", _ATOM
        case ast.Div():
            return f"{_inside(left, form, _PRODUCT)} / {_inside(right, form, _MINUS)}", _PRODUCT
        case ast.Pow():
            return _inside(left, form, _ATOM) + _raised(_inside(right, form), form), _POWER
    return ast.unparse(ast.BinOp(left, op, right)), _SUM


def _call(name: str, args: list[ast.expr], form: int) -> tuple[str, int]:
    inner = ", ".join(_inside(arg, form) for arg in args)
    if name == "exp" and len(args) == 1:
        return "e" + _raised(inner, form), _POWER
    if name in _WRAPPED and len(args) == 1:
        atom = name == "sqrt" and not form
        return _WRAPPED[name][form].format(_inside(args[0], form, _ATOM) if atom else inner), _POWER
    if form:
        head = rf"\{name}" if name in _UPRIGHT else rf"\operatorname{{{name}}}".replace("_", r"\_")
        return rf"{head}\left({inner}\right)", _ATOM
    return f"{_GREEK.get(name, (name, ''))[0]}({inner})", _ATOM


def _raised(exponent: str, form: int) -> str:
    if form:
        return f"^{{{exponent}}}"
    small = exponent.replace("−", "-").replace(" ", "").replace("·", "")
    return (
        small.translate(_SUPERSCRIPT)
        if all(map(_SUPERSCRIPT.__contains__, map(ord, small)))
        else f"^({exponent})"
    )


def _inside(node: ast.expr, form: int, least: int = 0) -> str:
    text, binding = _write(node, form)
    if binding >= least:
        return text
    return rf"\left({text}\right)" if form else f"({text})"
