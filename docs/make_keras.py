"""Write docs/keras.md, what is the same as in Keras and what is not: `python docs/make_keras.py`.

The names and arguments of Keras are recorded in keras_names.json (tests/recording/keras_names.py); ours are
looked at. What is written here by hand is only why something differs.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

from microtensor import keras

HERE = Path(__file__).parent
INTRODUCTION = """# Keras' names here

`import microtensor as tf` gives `tf.keras`, with the names of Keras {version}. This page compares every public name of its
modules with ours: {same} are the same, {differ} differ, {absent} are absent. Written by `docs/make_keras.py` from the two sides
themselves; a test holds it current. That what is the same also *behaves* the same is held by other tests: numbers recorded
from Keras (`tests/data`), files exchanged with it (`tests/interop`).

What differs everywhere, on purpose:

| where | Keras | here | why |
|---|---|---|---|
| targets of another width | `mse` broadcasts in silence | `ValueError` | a wrong y is the commonest mistake there is |
| no rows, `batch_size=0`, negative epochs | accepted, or an error of the back end | `ValueError` that names the argument | |
| unknown losses and metrics | found at the first `fit` | found by `compile` | |
| `SGD(lr=0.3)` | `ValueError`; older ones trained with 0.01 | trains with 0.3, with a `DeprecationWarning` | the lecture's code runs |
| nested lists as data, `np.int64` units, integer learning rates | refused | accepted | harmless |
| `input_shape=` in the first layer | a warning | accepted | the lecture's code runs |
| `summary()`, the progress bar, printed variables | Keras 3's boxes | tf.keras 2's text | what the lecture shows |
| in a pipe | every redraw of the bar | the finished line | |
| `model.metrics_names` | `['loss', 'compile_metrics']` | `['loss', 'accuracy']` | what is in the history |
| loading a file with a lambda | `safe_mode=False` runs it | never | a file is only a file |
| several weights' order, seeds | by back end | NumPy's generators | only the distributions are the same |

In the tables, `+ x` is an argument that only ours has, `- x` one that only Keras has, `x=1 (2)` a default
that is 1 here and 2 there.
"""

REASONS = {  # of what is absent, by module or name
    "layers": "out of scope: convolution, recurrence, attention, images and text",
    "ops": "out of scope: no operation of the table stands for it",
    "utils": "out of scope: files of images, sound and text",
    "config": "there is one back end, NumPy, and no traceback filter",
    "": "out of scope: the functional and stateless ways of Keras' back ends",
    "losses": "out of scope",
    "metrics": "out of scope",
    "callbacks": "out of scope: servers and other libraries' files",
    "optimizers": "out of scope",
    "saving": "out of scope",
    "random": "out of scope",
    "initializers": "out of scope",
}


def ours(path: str) -> Any:
    """Our module for a module of Keras; None if there is none."""
    module: Any = keras
    for part in filter(None, path.split(".")):
        module = getattr(module, part, None)
    return module


def arguments(thing: Any) -> list[tuple[str, str | None]] | None:
    """(name, default as text) of each argument; None where they cannot be told."""
    if not callable(thing):
        return None
    try:
        parameters = list(inspect.signature(thing).parameters.values())
    except (TypeError, ValueError):
        return None
    named = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.KEYWORD_ONLY,
    )
    return [
        (p.name, None if p.default is p.empty else repr(p.default)) for p in parameters if p.kind in named
    ]


def takes_more(thing: Any) -> bool:
    """Does it take other keywords, too?"""
    try:
        return any(p.kind is p.VAR_KEYWORD for p in inspect.signature(thing).parameters.values())
    except (TypeError, ValueError):
        return True


def difference(theirs: list[list[Any]] | None, thing: Any) -> str:
    """How our arguments differ from Keras', in short; "" if they do not."""
    mine = arguments(thing)
    if theirs is None or mine is None:
        return ""
    wanted, found = dict(theirs), dict(mine)
    missing = [] if takes_more(thing) else [f"- {name}" for name in wanted if name not in found]
    more = [f"+ {name}" for name in found if name not in wanted and name not in ("out", "dtype", "name")]
    other = [
        f"{name}={found[name]} ({wanted[name]})"
        for name in wanted
        if name in found and _plain(found[name]) != _plain(wanted[name])
    ]
    return ", ".join([*missing, *more, *other])


def _plain(default: str | None) -> str:
    text = "" if default is None else default
    return text.split(" at 0x")[0].replace("'", '"')


def page() -> str:
    """The whole text of docs/keras.md."""
    recorded = json.loads((HERE / "keras_names.json").read_text("utf-8"))
    counts = {"same": 0, "differ": 0, "absent": 0}
    sections = []
    for path, names in recorded["names"].items():
        module = ours(path)
        same, differ, absent = [], [], []
        for name, theirs in sorted(names.items()):
            thing = _have(module, name)
            if thing is None:
                absent.append(name)
                continue
            found = difference(theirs, thing)
            (differ if found else same).append((name, found))
        own = sorted(set(_public(module)) - set(names)) if module is not None else []
        counts["same"] += len(same)
        counts["differ"] += len(differ)
        counts["absent"] += len(absent)
        sections.append(_section(path, same, differ, absent, own))
    return INTRODUCTION.format(version=recorded["version"], **counts) + "\n" + "\n".join(sections)


def _have(module: Any, name: str) -> Any:
    try:
        return getattr(module, name, None)
    except (ValueError, ImportError):
        return None


def _public(module: Any) -> list[str]:
    listed = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
    return [name for name in listed if not inspect.ismodule(getattr(module, name)) and name != "annotations"]


def _section(path: str, same: list[Any], differ: list[Any], absent: list[str], own: list[str]) -> str:
    lines = [f"## `keras{'.' + path if path else ''}`", ""]
    if same:
        lines += [f"**Same** ({len(same)}): " + ", ".join(f"`{name}`" for name, _ in same), ""]
    if differ:
        lines += ["| differs | arguments |", "|---|---|"]
        lines += [f"| `{name}` | `{found.replace('|', chr(92) + '|')}` |" for name, found in differ]
        lines += [""]
    if absent:
        reason = REASONS.get(path, "out of scope")
        lines += [f"**Absent** ({len(absent)}; {reason}): " + ", ".join(f"`{name}`" for name in absent), ""]
    if own:
        lines += [f"**Only here** ({len(own)}): " + ", ".join(f"`{name}`" for name in own), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    (HERE / "keras.md").write_text(page(), encoding="utf-8")
