"""Losses give Keras' numbers (tests/data/keras_losses.json), have slopes, and broadcast nothing."""

import inspect
import itertools
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from microtensor import keras
from microtensor.core import Tensor
from microtensor.nn import losses
from microtensor.nn.losses.lookup import CLASSES, SHORT
from microtensor.serialization import custom_object_scope
from microtensor.testing import check_grads

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_losses.json").read_text("utf-8"))
CASES = {
    name.removeprefix("losses/"): case for name, case in RECORDED["cases"].items() if "shape" not in name
}
SHAPES = {name: case for name, case in RECORDED["cases"].items() if "shape" in name}
REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none")
EACH = pytest.mark.parametrize("name", sorted(CLASSES))


def array(recorded):
    return np.array(recorded["value"], recorded["dtype"]).reshape(recorded["shape"])


def made(case_name, **more):
    return getattr(keras.losses, case_name.split("#")[0])(**CASES[case_name]["kwargs"], **more)


# --- Keras' numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", CASES)
def test_the_numbers_of_keras(name, reduction, weighted):
    case = CASES[name]
    weights = case["sample_weight"] if weighted else None
    value = made(name, reduction=reduction)(case["y_true"], case["y_pred"], sample_weight=weights)
    expected = array(case[reduction + "_weighted" * weighted])
    assert value.dtype == expected.dtype
    assert value.shape == expected.shape
    np.testing.assert_allclose(value, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_the_gradients_of_keras(name):
    case = CASES[name]
    prediction = Tensor(case["y_pred"], dtype="float32", requires_grad=True)
    with np.errstate(all="ignore"):  # the slope of √p at 0 is infinite, in Keras too
        made(name)(case["y_true"], prediction).backward()
    expected, sure = array(case["grad_wrt_y_pred"]), np.ones(prediction.shape, bool)
    for place in case.get("backends_disagree_at", ()):
        if place.startswith("/grad_wrt_y_pred/value"):
            sure[tuple(int(k) for k in place.split("value")[1].strip("[]").split("]["))] = False
    np.testing.assert_allclose(prediction.grad.numpy()[sure], expected[sure], rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_the_configs_of_keras(name):
    assert made(name).get_config() == CASES[name]["config"]


@pytest.mark.parametrize("name", SHAPES)
def test_the_rank_rule_of_keras(name):
    case, loss = SHAPES[name], getattr(keras.losses, name.split("/")[1].split("_")[0])
    if "error" in case:
        answer = np.full((4, int(name[-1])), 0.5)
        with pytest.raises(ValueError, match="must have the same shape"):
            loss()([0.0, 1.0, 1.0, 0.0] if "yN_" in name else [[0.0], [1.0], [1.0], [0.0]], answer)
    else:
        for reduction, key in (("none", "none"), ("sum_over_batch_size", "default")):
            value = loss(reduction=reduction)(case["y_true"], case["y_pred"])
            np.testing.assert_allclose(value, array(case[key]), rtol=1e-6, atol=1e-6)


@EACH
def test_the_arguments_of_keras(name):
    parameters = inspect.signature(CLASSES[name]).parameters.values()
    ours = ", ".join(f"{p.name}={p.default!r}" for p in parameters)
    assert f"({ours})" == RECORDED["signatures"][name]


# --- what every loss does -----------------------------------------------------------------------------------


def a_batch(name):
    """(y_true, y_pred) that this loss takes: three samples, two columns or classes."""
    rng = np.random.default_rng(3)
    scores = rng.uniform(0.2, 0.8, (3, 2))
    if name in ("SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy", "Circle"):
        return np.array([0, 1, 1]), scores
    if name == "CTC":
        return np.array([[1, 2], [1, 1], [2, 0]]), rng.normal(size=(3, 4, 3))
    return np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), scores


@EACH
def test_a_loss_has_slopes(name):
    y_true, y_pred = a_batch(name)
    loss = CLASSES[name](dtype="float64")
    check_grads(lambda p: loss(y_true, p), y_pred, tolerance=1e-5)


@EACH
def test_a_loss_comes_back_from_its_config(name):
    loss = CLASSES[name](name="mine", reduction="sum")
    written = json.loads(json.dumps(keras.losses.serialize(loss)))
    for again in (
        keras.losses.deserialize(written),
        keras.losses.get(written),
        type(loss).from_config(loss.get_config()),
    ):
        assert type(again) is type(loss)
        assert again.get_config() == loss.get_config()
    plain = keras.losses.get({"class_name": name, "config": {"name": "mine"}})
    assert (type(plain), plain.name) == (CLASSES[name], "mine")
    assert pickle.loads(pickle.dumps(loss)).get_config() == loss.get_config()


@EACH
def test_a_loss_is_found_by_its_names(name):
    function = CLASSES[name]().fn
    assert keras.losses.get(function.__name__) is function
    assert keras.losses.get(function) is function
    assert getattr(keras.losses, function.__name__) is function
    assert isinstance(keras.losses.get(name), CLASSES[name])
    assert isinstance(keras.losses.get(CLASSES[name]), CLASSES[name])
    assert isinstance(losses.as_loss(function), CLASSES[name])
    assert losses.as_loss(function.__name__).name == function.__name__


@EACH
def test_arguments_that_differ_from_keras_own_are_in_the_config(name):
    shared = {"reduction", "name", "dtype"}
    own = {
        key: p.default for key, p in inspect.signature(CLASSES[name]).parameters.items() if key not in shared
    }
    changed = {
        key: not value
        if isinstance(value, bool)
        else 1
        if value is None
        else -2
        if value == -1
        else value + 0.125
        for key, value in own.items()
    }
    config = CLASSES[name](**changed).get_config()
    assert {key: config[key] for key in changed} == changed


@pytest.mark.parametrize("name", sorted(set(CLASSES) - {"CTC", "Circle"}))  # their targets are no rows
def test_nothing_is_broadcast(name):
    y_true, y_pred = a_batch(name)
    with pytest.raises(ValueError, match="shape"):
        CLASSES[name]()(np.ones((3, 1)) if y_true.ndim == 2 else np.ones((3, 3)), y_pred)


@EACH
def test_a_mean_is_the_mean_of_what_is_not_reduced(name):
    y_true, y_pred = a_batch(name)
    each = CLASSES[name](reduction="none")(y_true, y_pred).numpy()
    counted = each[each > 0] if name == "Circle" else each
    np.testing.assert_allclose(CLASSES[name]()(y_true, y_pred), np.mean(counted), rtol=1e-5)


# --- names --------------------------------------------------------------------------------------------------


def test_short_names_stand_for_functions():
    for short, full in SHORT.items():
        for name in (short, short.upper()):
            assert keras.losses.get(name) is getattr(keras.losses, full)
            assert getattr(keras.losses, name) is getattr(keras.losses, full)


def test_get_of_nothing_and_of_what_is_unknown():
    assert keras.losses.get(None) is None
    with pytest.raises(ValueError, match=r"Could not interpret loss identifier: msee\. Did you mean 'mse'"):
        keras.losses.get("msee")
    with pytest.raises(ValueError, match="Could not interpret loss identifier"):
        keras.losses.get(3)
    with pytest.raises(ValueError, match="None"):
        losses.as_loss(None)
    with pytest.raises(TypeError, match="nope"):
        keras.losses.deserialize({"class_name": "nope", "config": {}})


def test_a_function_of_yours_is_a_loss():
    def cubed(y_true, y_pred, times=1):
        return times * np.mean(np.abs(y_true - y_pred) ** 3, axis=-1)

    loss = losses.as_loss(cubed)
    assert loss.name == "cubed"
    assert float(loss([[0.0], [0.0]], [[2.0], [0.0]])) == 4.0
    twice = keras.losses.LossFunctionWrapper(cubed, times=2)
    assert float(twice([0.0, 0.0], [[2.0], [0.0]])) == 8.0
    assert "cubed" in repr(twice)
    assert "times" in repr(twice)
    with custom_object_scope({"cubed": cubed}):
        again = keras.losses.LossFunctionWrapper.from_config(twice.get_config())
    assert float(again([0.0, 0.0], [[2.0], [0.0]])) == 8.0
    assert keras.losses.deserialize("cubed", custom_objects={"cubed": cubed}) is cubed


def test_crossentropy_goes_by_the_shapes():
    kinds = {
        ((4, 1), (4, 1)): "binary",
        ((4,), (4, 1)): "binary",
        ((4,), (4, 3)): "sparse_categorical",
        ((4, 1), (4, 3)): "sparse_categorical",
        ((4, 3), (4, 3)): "categorical",
    }
    for (target, output), kind in kinds.items():
        for name in ("crossentropy", "ce"):
            assert losses.for_compile(name, target, output).fn.__name__ == f"{kind}_crossentropy"
    assert losses.for_compile("mse", (4, 1), (4, 1)).name == "mse"


# --- reductions, weights, masks -----------------------------------------------------------------------------


class Squared(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return (y_true - y_pred) ** 2


def test_a_loss_of_your_own():
    loss = Squared()
    assert loss.name == "squared"
    assert loss.get_config() == {"name": "squared", "reduction": "sum_over_batch_size"}
    value = loss([1, 0], np.array([0.0, 2.0]))
    assert value.dtype == "float32"
    assert float(value) == 2.5
    assert Squared(dtype="float64")([1, 0], [0.0, 2.0]).dtype == "float64"
    assert repr(Squared(name="mine")) == "<Squared name=mine>"
    with pytest.raises(NotImplementedError, match="call"):
        keras.losses.Loss()([1.0], [1.0])
    with pytest.raises(AttributeError):
        loss.dtype = "float64"


def test_a_loss_of_several_outputs():
    class Both(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return y_true["a"] - y_pred["a"] + y_true["b"] - y_pred["b"]

    assert float(Both()({"a": [1.0], "b": [2]}, {"a": [0.0], "b": [0.0]})) == 3.0


def test_a_reduction_that_does_not_exist():
    with pytest.raises(ValueError, match=r"Invalid value for argument `reduction`\..*reduction=auto"):
        keras.losses.MeanSquaredError(reduction="auto")


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ((3,), (), (3,)),
        ((3,), (3,), (3,)),
        ((3,), (3, 1), (3, 1)),
        ((3, 3), (3,), (3, 3)),
        ((3, 4), (3, 1), (3, 4)),
        ((3, 4), (3, 4), (3, 4)),
        ((3, 4, 5), (3,), (3, 4, 5)),
        ((), (3,), (3,)),
    ],
)
def test_weights_are_for_each_value_each_sample_or_all(values, weights, expected):
    rng = np.random.default_rng(0)
    y_pred, weight = rng.normal(size=values), rng.uniform(size=weights)
    wide = weight.reshape((*weights, *(1,) * (len(values) - len(weights)))[: max(len(values), 1)])
    loss = Squared(reduction="none", dtype="float64")(np.zeros(values), y_pred, sample_weight=weight)
    assert loss.shape == expected
    np.testing.assert_allclose(
        loss.numpy().reshape(-1), (y_pred.reshape(values or (1,)) ** 2 * wide).reshape(-1)
    )


@pytest.mark.parametrize("weights", [(2,), (4,), (1, 3), (3, 1, 4)])
def test_weights_that_fit_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="sample_weight has shape"):
        Squared()(np.zeros(3), np.ones(3), sample_weight=np.ones(weights))


def test_no_weight_at_all_is_no_nan():
    for reduction in REDUCTIONS[:-1]:
        assert float(Squared(reduction=reduction)([1.0, 2.0], [0.0, 0.0], sample_weight=[0.0, 0.0])) == 0.0


@pytest.mark.parametrize("reduction", REDUCTIONS[:-1])
def test_a_mask_leaves_out(reduction):
    class Marked(Tensor):  # a tensor with attributes
        pass

    y_true, y_pred, counts = (
        np.array([1.0, 0, 1, 0]),
        np.array([0.1, 0.2, 0.3, 0.4]),
        np.array([1, 0, 1, 1]) > 0,
    )
    marked = Marked(y_pred)
    marked._keras_mask = counts
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    loss = Squared(reduction=reduction)
    for weight in (None, weights):
        kept = None if weight is None else weight[counts]
        expected = loss(y_true[counts], y_pred[counts], sample_weight=kept)
        np.testing.assert_allclose(loss(y_true, marked, sample_weight=weight), expected, rtol=1e-6)
    marked._keras_mask = np.zeros(4, bool)
    assert float(loss(y_true, marked)) == 0.0


def test_a_class_that_is_ignored_does_not_count():
    logits = np.array([[0.9, 0.1, 0.3], [0.2, 0.8, 0.1], [0.0, 0.4, 0.6]])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    left = keras.losses.SparseCategoricalCrossentropy(from_logits=True)([1, 2], logits[1:])
    np.testing.assert_allclose(loss([-1, 1, 2], logits), left, rtol=1e-6)
    np.testing.assert_allclose(loss([[-1], [1], [2]], logits), left, rtol=1e-6)
    each = keras.losses.sparse_categorical_crossentropy(np.array([-1, 1, 2]), logits, True, ignore_class=-1)
    assert each.tolist()[0] == 0.0


# --- one by one ---------------------------------------------------------------------------------------------


def test_the_mean_squared_error_is_one_operation():
    prediction = Tensor([[1.0], [2.0]], requires_grad=True)
    assert keras.losses.MeanSquaredError()([[0.0], [0.0]], prediction).operation.name == "mse"
    assert keras.losses.MeanSquaredError()([0.0, 0.0], prediction).operation.name == "mse"


def test_classes_along_another_axis():
    rng = np.random.default_rng(1)
    labels, scores = rng.integers(0, 3, (2, 4)), rng.normal(size=(2, 4, 3))
    hot = np.eye(3)[labels]
    first, last = np.moveaxis(scores, -1, 1), scores
    expected = keras.losses.sparse_categorical_crossentropy(labels, last, from_logits=True)
    for y_true in (labels, labels[:, None]):
        found = keras.losses.sparse_categorical_crossentropy(y_true, first, from_logits=True, axis=1)
        np.testing.assert_allclose(found, expected)
    found = keras.losses.categorical_crossentropy(np.moveaxis(hot, -1, 1), first, from_logits=True, axis=1)
    np.testing.assert_allclose(found, expected)
    for of in (keras.losses.categorical_crossentropy, keras.losses.categorical_focal_crossentropy):
        with pytest.raises(ValueError, match="`axis` must be of type `int`"):
            of(hot, last, axis=True)


def test_one_class_is_no_choice():
    for of in (keras.losses.categorical_crossentropy, keras.losses.categorical_focal_crossentropy):
        with pytest.warns(SyntaxWarning, match="num_classes > 1"):
            of([[1.0]], [[0.5]])


def test_a_q_outside_its_interval():
    for q in (0.0, 1.0, -1):
        with pytest.raises(ValueError, match=r"q must be in the interval \(0, 1\)"):
            keras.losses.CategoricalGeneralizedCrossEntropy(q=q)


def test_dice_and_tversky_over_some_axes():
    t = np.array([[[1.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [0.0, 0.0]]])
    assert keras.losses.dice(t, t, axis=(1, 2)).numpy() == pytest.approx([0, 0], abs=1e-6)
    assert keras.losses.tversky(t, 1 - t, axis=[1, 2]) is not None
    np.testing.assert_allclose(keras.losses.tversky(t, t / 2), keras.losses.dice(t, t / 2), rtol=1e-6)


def test_a_sample_without_partners_pulls_nothing():
    embeddings = Tensor([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]], requires_grad=True)
    keras.losses.Circle()([0, 1, 2], embeddings).backward()
    assert np.isfinite(embeddings.grad.numpy()).all()


def said_by(walk):
    """What a walk says: repeats are one, and blanks are silent."""
    return [label for label, _ in itertools.groupby(walk) if label]


def test_ctc_sums_over_all_walks():
    rng = np.random.default_rng(2)
    logits = rng.normal(size=(3, 4, 3))
    labels = [[1, 2, 1], [1, 1, 0], [0, 0, 0]]
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    for sample, row in enumerate(labels):
        target = [label for label in row if label]
        chance = sum(
            np.prod([p[sample, step, label] for step, label in enumerate(walk)])
            for walk in itertools.product(range(3), repeat=4)
            if said_by(walk) == target
        )
        value = keras.losses.ctc(np.array(labels), logits).numpy()[sample]
        assert value == pytest.approx(-np.log(chance))
    with pytest.raises(ValueError, match="Targets"):
        keras.losses.ctc(np.zeros(3), logits)
    with pytest.raises(ValueError, match="Logits"):
        keras.losses.ctc(np.zeros((3, 2)), logits[0])


# --- what the trainer asks ----------------------------------------------------------------------------------


def test_a_target_is_brought_into_the_shape_of_the_output_or_refused():
    mse, sparse = losses.as_loss("mse"), losses.as_loss("sparse_categorical_crossentropy")
    y = np.arange(4.0)
    assert losses.matching(mse, y, (4, 1), "y").shape == (4, 1)
    assert losses.matching(mse, y[:, None], (4,), "y").shape == (4,)
    assert losses.matching(sparse, y, (4, 3), "y").shape == (4,)
    assert losses.matching(sparse, y[:, None], (4, 3), "y").shape == (4, 1)
    assert losses.matching(Squared(), y[:, None], (4, 3), "y").shape == (4, 1)
    assert losses.matching(None, y, (4, 3), "y") is y
    for loss, target, output in ((mse, (4, 3), (4, 1)), (mse, (4,), (4, 2)), (sparse, (4, 3), (4, 3))):
        with pytest.raises(ValueError, match=r"answers has shape \(4"):
            losses.matching(loss, np.zeros(target), output, "answers")
    with pytest.raises(ValueError, match="nothing is broadcast"):
        losses.matching(Squared(), np.zeros((4, 3)), (4, 2), "y")


@pytest.mark.parametrize("kind", [keras.losses, keras.metrics])
@pytest.mark.parametrize("given", [None, 3, [1]])
def test_what_no_loss_is_made_of(kind, given):
    with pytest.raises(ValueError, match="is made of a dict that `serialize` gave, or a name; got"):
        kind.deserialize(given)


def test_the_example_in_an_error_is_one_that_people_know():
    with pytest.raises(ValueError, match="give a name such as 'mse'"):
        keras.losses.get(3)
