"""Lazy: a package that loads a room when somebody first asks for something in it.

The one idea: `import microtensor` is a promise of few milliseconds, and most programs use few of the rooms.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any


def lazily(
    package: str, homes: Mapping[str, str] | None = None, modules: Iterable[str] = (), absent: str = ""
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """(`__getattr__`, `__dir__`) for a package's `__init__`.

    Args:
        package: its `__name__`.
        homes: for each name the module that has it, relative to the package: {"Dense": ".dense"}; with its
            name there, if that is another: {"mse": ".distances:mean_squared_error"}. None: those that are
            `declared`, which is read when the first one is asked for.
        modules: names of modules in the package.
        absent: the module, relative to the package, whose `sentence_about(name)` is the error for a name that
            is not here; it is loaded for that only.
    """
    rooms = set(modules)
    if homes is None:
        _source(package)  # an error now, if there is none

    def known() -> Mapping[str, str]:
        return declared(package) if homes is None else homes

    def find(name: str) -> Any:
        if name in rooms:
            return importlib.import_module(f".{name}", package)
        anchor = sys.modules[package].__package__
        home = known().get(name)
        if home is None and absent:
            raise AttributeError(importlib.import_module(absent, anchor).sentence_about(name))
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, attribute = home.partition(":")
        if not module.strip("."):  # `from . import room as room`
            return importlib.import_module(f"{module}{attribute}", anchor)
        value = getattr(importlib.import_module(module, anchor), attribute or name)
        setattr(sys.modules[package], name, value)  # the next time it is simply there
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *known(), *rooms})

    return find, names


def on_call(package: str, home: str) -> Callable[..., Any]:
    """A function whose module is loaded when it is called: ".notebook:mimebundle" of the package."""
    module, _, name = home.partition(":")

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(importlib.import_module(module, package), name)(*args, **kwargs)

    call.__name__, call.__doc__ = name, f"See `{package}{module}.{name}`."
    return call


@functools.cache
def declared(package: str) -> Mapping[str, str]:
    """{name: the module that has it}: what the source of a package imports for type checkers.

    One list serves both: people and tools read it as imports, and `lazily` takes the names from it.

        if TYPE_CHECKING:
            from .dropout import Dropout as Dropout
            from .core.operations.gating import (
                gelu, glu, mish, silu,
            )
    """
    module: Any = sys.modules[package]
    source = module.__spec__.loader.get_data(_source(package)).decode()  # from a zip file, too
    found = {}
    for statement in source.split("\n    from .")[1:]:
        words = statement.partition("\n")[0].split(" ")
        if len(words) == 5 and words[3] == "as":  # `from .home import there as name`: most of them
            found[words[4]] = f".{words[0]}:{words[2]}"
            continue
        home, _, names = statement.partition(" import ")
        names = names[1:].partition(")")[0] if names.startswith("(") else names.partition("\n")[0]
        for each in filter(None, map(str.strip, names.split(","))):
            there, _, name = each.partition(" as ")
            found[name or there] = f".{home}:{there}"
    return found


def _source(package: str) -> str:
    """Where the source of a package is. ImportError if it has none."""
    path = sys.modules[package].__file__ or ""
    if not path.endswith(".py"):
        raise ImportError(
            f"{package} was installed without its .py files, which it reads: install it with them."
        )
    return path


class Names(Mapping[str, Any]):
    """Names, and the things of a lazy package that they stand for: one is loaded when it is asked for.

    Args:
        package: the name of the package.
        names: for each name, what it is called there: {"mse": "mean_squared_error"}.
    """

    def __init__(self, package: str, names: Mapping[str, str]) -> None:
        self._package, self._names = package, dict(names)

    def __getitem__(self, name: str) -> Any:
        return getattr(sys.modules[self._package], self._names[name])

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def load_all(package: str) -> None:
    """Load every module that has something of a lazy package."""
    for module in sorted({home.partition(":")[0] for home in declared(package).values()}):
        importlib.import_module(module, package)
