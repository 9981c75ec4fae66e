"""Lazy: a package that loads a room when somebody first asks for something in it.

The one idea: `import microtensor` is a promise of few milliseconds, and most programs use few of the rooms.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def lazily(
    package: str, homes: Mapping[str, str] | None = None, modules: Iterable[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """(`__getattr__`, `__dir__`) for a package's `__init__`.

    Args:
        package: its `__name__`.
        homes: for each name the module that has it, relative to the package: {"Dense": ".dense"}.
        modules: names of modules in the package.
    """
    known, rooms = dict(homes or {}), set(modules)

    def find(name: str) -> Any:
        if name in rooms:
            return importlib.import_module(f".{name}", package)
        if name not in known:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(known[name], package), name)
        setattr(sys.modules[package], name, value)  # the next time it is simply there
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *known, *rooms})

    return find, names
