"""From a flat list of rows to a graph: how a program, which has no tensors, is drawn.

The one idea: a row says what a node is (a name, an operation, names of inputs, a shape), and nothing else is
needed for a picture without numbers. Formulas come from the table of mathematics, by the operation's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..core import registry
from .derivative import defaults, formula_text
from .identity import Ids, number_text, role_of, short_name, symbol_of
from .records import Array, Edge, Graph, Node, groups_of

LEAVES = ("input", "parameter", "constant")


class Row(NamedTuple):
    """`%7 = add(%6, %3)`: ("%7", "add", ("%6", "%3"), (1, 2), "float32", "dense").

    `operation` is "input", "parameter" or "constant" for what is not computed, and "update" for what one row
    is assigned to: ("kernel ←", "update", ("%7",)). An entry of `inputs` that is
    no row's name is a number, and shown as it is.
    """

    name: str
    operation: str
    inputs: tuple[str, ...] = ()
    shape: tuple[int | None, ...] = ()
    dtype: str = ""
    scope: str = ""
    value: Array | None = None  # of a constant


def from_rows(rows: Iterable[Row | tuple[object, ...]], root: str | None = None) -> Graph:
    """A graph of rows, each after what it reads; no node has a value, and no edge a gradient.

    Args:
        rows: `Row`s, or tuples of their fields.
        root: the name of the row that the picture is of; None: the last one.

    Raises:
        ValueError: no rows, a name that two rows have, a root that no row has.

    >>> graph = from_rows([
    ...     ("%1", "input", (), (1, 2), "float32"),
    ...     ("kernel", "parameter", (), (2, 3), "float32", "dense"),
    ...     ("%2", "matmul", ("%1", "kernel"), (1, 3), "float32", "dense"),
    ...     ("%3", "multiply", ("%2", "0.5"), (1, 3), "float32"),
    ... ])
    >>> [node.id for node in graph.nodes]
    ['input', 'dense/kernel', 'dense/matmul', 'constant', 'multiply']
    >>> graph.node("dense/matmul").formula
    '%1 W'
    """
    listed: list[Any] = list(rows) if isinstance(rows, Iterable) else [rows]
    if not all(isinstance(row, tuple) for row in listed):
        raise TypeError(f"from_rows takes a list of `Row`s, or of tuples of their fields; got {rows!r:.60}.")
    ids, found = Ids(), dict[str, Node]()
    nodes, edges, operations = list[Node](), list[Edge](), 0
    for row in (Row(*fields) for fields in listed):
        if row.name in found:
            raise ValueError(f"two rows are called {row.name!r}; each needs a name of its own.")
        arguments = []
        for name in row.inputs:
            node = found.get(name)
            if node is None:
                node = _constant(str(name), row.scope, ids)
                nodes.append(node)
            arguments.append(node)
        if row.operation in LEAVES:
            made = _leaf(row, ids)
        elif row.operation == "update":
            made = _update(row, arguments, ids)
        else:
            operations += 1
            made = _computed(row, arguments, operations, ids)
        found[row.name] = made
        nodes.append(made)
        edges += [Edge(node.id, made.id, k) for k, node in enumerate(arguments)]
    if not nodes:
        raise ValueError("there are no rows to draw.")
    if root is not None and root not in found:
        raise ValueError(f"no row is called {root!r}.")
    last = nodes[-1].id if root is None else found[root].id
    return Graph(tuple(nodes), tuple(edges), groups_of(nodes), last, operations)


def _constant(text: str, scope: str, ids: Ids) -> Node:
    return Node(ids.new(scope, "constant"), "constant", "constant", text, text, scope, (), "", None)


def _leaf(row: Row, ids: Ids) -> Node:
    label, kind = short_name(row.name), row.operation
    role = role_of(label) if kind == "parameter" else kind
    name = label if label and not label.startswith("%") else role
    if row.value is not None and not row.shape:  # a number is called by its value
        label = number_text(row.value.item())
    return Node(
        ids.new(row.scope, name), kind, role, label, symbol_of(label), row.scope, row.shape, row.dtype,
        row.value,
    )  # fmt: skip


def _update(row: Row, arguments: list[Node], ids: Ids) -> Node:
    """What a state becomes: it bears the state's name."""
    label = short_name(row.name.removesuffix(" ←"))
    formula = f"{symbol_of(label)} ← {', '.join(node.symbol for node in arguments)}"
    return Node(
        ids.new(row.scope, f"new_{label}"), "update", "update", label, symbol_of(label), row.scope,
        row.shape, row.dtype, None, None, "", formula,
    )  # fmt: skip


def _computed(row: Row, arguments: list[Node], number: int, ids: Ids) -> Node:
    operation = registry.get(row.operation)
    if operation is None or operation.variadic:
        formula = f"{row.operation}({', '.join(node.symbol for node in arguments)})"
    else:
        symbols = {
            **defaults(operation),
            **dict(zip(operation.data_names, (a.symbol for a in arguments), strict=False)),
        }
        formula = formula_text(operation, {**symbols, "y": row.name})
    return Node(
        ids.new(row.scope, row.operation), "operation", "operation", row.operation, row.name, row.scope,
        row.shape, row.dtype, None, None, row.operation, formula, number,
    )  # fmt: skip
