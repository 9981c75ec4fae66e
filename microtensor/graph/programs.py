"""Programs drawn: a captured step as a graph.

The one idea: a program is a list of rows already, so its picture needs nothing but their names. What a pass
has made of one: `comparing`.
"""

from __future__ import annotations

from typing import Any

from .captions import totals
from .identity import number_text
from .records import Graph
from .rows import Row, from_rows


def is_program(thing: Any) -> bool:
    """Is it a captured program? (The room of programs is not loaded to find out.)"""
    return type(thing).__name__ == "Program" and type(thing).__module__ == "microtensor.program.ir"


def graph_of(program: Any) -> Graph:
    """A program as a graph: what comes in, what is known, what runs, and what its states become."""
    uses: dict[Any, str] = {}  # of each value the layer of the first row that reads it
    layers = {}
    for row in program.rows:
        layers[row.result] = _layer(row.scope)
        for v in row.values:
            uses.setdefault(v, layers[row.result])
    leaves = [(v, "input", "", None) for v in program.inputs]
    leaves += [(v, "parameter", uses.get(v, ""), None) for v in program.states]
    leaves += [(v, "constant", uses.get(v, ""), array) for v, array in program.constants.items()]
    rows = [Row(str(v), kind, (), v.shape, str(v.dtype), layer, value) for v, kind, layer, value in leaves]
    for row in program.rows:
        v = row.result
        args = tuple(str(x) if hasattr(x, "number") else number_text(x) for x in row.inputs)
        rows.append(Row(str(v), row.operation.name, args, v.shape, str(v.dtype), layers[v]))
    made = {row.result: k for k, row in enumerate(program.rows)}
    updates = sorted(program.updates, key=lambda update: made.get(update[1], -1))
    for state, v in updates:
        rows.append(Row(f"{state} ←", "update", (str(v),), state.shape, str(state.dtype), layers.get(v, "")))
    ends = [*map(str, program.outputs), *(f"{state} ←" for state, _ in updates)]
    return from_rows(rows, ends[0] if ends else None)


def _layer(scope: str) -> str:
    """`dense/backward` of "dense'", which is how a captured step calls what runs backward."""
    return f"{scope[:-1]}/backward".lstrip("/") if scope.endswith("'") else scope


def program_caption(program: Any, graph: Graph, lang: str) -> str:
    """`step: 38 operations, 4 parameters (9 numbers), 4 new values`"""
    return f"{program.name}: {totals(graph, lang)}"
