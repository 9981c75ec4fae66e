"""Trace: from a Tensor with a graph to plain data.

The one idea: one trace feeds every output. It walks the graph once, runs a sweep of its own for the
gradients (so that no `.grad` changes, and a picture can be drawn before or after `backward`), and writes
down names and texts. Nothing recurses.

Gradients are those of the output itself; of the sum of its elements, if there are several.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ..core import Operation, Tensor
from ..core.autograd import ancestors, sweep, unbroadcast
from .derivative import Symbols, defaults, formula_text, local_text, names_in
from .identity import Ids, is_derivative, number_text, numbered, role_of, short_name, symbol_of
from .records import Array, Edge, Graph, Node, groups_of
from .verifying import verified

MAX_LOCAL_NUMBERS = 64  # the local derivative in numbers is for reading, so only of small arrays
_LETTERS = {"input": "x", "target": "y", "weight": "w", "bias": "b", "parameter": "w"}
_NUMBER = re.compile(r"×\(?−?[\d.]+\)?\Z")  # a local derivative that is a number already


def trace(
    output: Tensor, parameters: Iterable[Tensor] = (), detail: bool = True, check: bool = False
) -> Graph:
    """The graph that `output` was computed by, as plain data; no `.grad` changes.

    Args:
        output: a loss, or any other tensor. One without a graph gives a graph of one node.
        parameters: tensors that should be in the graph, such as a model's; those that the output does not
            depend on come first, without edges.
        detail: shall formulas, local derivatives, contributions and Python numbers be written down? For
            100,000 operations that nobody will read one by one it would take most of the time.
        check: compare the gradients of the parameters with central differences, and note which agree?

    Raises:
        TypeError: it is no Tensor.
        StaleGraphError: a parameter was assigned (an optimizer stepped) after the graph had read it.

    >>> import microtensor as mt
    >>> w = mt.Variable(3.0, name="w")
    >>> graph = trace(w * w)
    >>> float(graph.node("w").gradient), [edge.local for edge in graph.edges], w.grad
    (6.0, ['×w', '×w'], None)
    """
    if not isinstance(output, Tensor):
        raise TypeError(
            f"a gradient graph is drawn from a Tensor, such as a loss; got {_described(output)}. Pass the "
            "result of a computation on mt.Variable, not its numbers."
        )
    parameters = tensors(parameters)
    made = [output] if output.is_leaf else [t for t in reversed(ancestors([output])) if not t.is_leaf]
    gradients: dict[Tensor, Array] = {}
    if not output.is_leaf:
        seed = np.ones(output.shape, output.dtype)
        with np.errstate(all="ignore"):  # a NaN shall be seen in the picture, not stop it
            gradients = {t: np.asarray(g) for t, g in sweep([output], [seed])}
    builder = _Builder(output, made, gradients, detail)
    builder.checks.update(verified(output) if check else {})
    return builder.graph(parameters)


def tensors(parameters: Any) -> list[Tensor]:
    """The tensors of a list. TypeError for what is no such list."""
    found = list(parameters) if isinstance(parameters, Iterable) else [parameters]
    for each in found:
        if not isinstance(each, Tensor):
            raise TypeError(
                f"parameters is a list of tensors, such as model.trainable_weights; got {parameters!r:.60}."
            )
    return found


def larger(output: Tensor, most: int) -> bool:
    """Are there more than `most` operations behind it? It looks at no more than that."""
    found, stack = {output}, [output]
    while stack and len(found) <= most:
        for x in stack.pop().inputs:
            if isinstance(x, Tensor) and not x.is_leaf and x not in found:
                found.add(x)
                stack.append(x)
    return len(found) > most


def _described(thing: Any) -> str:
    text = repr(thing)
    return f"{type(thing).__name__} {text if len(text) <= 60 else text[:57] + '...'}"


class _Builder:
    """Collects nodes, each after what it was made of, then edges and groups."""

    def __init__(
        self, output: Tensor, made: list[Tensor], gradients: dict[Tensor, Array], detail: bool
    ) -> None:
        self.output, self.made, self.gradients, self.detail = output, made, gradients, detail
        self.ids, self.nodes = Ids(), dict[Any, Node]()  # by tensor, or by (target, argument) of a number
        self.uses: dict[Tensor, list[tuple[Tensor, int]]] = {}
        for t in made:
            for k, x in enumerate(t.inputs):
                if isinstance(x, Tensor):
                    self.uses.setdefault(x, []).append((t, k))
        self.checks: dict[Tensor, bool] = {}
        self.dtypes: dict[np.dtype[Any], str] = {}  # their names: NumPy takes its time to find them
        self.letters, self.unnamed = Counter[str](), Counter[str]()

    def graph(self, parameters: Iterable[Tensor]) -> Graph:
        edges: list[Edge] = []
        used = {self.output, *self.uses}
        for parameter in parameters:
            if parameter not in used and parameter not in self.nodes:
                self._leaf(parameter)
        if self.output.is_leaf:
            self._leaf(self.output)
        else:
            for number, t in enumerate(self.made, 1):
                for k, x in enumerate(t.inputs):
                    if not isinstance(x, Tensor):
                        if self._in_full(t):
                            self._constant(t, k, x)
                    elif x.is_leaf and x not in self.nodes:
                        self._leaf(x)
                self._computed(t, number)
                edges.extend(self._edges(t))
        nodes = tuple(self.nodes.values())
        operations = 0 if self.output.is_leaf else len(self.made)
        root = self.nodes[self.output].id
        return Graph(nodes, tuple(edges), groups_of(nodes), root, operations, detailed=self.detail)

    def _in_full(self, t: Tensor) -> bool:
        """Is everything written down about it? Of the output always: its card is drawn whatever the size."""
        return self.detail or t is self.output

    # --- nodes ------------------------------------------------------------------------------------------

    def _leaf(self, x: Tensor) -> None:
        kind, role = self._kind(x)
        scopes = {t.scope for t, _ in self.uses.get(x, ())}
        if not scopes:  # nothing uses it: "dense/kernel" says where it belongs
            scopes = {(x.name or "").rpartition("/")[0]}
        scope = scopes.pop() if kind == "parameter" and len(scopes) == 1 else ""
        name = short_name(x.name)
        label = name or self._unnamed(role)
        self.nodes[x] = Node(
            self.ids.new(scope, name or role), kind, role, label, symbol_of(label), scope, x.shape,
            self._dtype(x), x.data, self._gradient(x), check=self.checks.get(x),
        )  # fmt: skip

    def _kind(self, x: Tensor) -> tuple[str, str]:
        """(kind, role) of a leaf."""
        if x.requires_grad:
            return "parameter", role_of(short_name(x.name))
        uses = self.uses.get(x, ())
        is_target = bool(uses) and all(_argument_name(t, k) == "target" for t, k in uses)
        return "input", "target" if is_target else "input"

    def _unnamed(self, role: str) -> str:
        """A letter for a leaf without a name; numbered if there are several, or one is called so already."""
        letter = _LETTERS[role]
        if not self.letters:
            leaves = [x for x in self.uses if x.is_leaf] or [self.output]
            self.letters.update(short_name(x.name) or _LETTERS[self._kind(x)[1]] for x in leaves)
        self.unnamed[letter] += 1
        return letter if self.letters[letter] == 1 else numbered(letter, self.unnamed[letter])

    def _constant(self, t: Tensor, k: int, number: Any) -> None:
        text, value = number_text(number), np.asarray(number)
        self.nodes[t, k] = Node(
            self.ids.new(t.scope, "constant"), "constant", "constant", text, text, t.scope, (),
            f"Python {type(number).__name__}", value,
        )  # fmt: skip

    def _computed(self, t: Tensor, number: int) -> None:
        operation = t.operation
        assert operation is not None
        name = short_name(t.name)
        is_loss = t is self.output and t.shape == () and not is_derivative(name)
        symbol = symbol_of(name) if name else "L" if is_loss else numbered("h", number)
        kind = "loss" if is_loss else "operation"
        self.nodes[t] = Node(
            self.ids.new(t.scope, operation.name), kind, kind,
            name if is_derivative(name) else operation.name, symbol, t.scope, t.shape,
            self._dtype(t), t.data, self._gradient(t), operation.name,
            self._formula(operation, t) if self._in_full(t) else "", number,
        )  # fmt: skip

    def _dtype(self, t: Tensor) -> str:
        name = self.dtypes.get(t.dtype)
        if name is None:
            name = self.dtypes[t.dtype] = str(t.dtype)
        return name

    def _gradient(self, t: Tensor) -> Array | None:
        gradient = self.gradients.get(t)
        if gradient is None:
            return None
        view = gradient.view()  # gradients may share memory with each other: nobody shall write into one
        view.flags.writeable = False
        return view

    # --- texts and edges --------------------------------------------------------------------------------

    def _formula(self, operation: Operation, t: Tensor) -> str:
        if operation.variadic:
            return f"{operation.name}({', '.join(self._input(t, k).symbol for k in range(len(t.inputs)))})"
        return formula_text(operation, self._symbols(operation, t))

    def _input(self, t: Tensor, k: int) -> Node:
        x = t.inputs[k]
        return self.nodes[x] if isinstance(x, Tensor) else self.nodes[t, k]

    def _symbols(self, operation: Operation, t: Tensor) -> Symbols:
        numbers = {**defaults(operation), **t.params}
        symbols: dict[str, str | float] = {k: v for k, v in numbers.items() if type(v) in (int, float)}
        for name, (k, x) in zip(operation.data_names, enumerate(t.inputs), strict=False):
            symbols[name] = x if type(x) in (int, float) else self._input(t, k).symbol
        if t in self.nodes:
            symbols["y"] = self.nodes[t].symbol
        return symbols

    def _edges(self, t: Tensor) -> Iterator[Edge]:
        operation = t.operation
        assert operation is not None
        target, g = self.nodes[t], self.gradients.get(t)
        if not self._in_full(t):
            for k, x in enumerate(t.inputs):
                if isinstance(x, Tensor):
                    yield Edge(self.nodes[x].id, target.id, k, g is not None and x.requires_grad)
            return
        symbols = self._symbols(operation, t)
        xs = [x.data if isinstance(x, Tensor) else x for x in t.inputs]
        vjps = operation.vjps_for(len(xs))
        for k, (x, vjp) in enumerate(zip(t.inputs, vjps, strict=True)):
            source = self._input(t, k).id
            stretch = _stretched(x, t)
            if g is None or vjp is None or not isinstance(x, Tensor) or not x.requires_grad:
                yield Edge(source, target.id, k, stretch=stretch)
                continue
            local, local_value = local_text(operation, k, symbols), None
            with np.errstate(all="ignore"):
                if not (shared := len(self.uses[x]) > 1):  # its gradient is this edge's alone
                    part = self.gradients[x]
                else:
                    part = _shaped(vjp(g, t.data, *xs, **t.params), x, operation.name)
                if not _NUMBER.match(local) and _is_factor(operation, x, t):
                    local_value = np.asarray(vjp(np.ones_like(t.data), t.data, *xs, **t.params))
            reads = self._reads(operation, t, k)
            yield Edge(
                source, target.id, k, True, local, local_value, part, _summed(x, t), stretch, reads, shared
            )

    def _reads(self, operation: Operation, t: Tensor, k: int) -> tuple[str, ...]:
        """The nodes whose values the local derivative of argument k is made of, by the operation's entry."""
        used = names_in(operation, k)
        found = [self._input(t, j) for j, name in enumerate(operation.data_names) if name in used]
        found += [self.nodes[t]] if "y" in used else []
        return tuple(dict.fromkeys(node.id for node in found if node.kind != "constant"))


def _is_factor(operation: Operation, x: Tensor, t: Tensor) -> bool:
    """Is the local derivative one number for each element, and are they few enough to be read?"""
    return (operation.elementwise or not t.ndim) and 0 < x.size <= MAX_LOCAL_NUMBERS >= t.size


def _argument_name(t: Tensor, k: int) -> str:
    names = t.operation.data_names if t.operation else ()
    return names[k] if k < len(names) else ""


def _shaped(gradient: Any, x: Tensor, name: str) -> Array:
    """A vjp's result as `sweep` adds it up: broadcasting undone, in the input's dtype."""
    if gradient.shape != x.shape:
        gradient = unbroadcast(gradient, x.shape, name)
    return np.asarray(gradient).astype(x.dtype, copy=False)


def _summed(x: Tensor, t: Tensor) -> str:
    """Over which axes an elementwise operation's gradient is summed: those that broadcasting stretched (and
    that have more than one element).
    """
    if t.operation is None or not t.operation.elementwise or x.shape == t.shape:
        return ""
    added = t.ndim - x.ndim
    axes = [k for k, n in enumerate(t.shape) if n != 1 and (k < added or x.shape[k - added] == 1)]
    return f"Σ axis {', '.join(map(str, axes))}" if axes else ""


def _stretched(x: Any, t: Tensor) -> str:
    """What broadcasting does to an argument: "(2,) → (4,2)"; nothing where it only adds axes of length 1,
    and nothing for a single number.
    """
    if t.operation is None or not t.operation.elementwise or not isinstance(x, Tensor):
        return ""
    return f"{_tuple(x.shape)} → {_tuple(t.shape)}" if 1 < x.size < t.size else ""


def _tuple(shape: tuple[int, ...]) -> str:
    return str(shape).replace(" ", "")
