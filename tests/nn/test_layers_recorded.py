"""What Keras' layers compute, recorded: outputs, gradients, moving averages, losses, configs."""

import json
from pathlib import Path

import numpy as np
import pytest

from microtensor import Tensor, keras

from .layer_cases import CASES, inputs_of, numbers, start

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_layers.json").read_text())["cases"]
ITSELF = ("name", "dtype", "activity_regularizer")


def close(mine, theirs, **kwargs):
    np.testing.assert_allclose(np.asarray(mine), np.asarray(theirs), rtol=2e-5, atol=2e-6, **kwargs)


# ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_a_layer_computes_what_keras_computes(case):
    make, shape, options = CASES[case]
    known = RECORDED[case]
    layer, x = make(keras), inputs_of(shape)
    layer(x, **options)
    start(layer)
    assert [w.path.rsplit("/", 1)[-1] for w in layer.weights] == known["names"]

    several = isinstance(x, list)
    tensors = [Tensor(each, requires_grad=each.dtype.kind == "f") for each in (x if several else [x])]
    y = layer(tensors if several else tensors[0], **options)
    close(y, known["output"])
    (y * numbers(y.shape, 50)).sum().backward()
    if tensors[0].dtype.kind == "f":
        for tensor, gradient in zip(
            tensors, known["of_inputs"] if several else [known["of_inputs"]], strict=True
        ):
            close(tensor.grad, gradient)
    for weight, gradient in zip(layer.trainable_weights, known["of_weights"], strict=True):
        close(weight.grad, gradient)
    close(layer.losses, known["losses"])

    for _ in range(2):
        layer(x, **options)
    for weight, value in zip(layer.weights, known["weights_after_three_calls"], strict=True):
        close(weight, value, err_msg=weight.path)
    close(layer(x), known["in_use"])


@pytest.mark.parametrize("case", CASES)
def test_a_layer_is_described_as_keras_describes_it(case):
    layer = CASES[case][0](keras)
    layer(inputs_of(CASES[case][1]))
    mine = {key: value for key, value in layer.get_config().items() if key not in ITSELF}
    theirs = {key: value for key, value in RECORDED[case]["config"].items() if key not in ITSELF}
    assert json.loads(json.dumps(mine)) == theirs
