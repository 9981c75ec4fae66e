"""The table that `model.summary()` prints, as tf.keras printed it for the lecture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

WIDTH = 65
POSITIONS = (0.45, 0.85, 1.0)  # where the columns end, as parts of the width


def print_summary(
    model: Any,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    print_fn: Callable[[str], Any] | None = None,
) -> None:
    """Print a line for each layer: name and class, output shape, number of parameters; then the totals.

    Args:
        model: built. ValueError otherwise.
        line_length: columns; None: 65.
        positions: where the three columns end, as parts of the width or in columns.
        print_fn: called with each line; None: print.
    """
    write = print if print_fn is None else print_fn
    for line in _lines(model, line_length or WIDTH, positions or POSITIONS):
        write(line)


def _lines(model: Any, width: int, positions: Sequence[float]) -> Iterator[str]:
    if not model.built:
        raise ValueError(
            "This model has not yet been built. Build the model first by calling `build()` or by calling the "
            "model on a batch of data."
        )
    ends = [int(width * p) if p <= 1 else int(p) for p in positions]
    yield f'Model: "{model.name}"'
    yield "_" * width
    yield _row(("Layer (type)", "Output Shape", "Param #"), ends)
    yield "=" * width
    shape = model.input_shape
    for k, layer in enumerate(model.layers):
        shape = layer.compute_output_shape(shape)
        yield _row((f"{layer.name} ({type(layer).__name__})", shape, layer.count_params()), ends)
        yield ("=" if k == len(model.layers) - 1 else "_") * width
    trainable = sum(w.size for w in model.trainable_weights)
    total = model.count_params()
    yield f"Total params: {total:,}"
    yield f"Trainable params: {trainable:,}"
    yield f"Non-trainable params: {total - trainable:,}"
    yield "_" * width


def _row(cells: Sequence[Any], ends: Sequence[int]) -> str:
    line = ""
    for cell, end in zip(cells, ends, strict=True):
        line = (line[:-1] + " " if line else "") + str(cell)
        line = line[:end].ljust(end)
    return line
