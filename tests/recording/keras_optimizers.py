"""Record what Keras makes of the steps in tests/optim/optimizer_cases.py.

Where Keras 3 is installed, `python tests/recording/keras_optimizers.py > tests/data/keras_optimizers.json`.
"""

import inspect
import json
import sys
from pathlib import Path

import keras
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "optim"))
from optimizer_cases import CASES, SCHEDULES, SHAPES, numbers


def plain(value):
    return np.asarray(value, dtype="float64").tolist()


def signature(kind):
    parameters = inspect.signature(kind).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is not p.VAR_KEYWORD}


def recorded(kind, arguments):
    keras.backend.clear_session()
    optimizer = getattr(keras.optimizers, kind)(**arguments)
    start, gradients = numbers()
    weights = [keras.Variable(a, name=name) for a, name in zip(start, SHAPES, strict=True)]
    steps = []
    for each in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in each], weights)
        steps.append([plain(w) for w in weights])
    paths = [v.path for v in optimizer.variables]
    variables = [plain(v) for v in optimizer.variables]
    config = optimizer.get_config()
    optimizer.finalize_variable_values(weights)
    return {
        "config": config,
        "steps": steps,
        "paths": paths,
        "variables": variables,
        "final": [plain(w) for w in weights],
    }


def rates(kind, arguments):
    schedule = getattr(keras.optimizers.schedules, kind)(0.1, **arguments)
    return {
        "arguments": arguments,
        "config": schedule.get_config(),
        "rates": [float(schedule(t)) for t in range(25)],
    }


kinds = sorted({kind for kind, _ in CASES.values()})
print(
    json.dumps(
        {
            "made_with": {"keras": keras.__version__},
            "signatures": {kind: signature(getattr(keras.optimizers, kind)) for kind in kinds},
            "cases": {name: recorded(*case) for name, case in CASES.items()},
            "schedules": {kind: [rates(kind, each) for each in cases] for kind, cases in SCHEDULES.items()},
        },
        indent=0,
    )
)
