"""Record the public names of Keras and their arguments, for docs/keras.md.

Run where Keras 3 is installed: `python tests/recording/keras_names.py > docs/keras_names.json`.
"""

import inspect
import json

import keras

MODULES = (
    *("", "activations", "callbacks", "config", "constraints", "initializers", "layers", "losses", "metrics"),
    *("models", "ops", "optimizers", "optimizers.schedules", "random", "regularizers", "saving", "utils"),
)


def arguments(thing):
    """[[name, default as text or None], ...]; None for what cannot be called."""
    if not callable(thing):
        return None
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return None
    named = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return [[p.name, None if p.default is p.empty else repr(p.default)] for p in named]


def names_of(path):
    module = keras
    for part in filter(None, path.split(".")):
        module = getattr(module, part)
    public = [name for name in dir(module) if not name.startswith("_") and name != "legacy"]
    return {
        name: arguments(getattr(module, name))
        for name in public
        if not inspect.ismodule(getattr(module, name))
    }


print(
    json.dumps({"version": keras.__version__, "names": {path: names_of(path) for path in MODULES}}, indent=0)
)
