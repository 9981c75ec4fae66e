"""Where the bytes lie: what a graph keeps for backward.

The one idea: forward leaves its values behind because derivatives are made of them: sigmoid's of its own
result, y (1 − y), a product's of the other factor, a sum's of nothing. Which values those are, every
operation's own entry says; so a table can say what each array is kept for, and what need not be kept at all
if memory is short (see `mt.checkpoint`). Views share their memory, and are counted once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .lettering import cells, padded, shape_text
from .records import Array, Graph, Node
from .words import joined

HEADINGS = {"en": ("node", "shape", "dtype", "bytes", "read by the derivative of"),
            "ko": ("노드", "모양", "자료형", "바이트", "이 값을 쓰는 미분")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A node's array: how many bytes of its own it has (0 for a view of another one), and who reads it."""

    node: Node
    bytes: int
    read_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """The bytes of a graph, in all and array by array; `str()` is a table.

    `values` are those of operations; `needed` the part of these that some derivative reads.
    """

    arrays: tuple[Kept, ...]
    lang: str = "en"

    @property
    def values(self) -> int:
        return sum(kept.bytes for kept in self.arrays if kept.node.number)

    @property
    def needed(self) -> int:
        return sum(kept.bytes for kept in self.arrays if kept.node.number and kept.read_by)

    @property
    def parameters(self) -> int:
        return sum(kept.bytes for kept in self.arrays if kept.node.kind == "parameter")

    @property
    def data(self) -> int:
        return sum(kept.bytes for kept in self.arrays if kept.node.kind == "input")

    @property
    def gradients(self) -> int:
        """Of the parameters, after backward."""
        return sum(kept.node.gradient.nbytes for kept in self.arrays
                   if kept.node.kind == "parameter" and kept.node.gradient is not None)  # fmt: skip

    def __str__(self) -> str:
        rows = [HEADINGS["ko" if self.lang == "ko" else "en"]]
        for kept in self.arrays:
            node = kept.node
            shape = shape_text(node.shape).replace("scalar", "()")
            rows.append((node.id, shape, node.dtype, f"{kept.bytes:,}", ", ".join(kept.read_by) or "–"))
        widths = [max(cells(row[k]) for row in rows) for k in range(4)]
        lines = [
            "  ".join([*(padded(row[k], widths[k], right=k == 3) for k in range(4)), row[4]]) for row in rows
        ]
        return "\n".join([*lines, self._total()])

    def _total(self) -> str:
        english = (
            f"values {self.values:,} bytes, of which derivatives read {self.needed:,}; data {self.data:,}; "
            f"parameters {self.parameters:,}, gradients {self.gradients:,}"
        )
        korean = (
            f"값 {self.values:,}바이트 중 미분이 쓰는 것 {self.needed:,}; 데이터 {self.data:,}; "
            f"매개변수 {self.parameters:,}, 기울기 {self.gradients:,}"
        )
        return joined(english, korean, self.lang, by="\n")


def memory(graph: Graph, lang: str = "en") -> Memory:
    """The bytes that a traced graph keeps.

    Raises:
        ValueError: a trace without detail, which does not say what derivatives read.

    >>> import microtensor as mt
    >>> from microtensor.graph import trace
    >>> w = mt.Variable([1.0, 2.0], name="w")
    >>> print(memory(trace(mt.sum(mt.sigmoid(w) + 1.0))))
    node     shape  dtype    bytes  read by the derivative of
    w        2      float32      8  –
    sigmoid  2      float32      8  sigmoid
    add      2      float32      8  –
    sum      ()     float32      4  –
    values 20 bytes, of which derivatives read 8; data 0; parameters 8, gradients 8
    """
    if not isinstance(graph, Graph):
        raise TypeError(
            f"memory takes what trace(loss) made; got {graph!r:.60}. draw(loss).memory() does both."
        )
    if not graph.detailed:
        raise ValueError('this trace is without detail: draw(loss, style="ops"), or trace(loss), has it.')
    readers: dict[str, dict[str, None]] = {}
    for edge in graph.edges:
        for name in edge.reads:
            readers.setdefault(name, {})[edge.target] = None
    owners, found = set[int](), list[Kept]()
    for node in graph.nodes:
        if node.value is None or node.kind == "constant":
            continue
        own = _owner(node.value)
        size = 0 if id(own) in owners else own.nbytes
        owners.add(id(own))
        found.append(Kept(node, size, tuple(readers.get(node.id, ()))))
    return Memory(tuple(found), lang)


def _owner(array: Array) -> Array:
    """The array whose memory a view shows."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
