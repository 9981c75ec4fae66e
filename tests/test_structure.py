"""The house stands as it was drawn: who imports whom, how large the engine is, how light `import` is."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import microtensor

PACKAGE = Path(microtensor.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# Each room, and the rooms that it stands on: never upwards, never in a circle.
STANDS_ON: dict[str, set[str]] = {
    "core": set(),
    "naming": {"serialization"},
    "tree": set(),
    "atomic": set(),
    "seeds": {"core"},
    "settings": set(),
    "lazy": set(),
    "serialization": {"core", "lazy"},
    "tf": {"core"},
    "linalg": {"core"},
    "graph": {"atomic", "core", "testing"},
    "notebook": {"core", "graph"},
    "model_boxes": {"graph", "nn"},
    "model_plot": {"atomic", "graph", "model_boxes"},
    "testing": {"core"},
    "program": {"core", "lazy", "tree"},
    "checkpointing": {"core", "tree"},
    "transforms": {"core", "tree"},
    "optim": {"core", "lazy", "naming", "serialization"},
    "nn": {"core", "lazy", "naming", "optim", "program", "seeds", "serialization", "settings", "tree"},
    "tape": {"core", "nn", "tree"},
    "plot": {"atomic", "core", "graph", "nn"},
    "saving": {"atomic", "core", "naming", "nn", "optim", "program", "serialization"},
}
FRONT = {
    "__init__",
    "__main__",
    "explaining",
    "keras",
    "lecture",
}  # what only names things, or shows them, may use all
OPTIONAL = {
    "matplotlib",
    "h5py",
    "graphviz",
    "hypothesis",
    "numba",
    "scipy",
    "pytest",
    "IPython",
    "pygraphviz",
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path, at_import_only: bool = False) -> set[str]:
    """Absolute names of all that a file imports. TYPE_CHECKING blocks do not count: nothing runs there."""
    package = ["microtensor", *path.relative_to(PACKAGE).parts[:-1]]
    names: set[str] = set()
    stack: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            stack.extend(node.orelse)
            continue
        if at_import_only and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names |= {f"{module}.{alias.name}" for alias in node.names}
        stack.extend(ast.iter_child_nodes(node))
    return names


def rooms_of(names: set[str]) -> set[str]:
    """The rooms among imported names; "" for a name taken from the front door."""
    known = set(STANDS_ON) | {room(path) for path in FILES}
    ours = [name.split(".") for name in names if name.split(".")[0] == "microtensor"]
    return {parts[1] if len(parts) > 1 and parts[1] in known else "" for parts in ours}


INSIDE = [path for path in FILES if room(path) in STANDS_ON]


@pytest.mark.parametrize("path", INSIDE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_it_stands_on(path: Path) -> None:
    mine = room(path)
    assert rooms_of(imported(path)) <= STANDS_ON[mine] | {mine}


@pytest.mark.parametrize("path", INSIDE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_optional_libraries_are_imported_where_they_are_needed(path: Path) -> None:
    tops = {name.split(".")[0] for name in imported(path, at_import_only=True)}
    assert not tops & OPTIONAL


def test_every_room_has_its_place() -> None:
    homeless = {room(path) for path in FILES} - set(STANDS_ON) - FRONT
    assert not homeless, f"say in STANDS_ON what {homeless} may import"


def test_no_room_stands_on_one_that_stands_on_it() -> None:
    placed: set[str] = set()
    while len(placed) < len(STANDS_ON):
        standing = {name for name, below in STANDS_ON.items() if below <= placed} - placed
        assert standing, f"a circle among {set(STANDS_ON) - placed}"
        placed |= standing


def test_the_engine_imports_numpy_and_the_standard_library_alone() -> None:
    for path in (path for path in FILES if room(path) == "core"):
        tops = {name.split(".")[0] for name in imported(path)}
        assert tops <= set(sys.stdlib_module_names) | {"numpy", "microtensor"}, path


def test_this_test_sees_imports(tmp_path: Path) -> None:
    core = PACKAGE / "core" / "tensor.py"
    assert {"microtensor.core.state.current", "numpy", "typing.Any"} <= imported(core)
    assert "microtensor.core.autograd.backward" in imported(core)  # inside a method
    assert "microtensor.core.autograd.backward" not in imported(core, at_import_only=True)
    assert rooms_of({"microtensor.nn.dense.Dense", "numpy.ndarray", "microtensor.relu"}) == {"nn", ""}


def test_the_engine_without_its_table_is_read_in_one_sitting() -> None:
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in (PACKAGE / "core").glob("*.py")}
    assert sum(lines.values()) < 600, lines


def test_a_file_of_the_model_is_read_in_some_minutes() -> None:
    long = {
        path: n
        for path in FILES
        if room(path) == "nn" and (n := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not long


def test_it_runs_from_a_zip_file(tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "all"), "zip", PACKAGE.parent, PACKAGE.name)
    told = "import sys; sys.path.insert(0, sys.argv[1]); import microtensor as mt; "
    told += "print(mt.__file__, mt.grad(lambda x: x * x)(3.0), mt.keras.losses.get('mse').__name__)"
    out = subprocess.run(
        [sys.executable, "-I", "-c", told, packed], capture_output=True, text=True, check=True
    )
    assert out.stdout.startswith(packed)
    assert out.stdout.split()[1:] == ["6.0", "mean_squared_error"]


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()


WATCHED = """
import os, random, sys, warnings
import numpy as np

def state():
    return {
        "NumPy's error state": np.geterr(),
        "warning filters": list(warnings.filters),
        "recursion limit": sys.getrecursionlimit(),
        "random": random.getstate(),
        "np.random": repr(np.random.get_state()),
        "print options": np.get_printoptions(),
        "environment": dict(os.environ),
        "hooks": (sys.excepthook, sys.displayhook, sys.stdout, sys.stderr),
    }

before, loaded = state(), set(sys.modules)
import microtensor
after = state()
print([key for key in before if before[key] != after[key]])
print(sorted({"matplotlib", "h5py", "graphviz", "hypothesis", "scipy", "numba"} & set(sys.modules)))
print(sorted(name for name in set(sys.modules) - loaded if name.startswith("microtensor.testing")))
"""


def test_importing_is_light_and_changes_nothing_global(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WATCHED],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(PACKAGE.parent), "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.stderr == ""
    changed, heavy, testing = done.stdout.splitlines()
    assert changed == "[]"
    assert heavy == "[]"
    assert testing == "[]", "the test kit is for those who ask for it"
    assert list(tmp_path.iterdir()) == [], "no file is written"
