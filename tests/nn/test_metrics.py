"""Metrics give Keras' numbers (tests/data/keras_metrics.json), and those that plain counting gives."""

import copy
import inspect
import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microtensor import keras
from microtensor.core import Tensor
from microtensor.nn import metrics
from microtensor.nn.metrics.counting import counts
from microtensor.nn.metrics.lookup import CLASSES
from microtensor.serialization import custom_object_scope

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_metrics.json").read_text("utf-8"))
CASES = {name.removeprefix("metrics/"): case for name, case in RECORDED["cases"].items() if "y_true" in case}
WEIGHTS = [1.0, 2.0, 0.0, 0.5]
EACH = pytest.mark.parametrize("name", sorted(CLASSES))


def recorded(value):
    return pytest.approx(value["value"], rel=1e-6, abs=1e-6)


# --- Keras' numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_of_keras(name):
    case = CASES[name]
    metric = getattr(keras.metrics, name.split("#")[0])(**case["kwargs"])
    assert metric.name.startswith(case["name"])
    assert [variable.name for variable in metric.variables] == case["variables"]
    y_true, y_pred = case["y_true"], case["y_pred"]
    assert metric(y_true, y_pred) == recorded(case["after_1"])
    metric.update_state(y_true[:2], y_pred[:2])
    assert metric.result() == recorded(case["after_2(first two rows again)"])
    metric.reset_state()
    assert metric(np.array(y_true), Tensor(y_pred), sample_weight=WEIGHTS) == recorded(case["weighted"])


@pytest.mark.parametrize("name", sorted(set(CLASSES) & set(RECORDED["signatures"])))
def test_the_arguments_of_keras(name):
    parameters = inspect.signature(CLASSES[name]).parameters.values()
    ours = ", ".join(
        p.name
        if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
        else f"**{p.name}"
        if p.kind is p.VAR_KEYWORD
        else f"{p.name}={p.default!r}"
        for p in parameters
    )
    assert f"({ours})" == RECORDED["signatures"][name]


# --- what every metric does -------------------------------------------------------------------------------

NEEDED = {
    "IoU": {"num_classes": 3, "target_class_ids": [0, 2]},
    "MeanIoU": {"num_classes": 3},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [0, 2]},
    "OneHotMeanIoU": {"num_classes": 3},
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
}


def squared(y_true, y_pred):
    return np.square(y_true - y_pred)


def made(kind, /, **more):
    return CLASSES[kind](**({"fn": squared} if kind == "MeanMetricWrapper" else NEEDED.get(kind, {})), **more)


def a_batch(name, n=7):
    """The arguments of `update_state`: n samples."""
    rng = np.random.default_rng(n)
    labels, scores = rng.integers(0, 3, n), rng.uniform(0.1, 0.9, (n, 3)).astype("float32")
    if name in ("Mean", "Sum"):
        return (scores,)
    if name in ("IoU", "MeanIoU"):
        return labels, rng.integers(0, 3, n)
    if name.startswith("Sparse"):
        return labels, scores
    return np.eye(3, dtype="float32")[labels], scores


@EACH
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_the_batches_do_not_matter(name, weighted):
    weights = np.arange(7) if weighted else None
    whole, parts = made(name), made(name)
    batch = a_batch(name)
    whole.update_state(*batch, sample_weight=weights)
    for rows in (slice(0, 2), slice(2, 3), slice(3, 7)):
        parts.update_state(
            *(each[rows] for each in batch), sample_weight=None if weights is None else weights[rows]
        )
    np.testing.assert_allclose(parts.result(), whole.result(), rtol=1e-6)
    assert np.all(np.isfinite(whole.result()))


@EACH
def test_a_weight_of_two_is_a_sample_twice(name):
    batch = a_batch(name)
    weighted, twice = made(name), made(name)
    weighted.update_state(*batch, sample_weight=np.array([2] + [1] * 6))
    twice.update_state(*batch)
    twice.update_state(*(each[:1] for each in batch))
    np.testing.assert_allclose(weighted.result(), twice.result(), rtol=1e-6)


@EACH
def test_reset_forgets_everything(name):
    batch, metric, fresh = a_batch(name), made(name), made(name)
    metric.update_state(*(each[::-1][:4] for each in batch))
    metric.reset_state()
    assert not any(np.any(variable.numpy()) for variable in metric.variables)
    np.testing.assert_array_equal(metric(*batch), fresh(*batch))


@EACH
def test_before_anything_was_seen_it_has_a_number(name):
    assert np.all(np.isfinite(made(name).result()))


@EACH
def test_a_metric_comes_back_from_its_config(name):
    metric = made(name, name="mine", dtype="float64")
    written = json.loads(json.dumps(keras.metrics.serialize(metric)))
    with custom_object_scope({"squared": squared}):
        again = [keras.metrics.deserialize(written), keras.metrics.get(written)]
        again.append(type(metric).from_config(metric.get_config()))
        if name != "MeanMetricWrapper":
            again.append(keras.metrics.get({"class_name": name, "config": metric.get_config()}))
    again += [pickle.loads(pickle.dumps(metric)), copy.deepcopy(metric)]
    for other in again:
        assert type(other) is type(metric)
        assert other.get_config() == metric.get_config()
        np.testing.assert_array_equal(other(*a_batch(name)), made(name, dtype="float64")(*a_batch(name)))


@EACH
def test_a_metric_is_found_by_its_class(name):
    assert getattr(keras.metrics, name) is CLASSES[name]
    if name not in NEEDED and name != "MeanMetricWrapper":
        assert type(keras.metrics.get(name)) is CLASSES[name]
        assert type(keras.metrics.get(CLASSES[name])) is CLASSES[name]
    metric = made(name)
    assert keras.metrics.get(metric) is metric
    assert repr(metric) == f"<{name} name={metric.name}>"


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in sorted(CLASSES)
        if "IoU" not in name and name not in ("Mean", "Sum", "MeanMetricWrapper")
    ],
)
def test_shapes_that_cannot_be_compared_are_refused_before_and_after(name):
    metric = made(name)
    metric.check(*(each.shape for each in a_batch(name)))
    with pytest.raises(ValueError, match=r"shape|same"):
        metric.check((4, 2), (4, 3))
    with pytest.raises(ValueError, match=r"shape|same"):
        metric.update_state(np.zeros((4, 2)), np.zeros((4, 3)))


# --- names ------------------------------------------------------------------------------------------------


def test_get_knows_the_names_of_keras_and_no_others():
    for name, kind in {
        "mse": "MeanSquaredError",
        "auc": "AUC",
        "r2_score": "R2Score",
        "accuracy": "Accuracy",
    }.items():
        assert type(keras.metrics.get(name)).__name__ == kind
    assert keras.metrics.get("precision").name.startswith("precision")
    assert keras.metrics.get(None) is None
    assert keras.metrics.get(squared) is squared
    for name in ("acc", "kld", "rmse"):
        with pytest.raises(ValueError, match=f"Could not interpret metric identifier: {name}"):
            keras.metrics.get(name)


def test_in_compile_a_metric_has_the_name_that_was_said():
    found = metrics.get_all(["acc", "mae", "mae", squared, keras.metrics.BinaryAccuracy(), "precision"])
    assert [metric.name for metric in found] == [
        "acc",
        "mae",
        "mae_1",
        "squared",
        "binary_accuracy",
        "precision",
    ]
    with pytest.raises(ValueError, match="None"):
        metrics.get_all([None])


def test_accuracy_and_crossentropy_go_by_the_shapes():
    kinds = {
        ((4, 1), (4, 1)): "Binary",
        ((4,), (4, 1)): "Binary",
        ((4,), (4, 3)): "SparseCategorical",
        ((4, 1), (4, 3)): "SparseCategorical",
        ((4, 3), (4, 3)): "Categorical",
    }
    rng = np.random.default_rng(0)
    for (target, output), kind in kinds.items():
        for name, measure in {"acc": "Accuracy", "accuracy": "Accuracy", "ce": "Crossentropy"}.items():
            metric = metrics.for_compile(name, target, output)
            assert (type(metric).__name__, metric.name) == (kind + measure, name)
            y_true, y_pred = rng.integers(0, 2, target), rng.uniform(0.1, 0.9, output)
            asked = metrics.as_metric(name)
            asked.check(target, output)
            assert asked(y_true, y_pred) == metric(y_true, y_pred)
            assert asked._direction == metric._direction


# --- the number ---------------------------------------------------------------------------------------------


def test_a_result_is_a_float_that_a_float32_holds():
    result = keras.metrics.Mean()([1.0, 0.0, 1.0])
    assert isinstance(result, float)
    assert result == float(np.float32(2 / 3)) == result.item()
    assert result.numpy() == np.float32(2 / 3)
    assert result.numpy().dtype == result.dtype == "float32"
    assert (result.shape, result.ndim, result.size) == ((), 0, 1)
    assert json.dumps({"mean": result}) == json.dumps({"mean": float(result)})
    again = pickle.loads(pickle.dumps(result))
    assert (again, again.dtype) == (result, result.dtype)
    assert keras.metrics.Mean(dtype="float64")([1.0, 0.0, 1.0]).dtype == "float64"


# --- means --------------------------------------------------------------------------------------------------


def test_weights_of_values_in_rows():
    values = [[1, 3], [5, 7]]
    assert keras.metrics.Mean()(values, sample_weight=[[1, 1], [1, 0]]) == 3
    assert keras.metrics.Mean()(values, sample_weight=[[1, 0]]) == 3
    assert keras.metrics.Sum()(values, sample_weight=[[1, 0]]) == 6
    assert keras.metrics.Mean()(2.0, sample_weight=3) == 2
    assert keras.metrics.Mean()([1.0], sample_weight=[0.0]) == 0
    with pytest.raises(ValueError, match="sample_weight has shape"):
        keras.metrics.Mean()([1.0, 2.0], sample_weight=[1.0, 2.0, 3.0])


def test_a_million_small_numbers_add_up():
    mean = keras.metrics.Mean()
    mean.update_state(1e8)
    for _ in range(1000):
        mean.update_state(1.0)
    assert mean.total.numpy() == 1e8 + 1000


def test_a_mean_over_what_is_not_masked():
    class Marked(Tensor):
        pass

    y_pred = Marked([0.0, 2.0, 1.0])
    y_pred._keras_mask = np.array([True, False, True])
    assert keras.metrics.MeanMetricWrapper(squared)(np.ones(3), y_pred) == 0.5


# --- a metric of your own -----------------------------------------------------------------------------------


class Gap(keras.metrics.Metric):
    def __init__(self, name="gap", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.sum = self.add_variable(name="sum", shape=(), initializer="zeros")
        self.seen = self.add_weight(name="seen", dtype="int32")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.sum.assign(self.sum + np.sum(Tensor(y_true) - Tensor(y_pred)))
        self.seen.assign_add(len(y_true))

    def result(self):
        return self.sum / self.seen


def test_a_metric_of_your_own():
    gap = Gap()
    assert [variable.path for variable in gap.variables] == ["gap/sum", "gap/seen"]
    assert float(gap([1.0, 2.0], [0.0, 0.0])) == 1.5
    gap.reset_states()
    assert float(gap([1.0], [0.0])) == 1.0
    assert Gap.from_config(gap.get_config()).get_config() == {"name": "gap", "dtype": "float32"}
    with pytest.raises(NotImplementedError, match="update_state"):
        keras.metrics.Metric()([1.0], [1.0])
    with pytest.raises(NotImplementedError, match="result"):
        keras.metrics.Metric().result()
    with pytest.raises(AttributeError):
        gap.dtype = "float64"
    with pytest.raises(ValueError, match="dtype"):
        Gap(dtype="O")


def test_super_must_be_called():
    class Forgetful(keras.metrics.Metric):
        def __init__(self):
            self.add_weight(name="seen")

    with pytest.raises(RuntimeError, match=r"forgot to call `super\(\).__init__\(\)`"):
        Forgetful()


def test_variables_are_found_wherever_they_are():
    gap = Gap()
    gap.more = {"a": [keras.Variable(0.0), Gap()], "b": (Gap(), 3)}
    gap.again = gap.sum
    assert len(gap.variables) == 7


def test_state_can_be_elsewhere():
    gap = Gap()
    gap.update_state([5.0], [0.0])
    started = gap.stateless_reset_state()
    assert [float(value) for value in started] == [0, 0]
    moved = gap.stateless_update_state(started, [2.0, 4.0], [0.0, 0.0])
    assert [float(value) for value in moved] == [6, 2]
    assert float(gap.stateless_result(moved)) == 3.0
    assert float(gap.result()) == 5.0
    with pytest.raises(ValueError, match="1:1"):
        gap.stateless_result(moved[:1])


@pytest.mark.parametrize("name", ["Mean", "AUC", "F1Score"])
def test_a_state_is_given_back(name):
    metric, batch = made(name), a_batch(name)
    saved = metrics.state_of(metric)
    metric.update_state(*batch)
    seen, between = metric.result(), metrics.state_of(metric)
    metrics.restore_state(metric, saved)
    np.testing.assert_array_equal(metric.result(), made(name).result())
    metrics.restore_state(metric, between)
    np.testing.assert_array_equal(metric.result(), seen)


# --- against plain counting ---------------------------------------------------------------------------------

NUMBERS = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, float("nan")])
SAMPLES = st.lists(st.tuples(st.booleans(), NUMBERS, st.sampled_from([0.0, 1.0, 2.5])), max_size=8)


@given(SAMPLES, st.lists(st.sampled_from([0.0, 0.25, 0.4, 0.5, 1.0]), min_size=1, max_size=5))
def test_counts_at_any_thresholds(samples, thresholds):
    y_true, y_pred, weight = (
        (np.array(each) for each in zip(*samples, strict=True)) if samples else np.zeros((3, 0))
    )
    found = counts(y_true, y_pred, thresholds, sample_weight=weight)
    for k, threshold in enumerate(thresholds):
        plain = [0.0, 0.0, 0.0, 0.0]
        for truth, score, w in samples:
            plain[(0 if truth else 1) if score > threshold else (3 if truth else 2)] += w
        assert [float(each[k]) for each in found] == plain


def test_precision_among_the_largest_and_of_one_class():
    y_true = np.array([[0, 1, 1, 0], [1, 0, 0, 0]])
    y_pred = np.array([[0.1, 0.9, 0.3, 0.8], [0.2, 0.6, 0.1, 0.4]])
    assert keras.metrics.Precision(top_k=2)(y_true, y_pred) == 0.25
    assert keras.metrics.Recall(top_k=2)(y_true, y_pred) == pytest.approx(1 / 3)
    assert keras.metrics.Precision(class_id=1)(y_true, y_pred) == 0.5
    assert keras.metrics.Precision(thresholds=[0.0, 0.5])(y_true, y_pred).tolist() == [
        0.375,
        pytest.approx(1 / 3),
    ]
    with pytest.raises(ValueError, match="class_id"):
        keras.metrics.Precision(class_id=1)(y_true[0], y_pred[0])


def test_top_k_accuracy_counts_ties_for_the_label():
    scores = [[0.3, 0.3, 0.3, 0.1]]
    for label, right in ((0, 1), (2, 1), (3, 0)):
        assert keras.metrics.SparseTopKCategoricalAccuracy(k=1)([label], scores) == right
        assert keras.metrics.TopKCategoricalAccuracy(k=1)(np.eye(4)[[label]], scores) == right
    named = keras.metrics.SparseTopKCategoricalAccuracy(k=2, from_sorted_ids=True)
    assert named([1, 1], [[3, 1, 0], [0, 2, 1]]) == 0.5
    assert named.get_config()["from_sorted_ids"] is True


def test_auc_is_how_often_a_one_scores_above_a_zero():
    rng = np.random.default_rng(5)
    y_true = np.arange(200) < 80
    scores = rng.integers(1, 100, 200) / 100 * 0.6 + 0.3 * y_true
    ones, zeros = scores[y_true][:, None], scores[~y_true][None, :]
    chance = np.mean((ones > zeros) + (ones == zeros) / 2)
    assert keras.metrics.AUC(num_thresholds=2001)(y_true, scores) == pytest.approx(chance, abs=2e-3)
    logits = np.log(scores / (1 - scores))
    assert keras.metrics.AUC(2001, from_logits=True)(y_true, logits) == pytest.approx(chance, abs=2e-3)


def test_auc_of_several_labels_is_their_mean():
    rng = np.random.default_rng(6)
    y_true, scores = rng.integers(0, 2, (50, 3)), rng.uniform(size=(50, 3))
    for curve in ("ROC", "PR", "PRGAIN"):
        for method in ("interpolation", "majoring", "minoring"):
            each = [keras.metrics.AUC(20, curve, method)(y_true[:, k], scores[:, k]) for k in range(3)]
            several = keras.metrics.AUC(20, curve, method, multi_label=True)
            assert several(y_true, scores) == pytest.approx(np.mean(each), rel=1e-6)
            weighted = keras.metrics.AUC(20, curve, method, multi_label=True, label_weights=[1, 2, 0])
            assert weighted(y_true, scores) == pytest.approx(np.average(each, weights=[1, 2, 0]), rel=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_thresholds": 1}, "num_thresholds"),
        ({"curve": "round"}, "Invalid AUC curve value"),
        ({"summation_method": "all"}, "Invalid AUC summation method value"),
        ({"num_labels": 2}, "num_labels"),
    ],
)
def test_what_auc_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        keras.metrics.AUC(**arguments)


def test_auc_of_several_labels_needs_columns():
    with pytest.raises(ValueError, match="rank 2"):
        keras.metrics.AUC(multi_label=True)([0, 1], [0.0, 1.0])


@pytest.mark.parametrize("name", sorted(name for name in NEEDED if "At" in name))
def test_what_operating_points_refuse(name):
    with pytest.raises(ValueError, match=r"range \[0, 1\]"):
        CLASSES[name](1.5)
    with pytest.raises(ValueError, match="num_thresholds"):
        CLASSES[name](0.5, num_thresholds=0)


def test_thresholds_are_between_zero_and_one():
    for kind in (keras.metrics.Precision, keras.metrics.TruePositives):
        with pytest.raises(
            ValueError, match=r"Threshold values must be in \[0, 1\]. Received: \[-1, None, 2\]"
        ):
            kind(thresholds=[0.5, -1, None, 2])


def test_the_f_scores_of_plain_counting():
    y_true = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 1], [1, 1, 0]])
    y_pred = np.array([[0.9, 0.2, 0.6], [0.3, 0.8, 0.1], [0.2, 0.7, 0.4], [0.6, 0.1, 0.7]])
    yes = y_pred > 0.5

    def score(t, p, square):
        right = np.sum(t * p)
        precision, recall = right / max(np.sum(p), 1), right / max(np.sum(t), 1)
        return (1 + square) * precision * recall / max(square * precision + recall, 1e-9)

    for beta in (0.5, 1.0, 2.0):
        each = [score(y_true[:, k], yes[:, k], beta**2) for k in range(3)]
        expected = {
            None: each,
            "macro": np.mean(each),
            "micro": score(y_true, yes, beta**2),
            "weighted": np.average(each, weights=y_true.sum(axis=0)),
        }
        for average, value in expected.items():
            found = keras.metrics.FBetaScore(average, beta, 0.5)(y_true, y_pred)
            np.testing.assert_allclose(found, value, atol=1e-6)
    np.testing.assert_allclose(
        keras.metrics.F1Score(threshold=0.5)(y_true, y_pred),
        keras.metrics.FBetaScore(threshold=0.5)(y_true, y_pred),
    )
    assert "beta" not in keras.metrics.F1Score().get_config()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"average": "all"}, "Invalid `average` argument value"),
        ({"beta": 1}, "`beta`.*Python float"),
        ({"beta": -1.0}, "`beta`.*> 0"),
        ({"threshold": 1}, "`threshold`.*Python float"),
        ({"threshold": 0.0}, "0 < threshold <= 1"),
    ],
)
def test_what_f_scores_refuse(arguments, message):
    with pytest.raises(ValueError, match=message):
        keras.metrics.FBetaScore(**arguments)


def test_r2_explains_the_spread():
    y_true, y_pred = np.array([[1.0, 2], [2, 4], [4, 1]]), np.array([[1.5, 2], [2, 3], [3, 1]])
    each = 1 - np.sum((y_true - y_pred) ** 2, axis=0) / np.sum((y_true - y_true.mean(axis=0)) ** 2, axis=0)
    kind = keras.metrics.R2Score
    np.testing.assert_allclose(kind(None)(y_true, y_pred), each, rtol=1e-6)
    assert kind()(y_true, y_pred) == pytest.approx(np.mean(each))
    weights = y_true.var(axis=0)
    assert kind("variance_weighted_average")(y_true, y_pred) == pytest.approx(
        np.average(each, weights=weights)
    )
    assert kind()(y_true, y_true) == 1.0
    adjusted = 1 - (1 - np.mean(each)) * (6 - 1) / (6 - 2 - 1)
    assert kind(num_regressors=2)(y_true, y_pred) == pytest.approx(adjusted)
    for regressors, message in ((5, "Division by zero"), (6, "More independent predictors")):
        with pytest.warns(UserWarning, match=message):
            assert kind(num_regressors=regressors)(y_true, y_pred) == pytest.approx(np.mean(each))
    with pytest.raises(ValueError, match="class_aggregation"):
        kind("all")
    with pytest.raises(ValueError, match="num_regressors"):
        kind(num_regressors=-1)
    with pytest.raises(ValueError, match="2D"):
        kind()(y_true[0], y_pred[0])


def test_intersections_over_unions():
    t, p = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 0, 7])
    shares = [1 / 3, 1 / 2, 1 / 2]  # what is out of range counts in none
    assert keras.metrics.MeanIoU(3)(t, p) == pytest.approx(np.mean(shares), rel=1e-6)
    assert keras.metrics.IoU(3, [0, 2])(t, p) == pytest.approx((shares[0] + shares[2]) / 2, rel=1e-6)
    hot = np.eye(3)[t[:5]]
    expected = keras.metrics.MeanIoU(3)(t[:5], p[:5])
    assert keras.metrics.OneHotMeanIoU(3, sparse_y_pred=True)(hot, p[:5]) == expected
    assert keras.metrics.OneHotIoU(3, [0, 1, 2])(hot, np.eye(3)[p[:5]]) == expected
    assert keras.metrics.MeanIoU(3, ignore_class=2)(t, p) == pytest.approx((1 / 2 + 1 / 2) / 2, rel=1e-6)
    assert keras.metrics.BinaryIoU([1], threshold=0.3)([0, 1, 1, 0], [0.3, 0.2, 0.9, 0.1]) == pytest.approx(
        1 / 3
    )
    with pytest.warns(UserWarning, match="weight.*float.*int.*casting"):
        keras.metrics.MeanIoU(3)(t, p, sample_weight=np.full(6, 1.5))
    assert keras.metrics.MeanIoU(3, dtype="float32")(t, p, sample_weight=np.full(6, 1.5)) > 0
    with pytest.raises(ValueError, match="Target class id 3 is out of range"):
        keras.metrics.IoU(3, [3])
    with pytest.raises(ValueError, match="one for each place"):
        keras.metrics.MeanIoU(3)([0, 1], [0])


def test_correlations_are_those_of_numpy():
    rng = np.random.default_rng(7)
    t, p = rng.normal(size=(2, 4, 9))
    each = [np.corrcoef(a, b)[0, 1] for a, b in zip(t, p, strict=True)]
    np.testing.assert_allclose(keras.metrics.pearson_correlation(t, p), each)
    assert keras.metrics.PearsonCorrelation()(t, p) == pytest.approx(np.mean(each), rel=1e-5)
    moved = [
        2 * np.cov(a, b, bias=True)[0, 1] / (a.var() + b.var() + (a.mean() - b.mean()) ** 2)
        for a, b in zip(t, p, strict=True)
    ]
    np.testing.assert_allclose(keras.metrics.concordance_correlation(t, p), moved, rtol=1e-6)
    assert keras.metrics.ConcordanceCorrelation(axis=0)(t.T, p.T) == pytest.approx(np.mean(moved), rel=1e-5)


def test_an_ignored_class_weighs_nothing():
    y_pred = np.array([[0.8, 0.1, 0.1], [0.05, 0.9, 0.05], [0.1, 0.8, 0.1]])
    kind = keras.metrics.SparseCategoricalCrossentropy
    weighted = kind(ignore_class=0)([0, 1, 2], y_pred, sample_weight=[5.0, 1.0, 2.0])
    assert weighted == kind()([1, 2], y_pred[1:], sample_weight=[1.0, 2.0])


@pytest.mark.parametrize(
    "function",
    [
        keras.metrics.binary_accuracy,
        keras.metrics.categorical_accuracy,
        keras.metrics.top_k_categorical_accuracy,
        keras.metrics.mean_squared_error,
    ],
)
def test_functions_take_lists_and_give_tensors(function):
    value = function([[0, 1, 0], [1, 0, 0]], [[0.1, 0.9, 0.2], [0.1, 0.5, 0.4]])
    assert isinstance(value, Tensor)
    assert value.dtype == "float32"
