"""Formulas: written once, as a Python expression, and read three ways.

    >>> f = Formula("1 / (1 + exp(-x))")
    >>> print(f.unicode)
    1 / (1 + e⁻ˣ)
    >>> print(f.latex)
    \\frac{1}{1 + e^{-x}}

The plain text is an expression that Python can evaluate, so a test holds it against the operation that it
describes, and a code writer can emit it.
"""

from __future__ import annotations


class Formula(str):
    """A formula as plain text, with `.unicode` and `.latex`. Text that is no expression stays as it is in all
    three.
    """

    __slots__ = ()

    @property
    def unicode(self) -> str:
        """For terminals and pictures: x², ∂, superscripts where Unicode has them."""
        return _typeset(self, 0)

    @property
    def latex(self) -> str:
        """For documents: fractions, powers and roots."""
        return _typeset(self, 1)


def _typeset(formula: str, form: int) -> str:
    from .typesetting import (
        typeset,
    )  # imported where it is used: parsing Python costs as much as the whole engine

    return typeset(formula, form)
