"""Names: the id, the label and the symbol of every node.

The one idea: an id is made of what the program says (layer, operation, variable name) and of nothing that
differs between two runs, so the same model gives the same bytes and pictures can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_UNSAFE = re.compile(r"[^\w.-]+")
_DERIVATIVE = re.compile(r"d [^/]+/d[^/]*\Z")  # how a gradient that has a graph is called
_LAST_PART = re.compile(r"(?P<name>[^/]*?)(:\d+)?\Z", re.DOTALL)
_ROLES = {"kernel": "weight", "weight": "weight", "w": "weight", "bias": "bias"}
_SYMBOLS = {"kernel": "W", "bias": "b"}
_NO_NAMES = ("", "Variable", "variable")  # the last two are what TensorFlow calls a variable that has no name
MAX_SYMBOL = 12
MAX_ID = 200  # well below what `clean` leaves of a text: two ids that differ are written differently


class Ids:
    """Hands out ids that are not `taken`: the first `add` is `add`, the second `add_1`."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._next: dict[str, int] = {}
        self._taken = set(taken)
        self._wanted: dict[tuple[str, str], str] = {}

    def new(self, scope: str, name: str) -> str:
        wanted = self._wanted.get((scope, name))
        if wanted is None:
            parts = [_UNSAFE.sub("_", part) for part in (*scope.split("/"), name) if part]
            joined = "/".join(part for part in parts if part) or "_"
            wanted = self._wanted[scope, name] = joined[:MAX_ID]
        found, count = wanted, self._next.get(wanted, 0)
        while found in self._taken:
            count += 1
            found = f"{wanted}_{count}"
        self._next[wanted] = count
        self._taken.add(found)
        return found


def short_name(name: str | None) -> str:
    """`kernel` of "sequential/dense/kernel:0"; "" if there is no name."""
    if is_derivative(name):
        return str(name)
    match = _LAST_PART.search(name or "")
    found = match["name"].strip() if match else ""
    return "" if found in _NO_NAMES else found


def is_derivative(name: str | None) -> bool:
    """Is it the name of a gradient, "d sigmoid/dz"?"""
    return bool(_DERIVATIVE.match(name or ""))


def role_of(name: str) -> str:
    """What a parameter of that name is: weight, bias, or just a parameter."""
    return _ROLES.get(re.sub(r"_\d+\Z", "", name).lower(), "parameter")


def symbol_of(label: str) -> str:
    """How formulas call a named tensor: kernel is W, bias is b, others go by their name."""
    symbol = _SYMBOLS.get(label, label)
    return symbol if is_derivative(label) or len(symbol) <= MAX_SYMBOL else symbol[: MAX_SYMBOL - 1] + "…"


def numbered(letter: str, number: int) -> str:
    """h₁₂ of ("h", 12)."""
    return letter + str(number).translate(_SUBSCRIPT)


def number_text(number: Any) -> str:
    """A Python number as a label."""
    if isinstance(number, float):
        return f"{number:.6g}".replace("-", "−")
    return str(number).replace("-", "−")
