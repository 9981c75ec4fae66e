"""Formulas with the graph's own names: `y * (1 - y)` of the third operation reads `×h₃·(1 − h₃)`.

The one idea: the table of mathematics states each local derivative once, in the names of its own line (a,
b, x, y, and g for the gradient that arrives). A picture says what is done to g on the way back, so g
itself is left out: a factor stands after `×`, and a matrix stands on the side on which it multiplies:
`·Wᵀ`, `xᵀ·`.
"""

from __future__ import annotations

import ast
import functools
import inspect
import re
from collections.abc import Mapping
from typing import Any

from ..core import Operation
from ..core.operations.formula import Formula

Symbols = Mapping[str, str | float]  # what stands for a name of the table: a symbol, or a number

_PLACE = re.compile(
    r"Q(\d+)Q"
)  # stands for a symbol while the formula is typeset: no letter that has a superscript


def formula_text(operation: Operation, symbols: Symbols) -> str:
    """The operation's formula: `h₂ + b`, `1 / (1 + e^(−h₂))`."""
    tree = _parsed(operation.formula)
    return str(operation.formula) if tree is None else _typeset(tree, symbols)


def local_text(operation: Operation, argument: int, symbols: Symbols) -> str:
    """What the arriving gradient is multiplied with, on its way to that argument."""
    local = _local(operation, argument)
    tree = _parsed(local)
    if tree is None:
        return str(local) or "×∂"
    match tree:
        case ast.BinOp(left=ast.Name(id="g"), op=ast.MatMult(), right=factor):
            return "·" + _typeset(factor, symbols, brackets=True)
        case ast.BinOp(left=factor, op=ast.MatMult(), right=ast.Name(id="g")):
            return _typeset(factor, symbols, brackets=True) + "·"
    if "g" in _read(tree)[1]:
        return _typeset(tree, symbols)  # no factor of g: `y·(g − Σ g·y)`, gᵀ
    return "×" + _typeset(tree, symbols, brackets=True)


@functools.lru_cache(maxsize=1024)
def names_in(operation: Operation, argument: int) -> frozenset[str]:
    """The names that a local derivative is made of: {"y"} for sigmoid, whose derivative is y (1 − y).

    Of an operation that says nothing, or says it in words, every name: its inputs and y.
    """
    tree = _parsed(_local(operation, argument))
    if tree is None:
        return frozenset((*operation.data_names, "y"))
    return _read(tree)[1]


def _local(operation: Operation, argument: int) -> str:
    lines = operation.local
    return lines[argument] if argument < len(lines) else lines[0] if lines and operation.variadic else ""


@functools.lru_cache(maxsize=1024)
def defaults(operation: Operation) -> dict[str, Any]:
    """The numbers that metadata are when a call does not give them: {"negative_slope": 0.1}."""
    try:
        parameters = inspect.signature(operation.forward).parameters.values()
    except (ValueError, TypeError):  # NumPy's ufuncs have no signature that Python can read
        return {}
    return {p.name: p.default for p in parameters if type(p.default) in (int, float)}


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):  # a user's operation may describe itself in words
        return None


def _typeset(tree: ast.expr, symbols: Symbols, brackets: bool = False) -> str:
    formula, known = _read(tree)
    used = tuple((name, _plain(symbols[name])) for name in known if name in symbols)
    template, names, weak = _template(formula, used)
    text = _PLACE.sub(lambda match: str(symbols[names[int(match[1])]]), template)
    return f"({text})" if brackets and weak else text


@functools.lru_cache(maxsize=4096)
def _template(
    formula: str, symbols: tuple[tuple[str, str | float | None], ...]
) -> tuple[str, list[str], bool]:
    """(the formula, with `Q0Q` for the first symbol and so on; whose symbols these are; is it a sum?)

    A graph has the same few formulas thousands of times, with other symbols.
    """
    places: list[str] = []
    tree = _Named(dict(symbols), places).visit(ast.parse(formula, mode="eval").body)
    weak = isinstance(tree, ast.Compare | ast.IfExp | ast.UnaryOp) or (
        isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add | ast.Sub)
    )
    return Formula(ast.unparse(tree)).unicode, places, weak


@functools.lru_cache(maxsize=4096)
def _read(tree: ast.expr) -> tuple[str, frozenset[str]]:
    """(the formula as text, the names in it), of a tree that `_parsed` keeps, or of a part of one."""
    return ast.unparse(tree), frozenset(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))


def _plain(symbol: str | float) -> str | float | None:
    """A number, or a plain letter, which can stand as an exponent: eˣ. None: any other symbol."""
    is_letter = isinstance(symbol, str) and len(symbol) == 1 and "a" <= symbol <= "z"
    return symbol if is_letter or not isinstance(symbol, str) else None


class _Named(ast.NodeTransformer):
    """Puts symbols and numbers in the place of names, and computes what then is plain: 2·x²⁻¹ is 2·x."""

    def __init__(self, symbols: Mapping[str, str | float | None], places: list[str]) -> None:
        self.symbols, self.places = symbols, places

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.symbols:
            return node
        symbol = self.symbols[node.id]
        if isinstance(symbol, str):
            return ast.Name(symbol)
        if symbol is not None:
            return _number(symbol)
        self.places.append(node.id)
        return ast.Name(f"Q{len(self.places) - 1}Q")

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(arg) for arg in node.args]  # the function's name is not a variable
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        a, b = _value(left), _value(right)
        match node.op:
            case ast.Add() | ast.Sub() if a is not None and b is not None:
                return _number(a + b if isinstance(node.op, ast.Add) else a - b)
            case ast.Add() | ast.Sub() if b == 0:
                return left  # type: ignore[no-any-return]
            case ast.Pow() if b == 1:
                return left  # type: ignore[no-any-return]
            case ast.Mult() if a == 1 and a is not None:
                return right  # type: ignore[no-any-return]
        return ast.BinOp(left, node.op, right)


def _number(number: float) -> ast.expr:
    if number != number or number in (float("inf"), float("-inf")):
        name: ast.expr = ast.Name("nan" if number != number else "inf")
        return ast.UnaryOp(ast.USub(), name) if number < 0 else name
    short = number if isinstance(number, int) else float(f"{number:.6g}")
    short = int(short) if short == int(short) and abs(short) < 1e6 else short
    return ast.UnaryOp(ast.USub(), ast.Constant(-short)) if short < 0 else ast.Constant(short)


def _value(node: ast.expr) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
    return None
