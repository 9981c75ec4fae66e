"""`keras.utils.plot_model` and `model_to_dot`: a model's layers as a picture.

The one idea: the picture never fails for a missing program. SVG and DOT are written by this library; PNG and
PDF go down the ladder of `graph.image`, whose last step is the SVG and a sentence.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path
from typing import Any

from .atomic import replace_file
from .graph.dot import FONT, escaped, quoted
from .graph.image import IMAGES, save_image
from .graph.style import LIGHT
from .model_boxes import DIRECTIONS, Box, Cell, Shown, boxes, shared, svg

SPLINES = ("ortho", "curved", "polyline", "spline", "line")
FORMATS = (".svg", *IMAGES, ".dot", ".gv")


def model_to_dot(
    model: Any,
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    subgraph: bool = False,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
    **kwargs: Any,
) -> Any:
    """A model's layers as a `graphviz.Digraph` (Keras gives a pydot.Dot). Source: `keras.utils.model_to_dot`.

    Args:
        model: a built model.
        show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable: what to say.
        rankdir: "TB" downwards, "BT" upwards, "LR" to the right, "RL" to the left.
        expand_nested: show the layers of models inside, framed?
        dpi: pixels to an inch, in images.
        subgraph: give a cluster, to be put into another graph?
        splines: how lines run: "ortho", "curved", "polyline", "spline" or "line".

    Raises:
        ValueError: the model is not built; an argument is unknown.

    >>> from microtensor import keras
    >>> model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), name="out")])
    >>> '"out" [label=' in model_to_dot(model).source
    True
    """
    _check(model, rankdir, dpi, splines, kwargs)
    shown = Shown(show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable,
                  expand_nested)  # fmt: skip
    return _digraph(model.name, boxes(model, shown), rankdir, dpi, splines, subgraph)


def plot_model(
    model: Any,
    to_file: str | os.PathLike[str] = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
    **kwargs: Any,
) -> Any:
    """Write a picture of a model's layers. Source: `keras.utils.plot_model`; arguments as for `model_to_dot`.

    Args:
        to_file: .png and .pdf are drawn by Graphviz, if it is there; without it an SVG is written beside, and
            a warning says so. .svg, .dot and .gv need nothing. Without a suffix: PNG.

    Returns:
        In a notebook, the picture, which shows itself; elsewhere the path of what was written.

    Raises:
        ValueError: the model is not built; an argument or a suffix is unknown.
    """
    _check(model, rankdir, dpi, splines, kwargs)
    path = Path(to_file)
    suffix = path.suffix.lower() or ".png"
    if suffix not in FORMATS:
        raise ValueError(f"plot_model writes {', '.join(FORMATS)}; got to_file={str(to_file)!r}.")
    shown = Shown(show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable,
                  expand_nested)  # fmt: skip
    chain = boxes(model, shown)

    def drawn() -> str:
        return svg(chain, model.name, rankdir)

    if suffix == ".svg":
        replace_file(path, drawn().encode())
        return _for_notebooks(path)
    text = _digraph(model.name, chain, rankdir, dpi, splines).source
    if suffix in IMAGES:
        return _for_notebooks(save_image(path, text, drawn, dpi, suffix))
    replace_file(path, text.encode())
    return path


def _check(model: Any, rankdir: str, dpi: int, splines: str, kwargs: dict[str, Any]) -> None:
    if not model.built:
        raise ValueError(
            "This model has not yet been built. Build the model first by calling `build()` or by calling the "
            "model on a batch of data."
        )
    if kwargs.pop("layer_range", None) is not None:
        raise ValueError("Argument `layer_range` is no longer supported.")
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments: {kwargs}")
    for name, value, known in (("rankdir", rankdir, DIRECTIONS), ("splines", splines, SPLINES)):
        if value not in known:
            raise ValueError(f"{name} is one of {', '.join(known)}; got {value!r}.")
    if isinstance(dpi, bool) or not isinstance(dpi, int) or dpi < 1:
        raise ValueError(f"dpi is how many pixels are drawn to an inch, 1 or more; got {dpi!r}.")


def _for_notebooks(path: Path) -> Any:
    """What a notebook shows of a file. (Who has not imported IPython is in no notebook.)"""
    kind = path.suffix.lower()
    if "IPython" not in sys.modules or kind == ".pdf":
        return path
    from IPython import display  # type: ignore[import-not-found]

    return display.SVG(filename=str(path)) if kind == ".svg" else display.Image(filename=str(path))


def _digraph(
    name: str, chain: list[Box], rankdir: str, dpi: int, splines: str, subgraph: bool = False
) -> Any:
    from graphviz import Digraph  # type: ignore[import-untyped]

    if subgraph:
        page = f'graph [style="dashed" labeljust="l" fontname="{FONT}" label=<{escaped(name)}>]'
    else:
        page = f'graph [rankdir="{rankdir}" dpi="{dpi}" splines="{splines}" labeljust="l" fontname="{FONT}"]'
    lines = [
        page,
        f'node [shape="plain" fontname="{FONT}"]',
        f'edge [penwidth="1.6" color="{LIGHT["value"]}" arrowsize="0.8"]',
    ]
    inside: tuple[str, ...] = ()
    for number, box in enumerate(chain):
        common = shared(inside, box.inside)
        lines += ["}"] * (len(inside) - common)
        for depth, model in enumerate(box.inside[common:]):
            lines.append(f"subgraph cluster_{number}_{depth} {{")
            lines.append(f'graph [style="dashed,rounded" label=<{escaped(model)}>]')
        lines.append(f"{quoted(box.id)} [label=<{_table(box)}>]")
        inside = box.inside
    lines += ["}"] * len(inside)
    lines += [f"{quoted(a.id)} -> {quoted(b.id)}" for a, b in itertools.pairwise(chain)]
    return Digraph(f"cluster_{name}" if subgraph else None, body=[f"\t{line}\n" for line in lines])


def _table(box: Box) -> str:
    """A dark head with the name, then rows of cells."""
    columns = max((len(row) for row in box.rows), default=1)
    title = f"<B>{escaped(box.name)}</B> ({escaped(box.kind)})" if box.name else f"<B>{escaped(box.kind)}</B>"
    head = f'<FONT POINT-SIZE="15" COLOR="white">{title}</FONT>'
    rows = [f'<TD COLSPAN="{columns}" BGCOLOR="{LIGHT["text"]}">{head}</TD>']
    for row in box.rows:
        span = columns if len(row) == 1 else 1
        rows.append("".join(_cell(cell, span) for cell in row))
    table = f'BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="8" COLOR="{LIGHT["text"]}"'
    return f"<TABLE {table}>{''.join(f'<TR>{row}</TR>' for row in rows)}</TABLE>"


def _cell(cell: Cell, span: int) -> str:
    ground, colour = "white", LIGHT["text"]
    if cell.learns is not None:
        ground, colour = LIGHT["parameter" if cell.learns else "grad"], "white"
    label = f"{cell.label}: " if cell.label else ""
    text = f'<FONT POINT-SIZE="13" COLOR="{colour}">{label}<B>{escaped(cell.text)}</B></FONT>'
    return f'<TD COLSPAN="{span}" BGCOLOR="{ground}">{text}</TD>'
