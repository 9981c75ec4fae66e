"""Record the results in tests/data/keras_ops.json again, with Keras: the file has the expressions as keys.

KERAS_BACKEND=numpy python tests/recording/keras_ops.py     # where Keras is; it is no dependency
"""

import json
from pathlib import Path

import numpy as np
from keras import ops

path = Path(__file__).parents[1] / "data" / "keras_ops.json"
recorded = json.loads(path.read_text("utf-8"))
names = {name: np.array(value, "float32") for name, value in recorded["names"].items()}


def plain(result):
    """A result as JSON holds it: shapes and values; NaN and inf as numbers that do not occur otherwise."""
    if isinstance(result, dict):
        return {key: plain(value) for key, value in result.items()}
    if isinstance(result, list | tuple):
        return [plain(value) for value in result]
    if isinstance(result, int | float | str | bool):
        return result
    array = np.nan_to_num(np.asarray(result, "float64"), nan=12345.0, posinf=1e30, neginf=-1e30)
    return {"shape": list(array.shape), "value": np.vectorize(lambda v: float(f"{v:.8g}"))(array).tolist()}


for expression in recorded["cases"]:
    given = {name: value.copy() for name, value in names.items()}
    recorded["cases"][expression] = plain(eval(expression, {"np": np, "ops": ops, **given}))
path.write_text(json.dumps(recorded, separators=(",", ":")))
