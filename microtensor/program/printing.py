"""Printing: a program as a page that can be read from top to bottom."""

from __future__ import annotations

from typing import Any

import numpy as np

from .ir import Program, Row, Value


def text_of(program: Program) -> str:
    """All of it: what goes in, row by row under the names of layers, what comes out."""
    lines = [f"{program.name}({', '.join(f'{v}: {v.type}' for v in program.inputs)})"]
    lines += [f"  state {v}: {v.type}" for v in program.states]
    lines += [f"  const {v}: {v.type} = {_shown(array)}" for v, array in program.constants.items()]
    texts = [str(row) for row in program.rows]
    width = min(max(map(len, texts), default=0), 60)
    scope = ""
    for row, text in zip(program.rows, texts, strict=True):
        if row.scope != scope:
            scope = row.scope
            lines.append(f"  # {scope or 'outside of layers'}")
        mark = f"{'|' if row.group else ' '} "
        lines.append(f"{mark}{text:<{width}}  {row.result.type}")
    lines += [f"  update {state} <- {value}" for state, value in program.updates]
    lines.append(f"  return {', '.join(map(str, program.outputs)) or 'nothing'}")
    return "\n".join(lines)


def line_of(row: Row) -> str:
    """`%3 = add(%2, bias)`."""
    args = [str(x) if isinstance(x, Value) else repr(x) for x in row.inputs]
    args += [f"{key}={_shown(value)}" for key, value in row.params.items()]
    return f"{row.result} = {row.operation.name}({', '.join(args)})"


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        text = " ".join(np.array2string(value, threshold=8, precision=4).split())
        return text if len(text) <= 40 else f"{text[:37]}..."
    if isinstance(value, np.dtype):
        return str(value)
    return repr(value) if isinstance(value, str | int | float | tuple | None) else f"<{type(value).__name__}>"
