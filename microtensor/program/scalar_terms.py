"""Terms: a program taken apart into single numbers.

The one idea: an array of a program is an array of terms, one for each element, and a term is a form such as
"{0} + {1}" with other terms in its gaps. Rows that only move elements (a transpose, a slice) then cost
nothing: their own NumPy code runs on the arrays of terms, and moves these.

    h = x @ w        h[0] = x[0] * w[0, 0] + x[1] * w[1, 0]
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..core import registry
from .ir import Program, Row, Value
from .loop import UnsupportedError

# How firmly an expression holds together, as in Python's grammar: what is looser needs parentheses.
CHOICE, OR, AND, NOT, COMPARISON, SUM, PRODUCT, UNARY, ATOM = range(9)
NUMBERS = frozenset(map(np.dtype, ("float32", "float64", "int64", "bool")))


class Form:
    """An expression with gaps {0}, {1}, how firm it is, and how firm what fills each gap must be."""

    def __init__(self, text: str, level: int, needs: tuple[int, ...], rounds: bool = False) -> None:
        self.text, self.level, self.needs = text, level, needs
        self.rounds = rounds  # can its result have more digits than its inputs?


def binary(sign: str, level: int, rounds: bool = False) -> Form:
    """Read from the left: a - b - c is (a - b) - c."""
    return Form(f"{{0}} {sign} {{1}}", level, (level, level + 1), rounds)


def call(name: str, count: int = 1) -> Form:
    """A function of the module `math`, or of Python's own."""
    gaps = ", ".join(f"{{{k}}}" for k in range(count))
    return Form(f"{name}({gaps})", ATOM, (CHOICE,) * count, name not in ("abs", "max", "min"))


def choice(text: str) -> Form:
    """... if ... else ..., whose parts are no choices themselves."""
    return Form(text, CHOICE, (OR,) * 3)


FORMS: dict[str, Form] = {
    "add": binary("+", SUM, True),
    "subtract": binary("-", SUM, True),
    "multiply": binary("*", PRODUCT, True),
    "divide": binary("/", PRODUCT, True),
    "remainder": binary("%", PRODUCT, True),
    "floor_divide": binary("//", PRODUCT, True),
    "negative": Form("-{0}", UNARY, (ATOM,)),
    "positive": Form("{0}", ATOM, (ATOM,)),
    "identity": Form("{0}", ATOM, (ATOM,)),
    "square": Form("{0} * {0}", PRODUCT, (UNARY,), True),
    "reciprocal": Form("1.0 / {0}", PRODUCT, (UNARY,), True),
    "power": call("pow", 2),
    "float_power": call("pow", 2),
    "abs": call("abs"),
    "sign": choice("1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else 0.0"),
    "maximum": choice("{0} if {0} > {1} else {1}"),
    "minimum": choice("{0} if {0} < {1} else {1}"),
    "fmax": choice("{0} if {0} > {1} else {1}"),
    "fmin": choice("{0} if {0} < {1} else {1}"),
    "where": choice("{1} if {0} else {2}"),
    "floor": Form("{0} // 1.0", PRODUCT, (PRODUCT,)),
    "ceil": Form("-(-{0} // 1.0)", UNARY, (ATOM,)),
    "equal": Form("{0} == {1}", COMPARISON, (SUM, SUM)),
    "not_equal": Form("{0} != {1}", COMPARISON, (SUM, SUM)),
    "less": Form("{0} < {1}", COMPARISON, (SUM, SUM)),
    "less_equal": Form("{0} <= {1}", COMPARISON, (SUM, SUM)),
    "greater": Form("{0} > {1}", COMPARISON, (SUM, SUM)),
    "greater_equal": Form("{0} >= {1}", COMPARISON, (SUM, SUM)),
    "logical_and": binary("and", AND),
    "logical_or": binary("or", OR),
    "logical_xor": Form("{0} != {1}", COMPARISON, (SUM, SUM)),
    "logical_not": Form("not {0}", NOT, (NOT,)),
    **{
        name: call(name) for name in ("exp", "exp2", "expm1", "log", "log10", "log1p", "log2", "sqrt", "cbrt")
    },
    **{name: call(name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "erfc", "isnan")},
    **{f"arc{name}": call(f"a{name}") for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "arctan2": call("atan2", 2),
    "hypot": call("hypot", 2),
}
GATE = choice("{0} if {1} else 0.0")  # a product with a boolean: a branch is faster than a product
TIMES_ITSELF = Form("{0} * {0}", PRODUCT, (UNARY,), True)
ON_BOOLEANS = frozenset({"logical_and", "logical_or", "logical_xor", "logical_not"})
ON_INTEGERS = frozenset(
    {"add", "subtract", "negative", "positive", "identity", "abs", "maximum", "minimum", "where"}
)
MOVES = frozenset(
    {
        "reshape",
        "transpose",
        "swapaxes",
        "moveaxis",
        "squeeze",
        "expand_dims",
        "broadcast_to",
        "getitem",
        "flip",
    }
    | {"roll", "concatenate", "stack", "pad", "scatter", "index_update", "tril", "triu"}
)
REDUCES = {"sum": "add", "prod": "multiply", "all": "logical_and", "any": "logical_or"}
Grid = Any  # an array of terms


class Term:
    """One number: a name or a literal (no inputs), or a form whose gaps are filled with other terms."""

    __slots__ = ("form", "inputs", "number", "place", "row", "text", "uses")

    def __init__(self, form: Form, inputs: tuple[Term, ...], row: Row | None, place: tuple[int, ...]) -> None:
        self.form, self.inputs, self.row, self.place = form, inputs, row, place
        self.uses = 0
        self.text = "" if inputs else form.text  # a name, once it has one
        self.number: float | None = None  # of a literal

    def __repr__(self) -> str:
        return self.text or f"<Term {self.form.text}>"


class Terms:
    """The terms of a program, each one made once.

    Args:
        exact: round every result to the dtype that it has in NumPy?
    """

    def __init__(self, program: Program, rows: Sequence[Row], exact: bool) -> None:
        self.exact = exact
        self.made: dict[Any, Term] = {}
        self.known: dict[Value, Grid] = {}
        for v in (*program.inputs, *program.states, *program.constants):
            if v.dtype.kind not in "biuf" or v.dtype == np.float16:
                raise UnsupportedError(f"{v} is {v.type}: Python has no such numbers.")
            if not v.size:
                raise UnsupportedError(f"{v} is {v.type}: it has no elements.")
        for v, array in program.constants.items():
            self.known[v] = _array([self.literal(x, v.dtype) for x in array.ravel()], v.shape)

    def name(self, v: Value, names: Sequence[str]) -> None:
        """The elements of a value that comes from outside."""
        terms = [Term(Form(name, ATOM, ()), (), None, ()) for name in names]
        self.known[v] = _array(terms, v.shape)

    def literal(self, number: Any, dtype: np.dtype) -> Term:
        """A number as it is written."""
        if dtype.kind == "f":
            short = (
                np.float32(number)
                if dtype == np.float32 and (self.exact or isinstance(number, np.float32))
                else number
            )
            text = repr(float(short)) if self.exact else repr(float(str(short)))
        else:
            text = repr(dtype.type(number).item())
        if text not in self.made:
            made = self.made[text] = Term(Form(text, UNARY if text[0] == "-" else ATOM, ()), (), None, ())
            made.number = float(number)
        return self.made[text]

    # --- rows --------------------------------------------------------------------------------------------

    def write(self, row: Row) -> None:
        """The terms of what a row makes."""
        name, result = row.operation.name, row.result
        if registry.get(name) is not row.operation:
            raise UnsupportedError(f"`{row}`: this {name} is not the library's own.")
        if row.operation.random:
            raise UnsupportedError(f"`{row}` draws random numbers, which come from NumPy's generator.")
        if not result.size or result.dtype not in NUMBERS:
            raise UnsupportedError(f"`{row}` gives {result.type}, which is not made of Python's numbers.")
        if name in FORMS or name in ("clip", "astype"):
            made = self._elementwise(row)
        elif name in MOVES:
            made = self._moved(row)
        else:
            rule: Callable[[Row, Grid], Grid] | None = {
                **dict.fromkeys(REDUCES, self._reduced),
                **dict.fromkeys(("max", "min"), self._extreme),
                **dict.fromkeys(("argmax", "argmin"), self._place_of_extreme),
                "one_hot": self._one_hot,
                "matmul": self._product,
            }.get(name)
            if rule is None:
                raise UnsupportedError(f"`{row}`: the operation {name} is not written for single numbers.")
            made = rule(row, self._terms(row, row.inputs[0]))
        if made.shape != result.shape:
            raise UnsupportedError(f"`{row}` gives {list(made.shape)} here, not {result.type}.")
        self.known[result] = made

    def term(self, form: Form, inputs: Sequence[Term], row: Row, place: tuple[int, ...] = ()) -> Term:
        """This form with these inputs: the one that was made before, or a new one."""
        if form.text == "{0}":
            return inputs[0]
        inputs = tuple(inputs)
        if self.exact and form.rounds and row.result.dtype == np.float32:
            form = Form(f"float32({form.text})", ATOM, form.needs)
        if form is FORMS["multiply"]:
            inputs = self._with_one_number(inputs)
            if len(inputs) == 1:
                return inputs[0]
        key = (form.text, *map(id, inputs))
        found = self.made.get(key)
        if found is None:
            found = self.made[key] = Term(form, inputs, row, place)
        return found

    def _with_one_number(self, inputs: tuple[Term, ...]) -> tuple[Term, ...]:
        """0.5 * (2.0 * x) is x."""
        number, product = inputs
        if number.number is None or product.form is not FORMS["multiply"] or product.inputs[0].number is None:
            return inputs
        both, rest = number.number * product.inputs[0].number, product.inputs[1]
        return (rest,) if both == 1 else (self.literal(both, np.dtype("float64")), rest)

    def _terms(self, row: Row, x: Any) -> Grid:
        """An input as terms; Python's own numbers take the dtype of what they meet."""
        if isinstance(x, Value):
            return self.known[x]
        kinds = [v.dtype for v in (row.result, *row.values) if v.dtype.kind == "f"]
        if isinstance(x, bool | int | float | np.number | np.bool_):
            dtype = kinds[0] if kinds else np.result_type(type(x))
            return _array([self.literal(x, dtype)], ())
        raise UnsupportedError(f"`{row}` has the input {x!r:.40}, which is not a number.")

    def _elementwise(self, row: Row) -> Grid:
        form, inputs = self._form(row)
        columns = [_stretched(self._terms(row, x), row.result.shape) for x in inputs]
        if form is FORMS["multiply"] and not self.exact:
            columns = self._factored(row, *columns)
        places = _places(row.result.shape)
        made = [self.term(form, xs, row, place) for *xs, place in zip(*columns, places, strict=True)]
        return _array(made, row.result.shape)

    def _factored(self, row: Row, scales: list[Term], products: list[Term]) -> list[list[Term]]:
        """lr * (x * d) as x * (lr * d), where that is less work: one lr * d serves many x."""
        times = FORMS["multiply"]
        alike = all(x is scales[0] for x in scales) and all(x.form is times for x in products)
        if not alike or len({x.inputs[1] for x in products}) >= len(set(products)):
            return [scales, products]
        places = _places(row.result.shape)
        return [
            [x.inputs[0] for x in products],
            [
                self.term(times, (scales[0], x.inputs[1]), row, place)
                for x, place in zip(products, places, strict=True)
            ],
        ]

    def _form(self, row: Row) -> tuple[Form, tuple[Any, ...]]:
        name, inputs, dtype = row.operation.name, row.inputs, row.result.dtype
        kinds = {v.dtype.kind for v in row.values}
        if name == "clip":
            return self._clipped(row)
        if name == "astype":
            return self._cast(row)
        wrong = kinds - {"b"} if name in ON_BOOLEANS else dtype.kind == "i" and name not in ON_INTEGERS
        if wrong:
            raise UnsupportedError(
                f"`{row}` is of {' and '.join(v.type for v in row.values)}: not for these."
            )
        if name == "multiply" and kinds == {"f", "b"} and not self.exact and len(inputs) == 2:
            return GATE, inputs if isinstance(inputs[1], Value) and inputs[1].dtype.kind == "b" else inputs[
                ::-1
            ]
        if name == "multiply" and inputs[0] is inputs[1]:
            return TIMES_ITSELF, inputs[:1]
        if name == "power" and not isinstance(inputs[1], Value) and inputs[1] == 2:
            return TIMES_ITSELF, inputs[:1]
        return FORMS[name], inputs

    def _cast(self, row: Row) -> tuple[Form, tuple[Any, ...]]:
        before, after = row.values[0].dtype, row.result.dtype
        if after == before:
            return FORMS["identity"], row.inputs
        if after.kind == "f":
            rounds = after == np.float32 and before.kind != "b"
            plain = before.kind == "f" and not (rounds and self.exact)
            form = Form("{0}", ATOM, (CHOICE,)) if plain else Form("float({0})", ATOM, (CHOICE,), rounds)
        else:
            form = (
                Form("{0} != 0", COMPARISON, (SUM,))
                if after.kind == "b"
                else Form("int({0})", ATOM, (CHOICE,))
            )
        return form, row.inputs

    def _clipped(self, row: Row) -> tuple[Form, tuple[Any, ...]]:
        names = row.operation.data_names
        limits = (
            {"a_min": None, "a_max": None}
            | dict(zip(names[1:], row.inputs[1:], strict=False))
            | dict(row.params)
        )
        low, high = limits["a_min"], limits["a_max"]
        if any(np.ndim(x) for x in (low, high) if not isinstance(x, Value) and x is not None):
            raise UnsupportedError(f"`{row}` clips to arrays.")
        x = row.inputs[0]
        if low is None or high is None:
            one = FORMS["maximum" if high is None else "minimum"]
            return one, (x, low if high is None else high)
        return choice("{1} if {0} < {1} else {2} if {0} > {2} else {0}"), (x, low, high)

    def _moved(self, row: Row) -> Grid:
        """The code of the operation itself, run on terms."""
        index = row.params.get("index")
        parts = index if isinstance(index, tuple) else (index,)
        if row.operation.name == "scatter" and any(isinstance(part, np.ndarray | list) for part in parts):
            raise UnsupportedError(f"`{row}` adds up what meets at one place.")
        xs = [self._terms(row, x) for x in row.inputs]
        try:
            moved = np.asarray(row.operation.forward(*xs, **row.params), object)
        except (TypeError, ValueError, IndexError) as error:
            raise UnsupportedError(f"`{row}` does not run on single numbers: {error}") from error
        made = [x if isinstance(x, Term) else self.literal(x, row.result.dtype) for x in moved.ravel()]
        return _array(made, moved.shape)

    def _product(self, row: Row, a: Grid) -> Grid:
        b = self._terms(row, row.inputs[1])
        left: Grid = a[None, :] if a.ndim == 1 else a
        right: Grid = b[:, None] if b.ndim == 1 else b
        lead = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
        left = np.broadcast_to(left, lead + left.shape[-2:])
        right = np.broadcast_to(right, lead + right.shape[-2:])
        made: Grid = np.empty((*lead, left.shape[-2], right.shape[-1]), object)
        result = made.reshape(row.result.shape)  # the same memory
        times = self._form_of("multiply", row)
        for place, own in zip(_places(made.shape), _places(result.shape), strict=True):
            *front, i, j = place
            pairs = zip(left[(*front, i)], right[(*front, slice(None), j)], strict=True)
            made[place] = self._folded("add", [self.term(times, pair, row, own) for pair in pairs], row, own)
        return result

    def _reduced(self, row: Row, x: Grid) -> Grid:
        name = REDUCES[row.operation.name]
        if name in ON_BOOLEANS and row.values[0].dtype.kind != "b":
            raise UnsupportedError(f"`{row}` is not of booleans.")
        return self._along(row, x, lambda terms, place: self._folded(name, terms, row, place))

    def _extreme(self, row: Row, x: Grid) -> Grid:
        name = row.operation.name
        pair = FORMS[f"{name}imum"]

        def of(terms: list[Term], place: tuple[int, ...]) -> Term:
            form = pair if len(terms) == 2 else call(name, len(terms))
            return self.term(form, tuple(terms), row, place) if len(terms) > 1 else terms[0]

        return self._along(row, x, of)

    def _place_of_extreme(self, row: Row, x: Grid) -> Grid:
        name = row.operation.name.removeprefix("arg")

        def of(terms: list[Term], place: tuple[int, ...]) -> Term:
            all_of_them = f"{', '.join(f'{{{k}}}' for k in range(len(terms)))}"
            form = Form(f"({all_of_them}).index({name}({all_of_them}))", ATOM, (OR,) * len(terms))
            return (
                self.term(form, tuple(terms), row, place)
                if len(terms) > 1
                else self.literal(0, np.dtype("int64"))
            )

        return self._along(row, x, of)

    def _one_hot(self, row: Row, x: Grid) -> Grid:
        made: Grid = np.empty(row.result.shape, object)
        count = made.shape[-1]
        for place in _places(made.shape):
            # A label that is no class is no key: the loop ends there, and NumPy says what is wrong.
            table = ", ".join(f"{k}: {float(k == place[-1])}" for k in range(count))
            form = Form(f"{{{{{table}}}}}[{{0}}]", ATOM, (CHOICE,))
            made[place] = self.term(form, (x[place[:-1]],), row, place)
        return made

    # --- helpers -----------------------------------------------------------------------------------------

    def _form_of(self, name: str, row: Row) -> Form:
        whole = name in ON_BOOLEANS or (name == "add" and row.result.dtype == np.int64)
        if row.result.dtype.kind != "f" and not whole:
            raise UnsupportedError(f"`{row}` gives {row.result.type}, and Python's integers do not overflow.")
        return FORMS[name]

    def _folded(self, name: str, terms: list[Term], row: Row, place: tuple[int, ...]) -> Term:
        """((a + b) + c) + d."""
        form, total = self._form_of(name, row), terms[0]
        for each in terms[1:]:
            total = self.term(form, (total, each), row, place)
        return total

    def _along(self, row: Row, x: Grid, of: Callable[[list[Term], tuple[int, ...]], Term]) -> Grid:
        """`of` the elements along the axes of a reduction."""
        axis = row.params.get("axis")
        given = range(x.ndim) if axis is None else axis if isinstance(axis, tuple | list) else (axis,)
        axes = {k % x.ndim for k in given} if x.ndim else set()
        kept = [k for k in range(x.ndim) if k not in axes]
        moved = x.transpose((*kept, *sorted(axes)))
        moved = moved.reshape(*(x.shape[k] for k in kept), -1)
        made: Grid = np.empty(moved.shape[:-1], object)
        shape = row.result.shape
        for place, own in zip(_places(made.shape), _places(shape), strict=True):
            made[place] = of(list(moved[place]), own)
        return made.reshape(shape)


def _stretched(x: Grid, shape: tuple[int, ...]) -> list[Term]:
    """The elements, repeated as broadcasting does."""
    if x.size == 1:
        return [x.item()] * math.prod(shape)
    flat: list[Term] = (x if x.shape == shape else np.broadcast_to(x, shape)).ravel().tolist()
    return flat


def _places(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    return itertools.product(*map(range, shape))


def _array(terms: Sequence[Term], shape: tuple[int, ...]) -> Grid:
    array = np.empty(math.prod(shape), object)
    array[:] = terms
    return array.reshape(shape)
