"""The traced graph as plain data: what every picture, table and file is made from.

The one idea: after `trace` nobody looks at a Tensor again. A `Graph` holds names, shapes, arrays and
texts, so it can be laid out, collapsed, compared, written as JSON and kept after the step is gone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray  # read-only views; nobody writes into a trace

MAX_JSON_NUMBERS = 4096  # larger arrays go into a file as their statistics


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One tensor, or one Python number.

    `kind` is "input", "parameter", "constant", "operation", "loss", "layer" (of a model), "group"
    (operations drawn as one card), "update" (what a program assigns) or "reference" (a card for a node that
    stands far away); `role` says it more exactly: "target", "weight", "bias". `symbol` is how
    formulas call it: `h₃`, `W`. `number` counts the operations in the order in which they ran; 0 for what was
    not computed.
    """

    id: str
    kind: str
    role: str
    label: str
    symbol: str
    scope: str
    shape: tuple[int | None, ...]  # None: a length that only a call decides, such as the batch's
    dtype: str
    value: Array | None  # None: it has not been computed, in a program or in a model
    gradient: Array | None = None
    operation: str = ""
    formula: str = ""
    number: int = 0
    operations: int = 1  # how many a "group" stands for
    check: bool | None = None  # does the gradient agree with central differences? None: not asked

    @property
    def data(self) -> Array:
        """The value, of a node that has one. ValueError for one of a program or of a model."""
        if self.value is None:
            raise ValueError(f"{self.id} has not been computed, so it has no value.")
        return self.value


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """`source` is argument number `argument` of `target`.

    Where a gradient flows back, `local` presents the local derivative as what is done to the gradient that
    arrives (`×1`, `xᵀ·`), `local_value` is that factor in numbers where it is elementwise, `contribution`
    this edge's part of the source's gradient, and `note` what undoes broadcasting ("Σ axis 0"), as `stretch`
    says what broadcasting did ("(2,) → (4,2)"). `reads` are the nodes whose values the local derivative
    needs.
    """

    source: str
    target: str
    argument: int
    flows: bool = False
    local: str = ""
    local_value: Array | None = None
    contribution: Array | None = None
    note: str = ""
    stretch: str = ""
    reads: tuple[str, ...] = ()
    shared: bool = False  # is the source's gradient a sum, of this edge's part and others?
    count: int = 1  # how many a collapsed edge stands for

    @property
    def id(self) -> str:
        """`dense/kernel dense/matmul 1`: source, target, argument. No id of a node holds a blank."""
        return f"{self.source} {self.target} {self.argument}"


@dataclass(frozen=True, slots=True)
class Group:
    """A layer: the nodes of one scope, and how many numbers its parameters hold."""

    id: str
    nodes: tuple[str, ...]
    parameters: int


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Nodes (each after what it was made of), edges, groups, and the id of the output.

    >>> import microtensor as mt
    >>> from microtensor.graph import trace
    >>> graph = trace(mt.Variable(3.0, name="w") * 2.0)
    >>> [node.id for node in graph.nodes], graph.root
    (['w', 'constant', 'multiply'], 'multiply')
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...]
    root: str
    operations: int
    collapsed: int = 0  # into how many cards the operations were collapsed; 0: every one is drawn
    detailed: bool = True  # are formulas and local derivatives written down?
    _index: dict[str, Node] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self._index.update((node.id, node) for node in self.nodes)

    def node(self, id: str) -> Node:
        """The node of that id. KeyError if there is none."""
        if id not in self._index:
            raise KeyError(f"the graph has no node {id!r}; it has {', '.join(list(self._index)[:8])}, ...")
        return self._index[id]

    def to_json(self) -> dict[str, Any]:
        """The graph as dicts, lists, strings and numbers, for `json.dumps`.

        | key | what it holds |
        |---|---|
        | `format` | "microtensor graph 1"; the number grows when a key changes its meaning, not when one is new |
        | `root` | the id of the output |
        | `operations` | how many there are |
        | `nodes` | each after what it was made of: the fields of `Node`. `value` and `gradient` are nested lists, or `{"min", "mean", "max"}` of more than 4,096 numbers; "NaN", "Infinity", "-Infinity" are words; null: there is none |
        | `edges` | the fields of `Edge`: `source` is argument number `argument` of `target`; `contribution` is its part of the source's gradient |
        | `groups` | the layers: `id`, ids of `nodes`, how many numbers their `parameters` hold |
        | `steps` | what happens, in order: `{"phase": "forward" or "backward", "node": id, "edges": [numbers]}`; the numbers count in `edges`: those that the operation reads, or that its gradient flows back through |

        Ids are made of names of layers, operations and variables, and do not differ between two runs.
        """  # noqa: E501
        return {
            "format": "microtensor graph 1",
            "root": self.root,
            "operations": self.operations,
            "nodes": [
                {
                    **{name: getattr(n, name) for name in _NODE_TEXTS},
                    "shape": list(n.shape),
                    "value": array_json(n.value),
                    "gradient": array_json(n.gradient),
                }
                for n in self.nodes
            ],
            "edges": [
                {
                    **{
                        name: getattr(e, name)
                        for name in (
                            "source",
                            "target",
                            "argument",
                            "flows",
                            "local",
                            "note",
                            "stretch",
                            "shared",
                        )
                    },
                    "local_value": array_json(e.local_value),
                    "contribution": array_json(e.contribution),
                }
                for e in self.edges
            ],
            "groups": [{"id": g.id, "nodes": list(g.nodes), "parameters": g.parameters} for g in self.groups],
            "steps": list(self._steps()),
        }

    def _steps(self) -> Iterator[dict[str, Any]]:
        """One for each operation forward, then for each backward that its gradient flows through."""
        into: dict[str, list[int]] = {}
        for number, edge in enumerate(self.edges):
            into.setdefault(edge.target, []).append(number)
        computed = [(node.id, into.get(node.id, [])) for node in self.nodes if node.number]
        for id, edges in computed:
            yield {"phase": "forward", "node": id, "edges": edges}
        for id, edges in reversed(computed):
            flowing = [number for number in edges if self.edges[number].flows]
            if flowing:
                yield {"phase": "backward", "node": id, "edges": flowing}


_NODE_TEXTS = ("id", "kind", "role", "label", "symbol", "scope", "dtype", "operation", "formula", "number")


def groups_of(nodes: Iterable[Node]) -> tuple[Group, ...]:
    """One group for each scope, in the order of their first nodes; a loss without a scope has its own."""
    members: dict[str, list[Node]] = {}
    for node in nodes:
        scope = node.scope or ("loss" if node.kind == "loss" else "")
        if scope and node.kind != "input":
            members.setdefault(scope, []).append(node)
    return tuple(
        Group(scope, tuple(n.id for n in found), sum(numbers(n) for n in found if n.kind == "parameter"))
        for scope, found in members.items()
    )


def numbers(node: Node) -> int:
    """How many numbers a node holds; lengths that are not known yet count once."""
    return math.prod(n for n in node.shape if n is not None)


def array_json(array: Array | None) -> Any:
    """An array as nested lists, a large one as its statistics. NaN and infinity are words: JSON has none."""
    if array is None:
        return None
    if array.size > MAX_JSON_NUMBERS:
        low, mean, high = statistics(array)
        return {"min": _number_json(low), "mean": _number_json(mean), "max": _number_json(high)}
    flat = [_number_json(number) for number in array.ravel().tolist()]
    return _nested(flat, array.shape)


def _nested(flat: list[Any], shape: tuple[int, ...]) -> Any:
    for length in reversed(shape[1:]):
        count = math.prod(shape) if not length else len(flat) // length
        flat = [flat[k * length : (k + 1) * length] for k in range(count)]
    return flat if shape else flat[0]


def _number_json(number: Any) -> Any:
    if isinstance(number, complex):
        return str(number)
    if isinstance(number, float) and not math.isfinite(number):
        return "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"
    return number


def statistics(array: Array) -> tuple[float, float, float]:
    """(smallest, mean, largest), as floats. ValueError for an array without elements."""
    if not array.size:
        raise ValueError(f"an array of shape {array.shape} has no elements, so no smallest one.")
    real = np.abs(array) if array.dtype.kind == "c" else array
    numbers = real.astype(np.float64)
    with np.errstate(all="ignore"):  # inf - inf is NaN, and that is what the picture shall say
        return float(numbers.min()), float(numbers.mean()), float(numbers.max())
