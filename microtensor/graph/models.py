"""Models and functions: what `draw` makes of things that are no tensor.

The one idea: a model is read, not run. Its layers say their names, shapes and weights, and that is all a
picture of layers or neurons needs. What only running can tell (how a function computes) is traced instead.
This room knows no layer class: a model is what has `layers`, and a chain of them what has `pop`, too.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core import Tensor
from ..core.state import no_grad
from .identity import Ids
from .records import Array, Edge, Graph, Node
from .words import count

Shape = tuple[int | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LayerRecord:
    """A layer as data. `kernel` is (inputs, units), where it has one; `output` what it gave for an input."""

    name: str
    kind: str  # the name of its class
    shape: Shape | None  # of what it gives
    parameters: int | None  # None: it is not built yet
    activation: Callable[..., Any] | None = None
    kernel: Array | None = None
    bias: Array | None = None
    output: Array | None = None

    @property
    def activation_name(self) -> str:
        """ "" for none."""
        name = getattr(self.activation, "__name__", type(self.activation).__name__)
        return "" if self.activation is None or name in ("linear", "identity") else name


@dataclass(frozen=True, slots=True, eq=False)
class ModelRecord:
    """A chain of layers as data. `values` is the input that it was run on."""

    name: str
    input_shape: Shape | None
    layers: tuple[LayerRecord, ...]
    values: Array | None = None


def is_model(thing: Any) -> bool:
    """Has it layers?"""
    return callable(thing) and hasattr(thing, "layers")


def read(model: Any, x: Any = None) -> ModelRecord:
    """A chain of layers as data; run on `x`, if one is given, without recording anything.

    Raises:
        TypeError: a model whose layers are no chain: how they are connected only a call can say.
    """
    if not hasattr(model, "pop"):
        raise TypeError(
            f"{type(model).__name__} {model.name!r} is no Sequential: how its layers are connected is known "
            "when it runs. Give draw an input as well: draw(model, x)."
        )
    shape = getattr(model, "_input_shape", None)
    first = shape
    values = None if x is None else x if isinstance(x, Tensor) else Tensor(x)
    h, found = values, []
    for layer in model.layers:
        shape = layer.compute_output_shape(shape) if shape is not None and layer.built else None
        if h is not None:
            with no_grad():
                h = layer(h)
        found.append(_layer(layer, shape, h))
    return ModelRecord(model.name, first, tuple(found), None if values is None else values.numpy())


def _layer(layer: Any, shape: Any, output: Tensor | None) -> LayerRecord:
    kernel, bias = (getattr(layer, name, None) for name in ("kernel", "bias"))
    return LayerRecord(
        layer.name,
        type(layer).__name__,
        tuple(shape) if shape is not None else None if output is None else (None, *output.shape[1:]),
        layer.count_params() if layer.built else None,
        getattr(layer, "activation", None),
        kernel.numpy() if isinstance(kernel, Tensor) else None,
        bias.numpy() if isinstance(bias, Tensor) else None,
        None if output is None else output.numpy(),
    )


def layer_graph(model: ModelRecord, lang: str) -> Graph:
    """A card a layer: name, class, activation, what it gives, how many parameters it has."""
    ids, nodes = Ids(), list[Node]()
    if model.input_shape is not None:
        nodes.append(Node(ids.new("", "input"), "input", "input", "x", "x", "", model.input_shape, "", None))
    for number, layer in enumerate(model.layers, 1):
        params = "?" if layer.parameters is None else count(layer.parameters, "params", lang)
        said = " · ".join(part for part in (layer.kind, layer.activation_name, params) if part)
        nodes.append(
            Node(
                ids.new("", layer.name), "layer", "layer", layer.name, layer.name, "", layer.shape or (None,),
                "", None, None, layer.kind, said, number,
            )
        )  # fmt: skip
    edges = tuple(Edge(a.id, b.id, 0) for a, b in itertools.pairwise(nodes))
    if not nodes:
        raise ValueError(f"model {model.name!r} has no layers yet: add some, then draw it.")
    return Graph(tuple(nodes), edges, (), nodes[-1].id, 0)


def model_caption(model: ModelRecord, lang: str) -> str:
    """`xor: 2 layers · 9 params`"""
    known = [layer.parameters for layer in model.layers if layer.parameters is not None]
    return f"{model.name}: {count(len(model.layers), 'layers', lang)} · {count(sum(known), 'params', lang)}"


def called(function: Callable[..., Any], inputs: Sequence[Any]) -> Tensor:
    """What a function or a model gives for these inputs, with its graph.

    Numbers and arrays go into a function as tensors that bear its parameters' names and, if they are
    floating, require gradients; into a model as data.

    Raises:
        TypeError: no inputs, or a result that is no tensor.
    """
    name = getattr(function, "name", None) or getattr(function, "__name__", type(function).__name__)
    if not inputs:
        raise TypeError(f"{name} is drawn by running it: give its inputs as well, draw({name}, x).")
    names = ["x"] if is_model(function) else _names(function)
    given = []
    for k, x in enumerate(inputs):
        if not isinstance(x, Tensor):
            x = Tensor(x, name=names[k] if k < len(names) else None)
            x.requires_grad = x.dtype.kind == "f" and not is_model(function)
        given.append(x)
    result = function(*given)
    if not isinstance(result, Tensor):
        raise TypeError(f"{name} gives {type(result).__name__}, and one tensor is drawn: return one of them.")
    return result


def _names(function: Callable[..., Any]) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # what is written in C does not say
        return []


def curve(activation: Any, reach: float = 4.0, points: int = 25) -> Array | None:
    """The activation on -reach … reach; None if it is no function of single numbers, like softmax."""
    x = np.linspace(-reach, reach, points)
    with no_grad(), np.errstate(all="ignore"):
        try:
            y, alone = (activation(Tensor(a)).numpy() for a in (x, x[:5]))
        except Exception:  # a user's activation may want another shape, or anything else: then no curve
            return None
    elementwise = y.shape == x.shape and np.isfinite(y).all() and np.allclose(y[:5], alone)
    return y if elementwise else None
