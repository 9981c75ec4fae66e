"""Loading: generated text becomes a function that can be called, and whose lines a traceback shows."""

from __future__ import annotations

import itertools
import linecache
import weakref
from collections.abc import Callable, Mapping
from typing import Any

_count = itertools.count(1)


def load(text: str, function: str, given: Mapping[str, Any]) -> Callable[..., Any]:
    """The function of this name that the text defines.

    Args:
        text: Python that this library has written, with no word in it that came from outside.
        given: what the text names and does not define.
    """
    file = f"<microtensor {function} {next(_count)}>"
    namespace: dict[str, Any] = dict(given)
    exec(compile(text, file, "exec"), namespace)
    made: Callable[..., Any] = namespace.pop(function)  # popped, or it and its globals would be a circle
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    weakref.finalize(made, linecache.cache.pop, file, None)
    return made
