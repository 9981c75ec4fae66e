"""Record what Keras makes of the trainings in tests/nn/training_cases.py.

Run where Keras 3 is installed: `python tests/recording/keras_training.py >
    tests/data/keras_more_training.json`.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "nn"))
from training_cases import CASES


def plain(value):
    return np.asarray(value, dtype="float64").tolist()


def recorded(case):
    keras.utils.set_random_seed(3)
    model, arguments = case(keras)
    start = [plain(w) for w in model.get_weights()]
    history = model.fit(**arguments)
    return {
        "start": start,
        "history": {key: plain(values) for key, values in history.history.items()},
        "weights": [plain(w) for w in model.get_weights()],
        "predict": plain(model.predict(arguments["x"], verbose=0)),
        "optimizer": [plain(v) for v in model.optimizer.variables],
        "layers": [layer.name for layer in model.layers],
    }


cases = {name: recorded(case) for name, case in CASES.items() if name != "np"}
print(json.dumps({"made_with": {"keras": keras.__version__}, "cases": cases}, indent=0))
