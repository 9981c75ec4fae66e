"""Backpropagation told one operation at a time: the steps of the stepper page, as plain data.

The one idea: a step is a rule, the numbers that go into it and the number that comes out, each with its
name. The numbers are those of the trace and of the update; here they are only put in the order of the
formula. First every operation forward; then every line of the gradient backward, and where several meet
their sum; then every parameter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from . import telling
from .records import Array, Edge, Graph, Node
from .telling import Words
from .update import Change, Update


@dataclass(frozen=True, slots=True, eq=False)
class Chip:
    """A number of the step: its role, how formulas call it, and the number (None: a formula alone)."""

    role: str
    formula: str
    array: Array | None
    digits: int = 3
    signed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step.

    `node` is the card it is about, `edges` the lines it uses, `shows` what appears on the card ("value",
    "gradient" or ""). `line` is the computation, as chips and the signs between them; `beside` is what else
    belongs to it. `values` are numbers that change on cards, by node.
    """

    phase: str
    node: str
    edges: tuple[str, ...]
    shows: str
    rule: str
    line: tuple[Chip | str, ...]
    says: tuple[Words, ...]
    beside: tuple[Chip | str, ...] = ()
    values: tuple[tuple[str, Array], ...] = ()


def steps(graph: Graph, update: Update | None = None, whole: Graph | None = None) -> tuple[Step, ...]:
    """All steps of a graph, and of an update, in order. `whole`: what a collapsed graph was made of.

    >>> import microtensor as mt
    >>> from microtensor.graph import trace
    >>> w = mt.Variable(3.0, name="w")
    >>> [step.rule for step in steps(trace(w * 2.0))]
    ['L = w·2', '∂L/∂L = 1', '∂L/∂w = ∂L/∂L × 2']
    """
    teller = _Teller(graph, whole or graph)
    told = [*teller.forward(), *teller.backward()]
    if update is not None:
        told += teller.update(update)
    return tuple(told)


class _Teller:
    def __init__(self, graph: Graph, whole: Graph) -> None:
        self.graph, self.whole, self.root = graph, whole, graph.node(graph.root)
        self.computed = [node for node in graph.nodes if node.number]
        self.incoming: dict[str, list[Edge]] = {}
        self.uses: dict[str, list[Edge]] = {}
        for edge in graph.edges:
            self.incoming.setdefault(edge.target, []).append(edge)
            if edge.flows:
                self.uses.setdefault(edge.source, []).append(edge)

    def d(self, node: Node) -> str:
        """How the gradient of a node is written."""
        top = self.root.symbol if self.root.data.size == 1 else f"Σ{self.root.symbol}"
        return f"∂{top}/∂{node.symbol}"

    # --- forward ----------------------------------------------------------------------------------------

    def forward(self) -> Iterator[Step]:
        for node in self.computed:
            edges, group = self.incoming.get(node.id, []), node.kind == "group"
            line: list[Chip | str] = []
            says = [telling.forward(node.operation)] if not group else []
            for name in dict.fromkeys(edge.source for edge in edges):
                source = self.graph.node(name)
                line += [
                    Chip("input", source.symbol, None if source.kind == "constant" else source.value),
                    ",",
                ]
                if any(edge.source == name and edge.note for edge in edges):
                    says.append(telling.stretched(source.symbol, str(source.shape), str(node.shape)))
            line[-1:] = ["→"] if line else []
            line.append(Chip("value", node.symbol, node.value, _digits(node)))
            rule = f"{node.label}: {node.formula}" if group else f"{node.symbol} = {node.formula}"
            yield Step("forward", node.id, _ids(edges), "value", rule, tuple(line), tuple(says))

    # --- backward ---------------------------------------------------------------------------------------

    def backward(self) -> Iterator[Step]:
        if self.root.gradient is None or not self.graph.operations:
            return
        one = Chip("gradient", self.d(self.root), self.root.gradient, 4, True)
        says = telling.seed(self.root.symbol, self.root.data.size != 1)
        yield Step("backward", self.root.id, (), "gradient", f"{self.d(self.root)} = 1", (one,), (says,))
        arrived: dict[str, list[Edge]] = {}
        for node in reversed(self.computed):  # as the sweep does: newest first
            for edge in self.incoming.get(node.id, []):
                if not edge.flows:
                    continue
                yield self._back(edge, node, arrived.setdefault(edge.source, []))
                arrived[edge.source].append(edge)
                if len(arrived[edge.source]) == len(self.uses[edge.source]) > 1:
                    yield self._sum(self.graph.node(edge.source), arrived[edge.source])

    def _back(self, edge: Edge, node: Node, before: list[Edge]) -> Step:
        source, count = self.graph.node(edge.source), len(self.uses[edge.source])
        collapsed = edge.count > 1 or not edge.local
        upstream = Chip("upstream", self.d(node), node.gradient, 4, True)
        says = [telling.backward(node.operation, collapsed)]
        if count == 1:
            result = Chip("gradient", self.d(source), source.gradient, 4, True)
        else:
            result = Chip("part", f"({self.d(source)}){_index(len(before) + 1)}", edge.contribution, 4, True)
        if collapsed:
            line: tuple[Chip | str, ...] = (upstream, "→", result)
            rule = f"{self.d(node)} → {result.formula}"
        else:
            factors = self._factors(edge, upstream)
            line = (*([edge.note] if edge.note else []), *factors, "=", result)
            summed = f"{edge.note} " if edge.note else ""
            rule = f"{result.formula} = {summed}{self._product(edge, node)}"
        if edge.note:
            axes = edge.note.removeprefix("Σ ")
            says.append(telling.summed(source.symbol, str(source.shape), str(node.shape), axes))
        if count > 1:
            says.append(telling.part(source.symbol, len(before) + 1, count))
        elif source.kind == "parameter":
            says.append(telling.leaf(source.symbol))
        shows = "gradient" if count == 1 else ""
        return Step("backward", source.id, (edge.id,), shows, rule, line, tuple(says))

    def _product(self, edge: Edge, node: Node) -> str:
        """The arriving gradient and what is done to it, as one formula."""
        upstream, local = self.d(node), edge.local
        if local.startswith("×"):
            return f"{upstream} × {local[1:]}"
        if local.startswith("·"):
            return f"{upstream} · {local[1:]}"
        if local.endswith("·"):
            return f"{local[:-1]} · {upstream}"
        return f"{local}, g = {upstream}"

    def _factors(self, edge: Edge, upstream: Chip) -> tuple[Chip | str, ...]:
        """Upstream and local derivative, each on the side on which it multiplies."""
        local = edge.local
        if local.startswith("×"):
            return upstream, "×", Chip("local", local[1:], edge.local_value, 4)
        if local.startswith("·"):
            return upstream, "·", Chip("local", local[1:], self._matrix(edge, local[1:]))
        if local.endswith("·"):
            return Chip("local", local[:-1], self._matrix(edge, local[:-1])), "·", upstream
        return upstream, "→", Chip("local", local, None)

    def _matrix(self, edge: Edge, formula: str) -> Array | None:
        """The numbers of a matrix that multiplies from one side: the other argument, transposed."""
        others = [e for e in self.incoming[edge.target] if e.argument != edge.argument]
        for other in (self.graph.node(e.source) for e in others):
            if formula == f"{other.symbol}ᵀ":
                return np.swapaxes(other.data, -1, -2) if other.data.ndim > 1 else other.data
        return None

    def _sum(self, source: Node, edges: list[Edge]) -> Step:
        symbol, line = self.d(source), list[Chip | str]()
        names = [f"({symbol}){_index(k)}" for k in range(1, len(edges) + 1)]
        for name, edge in zip(names, edges, strict=True):
            line += [Chip("part", name, edge.contribution, 4, True), "+"]
        line[-1] = "="
        line.append(Chip("sum", symbol, source.gradient, 4, True))
        says = [telling.fan_out(source.symbol, len(edges))]
        if source.kind == "parameter":
            says.append(telling.leaf(source.symbol))
        rule = f"{symbol} = {' + '.join(names)}"
        return Step("backward", source.id, _ids(edges), "gradient", rule, tuple(line), tuple(says))

    # --- update -----------------------------------------------------------------------------------------

    def update(self, update: Update) -> Iterator[Step]:
        for name, change in update.changes.items():
            node = self.whole.node(name)
            yield self._changed(node, change, update)
        root, new = self.root, update.values[self.root.id]
        line = (Chip("before", root.symbol, root.data, 4), "→", Chip("after", f"{root.symbol}′", new, 4))
        says = (telling.loss_again(float(root.data), float(new)),) if new.size == 1 else ()
        yield Step(
            "update", root.id, (), "again", f"{root.symbol} → {root.symbol}′", line, says,
            values=tuple(update.values.items()),
        )  # fmt: skip

    def _changed(self, node: Node, change: Change, update: Update) -> Step:
        digits = _digits_of_change(change)
        before = Chip("before", node.symbol, change.before, digits)
        gradient = Chip("gradient", self.d(node), change.gradient, 4, True)
        after = Chip("after", f"{node.symbol}′", change.after, digits)
        beside: list[Chip | str] = []
        if update.rate is not None:
            rate = Chip("rate", "lr", np.asarray(float(f"{update.rate:.6g}")), 3)
            line: tuple[Chip | str, ...] = (before, "−", rate, "×", gradient, "=", after)
            rule, says = f"{node.symbol}′ = {node.symbol} − lr · {self.d(node)}", telling.STEP_DOWN
        else:
            line, rule, says = (before, ",", gradient, "→", after), update.rule, telling.BY_RULE
            for slot, old, new in change.state:
                beside += [Chip("state", slot, old, 4, True), "→", Chip("state", f"{slot}′", new, 4, True)]
        return Step(
            "update", node.id, (), "new", rule, line, (says,), tuple(beside), ((node.id, change.after),)
        )


def _ids(edges: list[Edge]) -> tuple[str, ...]:
    return tuple(edge.id for edge in edges)


def _digits(node: Node) -> int:
    return 4 if node.kind == "loss" else 3


def _digits_of_change(change: Change) -> int:
    """As many that the change can be seen."""
    with np.errstate(all="ignore"):
        sizes = np.abs(change.after.astype(np.float64) - change.before)
    return 4 if np.max(sizes, initial=0.0) >= 5e-4 else 6


def _index(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
