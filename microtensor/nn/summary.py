"""The table that `model.summary()` prints, as tf.keras printed it for the lecture."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

WIDTH = 65
POSITIONS = (0.45, 0.85, 1.0)  # where the columns end, as parts of the width
TRAINABLE_WIDTH = 11  # of the fourth column, if it is wanted


class Row(NamedTuple):
    """A line of the table; depth counts the models around the layer."""

    cells: tuple[str, ...]
    depth: int
    layer: Any


def print_summary(
    model: Any,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    print_fn: Callable[[str], Any] | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
    layer_range: Sequence[str] | None = None,
) -> None:
    """Print a line for each layer: name and class, output shape, number of parameters; then the totals.

    Args:
        model: any; of a layer that is not built yet the shape is "?" and the parameters "0 (unbuilt)".
        line_length: columns; None: 65.
        positions: where the three columns end, as parts of the width or in columns.
        print_fn: called with each line; None: print.
        expand_nested: show the layers of models inside, framed?
        show_trainable: a fourth column: Y, N, or "-" without weights?
        layer_range: two names, or patterns of names: the first and the last layer to show.

    Raises:
        ValueError: positions that are no rising numbers, a range that matches no layer.
    """
    width = WIDTH if line_length is None else line_length
    if isinstance(width, bool) or not isinstance(width, int) or width < 1:
        raise ValueError(f"`line_length` must be a positive whole number; got line_length={line_length!r}.")
    ends = _ends(width, positions)
    if show_trainable:
        width += TRAINABLE_WIDTH
        ends.append(width)
    write = _print if print_fn is None else print_fn
    for line in _lines(model, width, ends, expand_nested, show_trainable, layer_range):
        write(line)


def _print(line: str) -> None:
    """Print, with plain letters where the output cannot show the frame of a nested model."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        line.encode(encoding)
    except UnicodeEncodeError:
        line = line.replace("¯", "-").encode(encoding, "replace").decode(encoding)
    print(line)


def _ends(width: int, positions: Sequence[float] | None) -> list[int]:
    given = POSITIONS if positions is None else positions
    numbers = list(given) if isinstance(given, list | tuple) else []
    if len(numbers) < 3 or any(isinstance(p, bool) or not isinstance(p, int | float) for p in numbers):
        raise ValueError(f"`positions` must be three numbers, where the columns end; got {positions!r}.")
    if sorted(numbers) != numbers or numbers[0] <= 0:
        raise ValueError(f"`positions` must rise from above 0; got {positions!r}.")
    parts = numbers[-1] <= 1
    return [int(width * p) if parts else int(p) for p in numbers[:3]]


def _lines(
    model: Any,
    width: int,
    ends: list[int],
    expand_nested: bool,
    show_trainable: bool,
    layer_range: Sequence[str] | None,
) -> Iterator[str]:
    yield f'Model: "{model.name}"'
    yield "_" * width
    yield _row(("Layer (type)", "Output Shape", "Param #", "Trainable")[: len(ends)], ends)
    yield "=" * width
    layers = _in_range(model.layers, layer_range)
    shapes = _shapes(model)
    for k, layer in enumerate(layers):
        yield from _layer_lines(layer, shapes.get(id(layer)), 0, width, ends, expand_nested)
        yield ("=" if k == len(layers) - 1 else "_") * width
    trainable = sum(w.size for w in model.trainable_weights)
    total = sum(w.size for w in model.weights)
    yield f"Total params: {total:,}"
    yield f"Trainable params: {trainable:,}"
    yield f"Non-trainable params: {total - trainable:,}"
    yield "_" * width


def _layer_lines(
    layer: Any, shape: Any, depth: int, width: int, ends: list[int], expand_nested: bool
) -> Iterator[str]:
    count = f"{layer.count_params():,}" if layer.built else "0 (unbuilt)"
    learns = ("Y" if layer.trainable_weights else "N") if layer.weights else "-"
    cells = (f"{layer.name} ({type(layer).__name__})", _shape_text(shape), count, learns)[: len(ends)]
    bars = "|" * depth
    line = _row((f"{bars} {cells[0]}" if depth else cells[0], *cells[1:]), ends)
    yield line[: width - depth] + bars if depth else line
    inside = getattr(layer, "layers", None) if expand_nested else None
    if inside:
        bar = "|" * (depth + 1)
        yield f"{bar}{'¯' * (width - 2 * depth - 2)}{bar}"
        shapes = _shapes(layer)
        for each in inside:
            yield from _layer_lines(each, shapes.get(id(each)), depth + 1, width, ends, expand_nested)
        yield f"{bars}{'¯' * (width - 2 * depth)}{bars}"


def _shapes(model: Any) -> dict[int, Any]:
    """The output shape of each layer, by identity: of a chain by rule, otherwise as it was last seen."""
    known = {id(layer): layer._output_shape for layer in model.layers}
    shape = getattr(model, "_input_shape", None)
    for layer in model.layers if shape is not None else ():
        if not layer.built:
            break
        shape = layer.compute_output_shape(shape)
        known[id(layer)] = shape
    return known


def _shape_text(shape: Any) -> str:
    if shape is None:
        return "?"
    if isinstance(shape, dict):
        return ", ".join(map(str, shape.values()))
    return ", ".join(map(str, shape)) if isinstance(shape, list) else str(tuple(shape))


def _in_range(layers: list[Any], layer_range: Sequence[str] | None) -> list[Any]:
    if layer_range is None:
        return layers
    if not isinstance(layer_range, list | tuple) or len(layer_range) != 2:
        raise ValueError(f"layer_range must be a list or tuple of two layer names; got {layer_range!r}.")
    if not all(isinstance(name, str) for name in layer_range):
        raise ValueError(f"layer_range must hold strings; got {layer_range!r}.")
    first, last = (
        [k for k, layer in enumerate(layers) if re.fullmatch(name, layer.name)] for name in layer_range
    )
    if not first or not last:
        names = [layer.name for layer in layers]
        raise ValueError(
            f"Passed layer_names do not match the layer names in the model: {layer_range}, {names}."
        )
    low, high = min(first[0], last[0]), max(first[-1], last[-1])
    return layers[low : high + 1]


def _row(cells: Sequence[Any], ends: Sequence[int]) -> str:
    line = ""
    for cell, end in zip(cells, ends, strict=True):
        line = (line[:-1] + " " if line else "") + str(cell)
        line = line.ljust(end) if end == ends[-1] else line[:end].ljust(end)
    return line
