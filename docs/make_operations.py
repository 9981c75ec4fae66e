"""Write docs/operations.md from the table of mathematics: `python docs/make_operations.py`."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from microtensor.core import Operation, operations, registry
from microtensor.core.operations.table import by_numpy, compositions

HERE = Path(__file__).parent
INTRODUCTION = (
    "{} operations, {} of them differentiable, and {} functions made of them. Written by "
    "`docs/make_operations.py` from the table itself; a test holds it current, others prove each formula and "
    "each derivative."
)
EXPLANATION = (
    "The derivative is the factor by which the gradient g of the result is multiplied, with y the result; "
    "where it is no plain factor, g stands in it. The convention is what was chosen where there is a choice."
)


def families() -> dict[str, ModuleType]:
    """The files of the table that have operations, by name, in the order in which the table is read."""
    modules = {name: importlib.import_module(f"{operations.__name__}.{name}") for name in operations.FAMILIES}
    return {
        name: module
        for name, module in modules.items()
        if any(isinstance(each, Operation) for each in vars(module).values())
    }


def defined_in(operation: Operation, module: ModuleType) -> bool:
    """Is this the file of the operation? (Files import operations of each other.)"""
    forward = [operation.forward, *operation.vjps]
    files = {getattr(f, "__module__", None) for f in forward if hasattr(f, "__code__")}
    return not files or module.__name__ in files


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def code(text: str) -> str:
    return f"`{cell(text)}`" if text else ""


def page() -> str:
    """The page, as Markdown."""
    numpys: dict[str, list[str]] = {}
    for function, made in by_numpy.items():
        module = (getattr(function, "__module__", None) or "numpy").removeprefix("numpy").lstrip(".")
        name = f"np.{module}.{function.__name__}" if module in ("linalg",) else f"np.{function.__name__}"
        numpys.setdefault(getattr(made, "name", getattr(made, "__name__", "")), []).append(name)
    differentiable = sum(bool(operation.vjps) for operation in registry.values())
    lines = [
        "# The table of mathematics",
        "",
        INTRODUCTION.format(len(registry), differentiable, len(compositions)),
        "",
        EXPLANATION,
    ]
    seen: set[str] = set()
    for name, module in families().items():
        summary = (module.__doc__ or "").strip().splitlines()[0]
        lines += ["", f"## {name}", "", summary, ""]
        lines += ["| operation | NumPy | value | derivative | convention |", "|---|---|---|---|---|"]
        for operation in vars(module).values():
            if (
                not isinstance(operation, Operation)
                or operation.name in seen
                or not defined_in(operation, module)
            ):
                continue
            seen.add(operation.name)
            local = "; ".join(code(part.unicode) for part in operation.local if part) or "none"
            numpy = ", ".join(code(n) for n in numpys.get(operation.name, []))
            row = (
                code(operation.name),
                numpy,
                code(operation.formula.unicode),
                local,
                cell(operation.convention),
            )
            lines.append("| " + " | ".join(row) + " |")
    lines += ["", "## Made of these", "", "| function | NumPy | what it gives |", "|---|---|---|"]
    order = {f"{operations.__name__}.{name}": k for k, name in enumerate(operations.FAMILIES)}
    for name, function in sorted(compositions.items(), key=lambda item: order[item[1].__module__]):
        doc = cell(" ".join((function.__doc__ or "").split("\n\n")[0].split()))
        lines.append(f"| {code(name)} | {', '.join(code(n) for n in numpys.get(name, []))} | {doc} |")
    missing = set(registry) - seen
    assert not missing, f"in no family: {missing}"
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (HERE / "operations.md").write_text(page(), "utf-8")
