"""Record what Keras' layers compute in tests/nn/layer_cases.py: outputs, gradients, moving averages, configs.

Run where Keras 3 and JAX are installed, with KERAS_BACKEND=jax:
`python tests/recording/keras_layers.py > tests/data/keras_layers.json`.
"""

import json
import sys
from pathlib import Path

import jax
import keras
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "nn"))
from layer_cases import CASES, inputs_of, numbers, start


def plain(value):
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    short = [float(f"{number:.8g}") for number in np.ravel(value)]  # as many digits as a float32 has
    return np.reshape(short, np.shape(value)).tolist()


def recorded(case):
    make, shape, options = case
    layer, x = make(keras), inputs_of(shape)
    y = layer(x, **options)
    start(layer)
    weights = layer.trainable_variables
    others = [w.value for w in layer.non_trainable_variables]
    seed = numbers(y.shape, 50)
    whole = not isinstance(x, list) and x.dtype.kind == "i"

    def toward(x, values):
        y, _ = layer.stateless_call(values, others, x, **options)
        return (y * seed).sum()

    values = [w.value for w in weights]
    of_inputs = [] if whole else jax.grad(toward, 0)(x, values)
    of_weights = jax.grad(toward, 1)(x, values)
    y = layer(x, **options)
    losses = layer.losses
    for _ in range(2):
        layer(x, **options)
    config = layer.get_config()
    return {
        "output": plain(y),
        "of_inputs": plain(of_inputs),
        "of_weights": plain(of_weights),
        "weights_after_three_calls": plain([w.value for w in layer.weights]),
        "names": [w.path.rsplit("/", 1)[-1] for w in layer.weights],
        "losses": plain(losses),
        "in_use": plain(layer(x)),
        "config": {key: config[key] for key in sorted(config) if key not in ("name", "dtype")},
    }


cases = {name: recorded(case) for name, case in CASES.items()}
made_with = {"keras": keras.__version__, "jax": jax.__version__}
print(json.dumps({"made_with": made_with, "cases": cases}, indent=0))
