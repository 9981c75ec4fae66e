"""keras.ops: the values, shapes and dtypes of Keras (recorded in tests/data/keras_ops.json), and
gradients.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras
from microtensor.core.operations.table import compositions
from microtensor.keras import ops

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_ops.json").read_text("utf-8"))
NAMES = {name: np.array(value, "float32") for name, value in RECORDED["names"].items()}
SAMPLE = [[1, 1, 0], [1, 0, 1], [1, 1, 1]]
VECTORS = {"bincount", "diagflat", "vander"}


def evaluated(expression):
    """An expression of the record, which is ours, evaluated on arrays of its own."""
    return eval(expression, {"np": np, "ops": ops, **{k: v.copy() for k, v in NAMES.items()}})


def agrees(ours, recorded):
    if isinstance(recorded, dict) and set(recorded) == {"shape", "value"}:
        array = np.nan_to_num(np.asarray(ours, "float64"), nan=12345.0, posinf=1e30, neginf=-1e30)
        assert array.shape == tuple(recorded["shape"])
        np.testing.assert_allclose(array, recorded["value"], rtol=2e-6, atol=2e-6)
    elif isinstance(recorded, dict):
        assert ours.keys() == recorded.keys()
        for key, value in recorded.items():
            agrees(ours[key], value)
    elif isinstance(recorded, list):
        assert len(ours) == len(recorded)
        for part, value in zip(ours, recorded, strict=True):
            agrees(part, value)
    elif isinstance(recorded, str):
        assert ours == recorded
    else:
        assert float(ours) == pytest.approx(float(recorded), rel=2e-6, abs=2e-6)


@pytest.mark.parametrize("expression", RECORDED["cases"])
def test_the_values_are_those_of_keras(expression):
    agrees(evaluated(expression), RECORDED["cases"][expression])


@pytest.mark.parametrize("expression", RECORDED["refused"])
def test_what_keras_refuses_is_refused(expression):
    with pytest.raises((ValueError, TypeError, IndexError, NotImplementedError, AttributeError)):
        evaluated(expression)


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
@pytest.mark.parametrize("name", RECORDED["dtypes_of_one"])
def test_dtypes_of_functions_of_one(name):
    sample = SAMPLE[0] if name in VECTORS else SAMPLE
    for dtype, given in RECORDED["dtypes_of_one"][name].items():
        for kind in given.split():
            assert getattr(ops, name)(np.array(sample, kind)).dtype.name == dtype, kind


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
@pytest.mark.parametrize("name", RECORDED["dtypes_of_two"])
def test_dtypes_of_functions_of_two(name):
    for dtype, pairs in RECORDED["dtypes_of_two"][name].items():
        for pair in pairs.split(", "):
            first, second = pair.split()
            other = {"int": 2, "float": 2.5}.get(second)
            other = np.array(SAMPLE, second) if other is None else other
            assert getattr(ops, name)(np.array(SAMPLE, first), other).dtype.name == dtype, pair


def test_result_type_joins_dtypes_on_one_ladder():
    result_type = keras.backend.result_type
    assert result_type() == "float32"
    assert result_type("int64", "float16") == "float16"
    assert result_type("uint8", "int8") == "int16"
    assert result_type("uint64", "int64") == "float32", "no integer holds both"
    assert result_type("bool", int) == "int32"
    assert result_type("int8", float) == "float32"
    assert result_type("float16", float) == "float16"
    with pytest.raises(ValueError, match="Invalid dtype: foo"):
        result_type("foo", "int8")


def test_lists_and_numbers_enter_as_keras_has_it():
    assert ops.convert_to_tensor([1, 2]).dtype == "int32"
    assert ops.convert_to_tensor([1, 2.0]).dtype == "float32"
    assert ops.convert_to_tensor([]).dtype == "float32"
    assert ops.convert_to_tensor(True).dtype == bool
    assert ops.convert_to_tensor(np.ones(2)).dtype == "float64"
    assert ops.convert_to_tensor(1.5, dtype="float16").dtype == "float16"
    tensor = ops.ones(2)
    assert ops.convert_to_tensor(tensor) is tensor
    array = ops.convert_to_numpy(tensor)
    array[0] = 7
    assert tensor.tolist() == [1, 1], "the array is the caller's own"
    assert ops.is_tensor(tensor)
    assert not ops.is_tensor([1])
    with pytest.raises(ValueError, match="symbolic"):
        ops.convert_to_numpy(keras.Input((2,)))


def test_a_list_of_tensors_keeps_their_gradients():
    a, b = mt.Variable(2.0), mt.Variable(3.0)
    ops.prod([a, b]).backward()
    assert (float(a.grad), float(b.grad)) == (3.0, 2.0)


DIFFERENTIABLE = {
    "erfinv": lambda x: ops.erfinv(x / 4),
    "rsqrt": lambda x: ops.rsqrt(x * x + 1),
    "logaddexp2": lambda x: ops.logaddexp2(x, 2 * x),
    "fmod": lambda x: ops.fmod(x, 0.65),
    "ldexp": lambda x: ops.ldexp(x, np.array([1, 2, 3])),
    "divide_no_nan": lambda x: ops.divide_no_nan(x, np.array([0.0, 2.0, 3.0])),
    "nan_to_num": lambda x: ops.nan_to_num(x * x),
    "select": lambda x: ops.select([x < 0, x > 1], [x * x, 3 * x], x),
    "quantile": lambda x: ops.quantile(x, [0.2, 0.7]),
    "nanmean": lambda x: ops.nanmean(ops.where(x > 2, np.nan, x)),
    "nanquantile": lambda x: ops.nanquantile(ops.concatenate([x[0], [np.nan]]), 0.4),
    "ptp": ops.ptp,
    "trapezoid": lambda x: ops.trapezoid(x * x),
    "diff": lambda x: ops.diff(x * x),
    "rot90": lambda x: ops.rot90(x * x),
    "cross": lambda x: ops.cross(x[0], x[1]),
    "cdist": lambda x: ops.cdist(x, 2 * x + 1),
    "norm of order 3": lambda x: ops.norm(x, ord=3, axis=-1),
    "nuclear norm": lambda x: ops.norm(x, ord="nuc"),
    "corrcoef": ops.corrcoef,
    "top_k": lambda x: ops.top_k(x, 2).values,
    "segment_sum": lambda x: ops.segment_sum(x * x, [1, 1]),
    "segment_max": lambda x: ops.segment_max(x * x, [1, 0]),
    "bincount": lambda x: ops.bincount([0, 1, 1], weights=x[0]),
    "scatter_update": lambda x: ops.scatter_update(x, [[0, 1], [0, 1]], [2.0, 3.0], "mul"),
    "slice_update": lambda x: ops.slice_update(x, (0, 1), x[1:, :2]),
    "normalize": ops.normalize,
    "layer_normalization": lambda x: ops.layer_normalization(x, np.arange(3.0)),
    "rms_normalization": ops.rms_normalization,
    "batch_normalization": lambda x: ops.batch_normalization(x, x[0], x[1] ** 2, -1),
    "crossentropy": lambda x: ops.categorical_crossentropy([[1, 0, 0], [0, 0, 1]], x, from_logits=True),
    "sparse crossentropy": lambda x: ops.sparse_categorical_crossentropy([0, 2], ops.softmax(x)),
    "binary crossentropy": lambda x: ops.binary_crossentropy(NAMES["t"], ops.sigmoid(x)),
    "attention": lambda x: ops.dot_product_attention(
        x[None, :, None], x[None, :, None] ** 2, x[None, :, None]
    ),
    "dilated conv": lambda x: ops.conv(x[None, :, :, None], x[:, :2, None, None], dilation_rate=(1, 2)),
    "scan": lambda x: ops.scan(lambda c, a: (c + a, c * a), x[0], x)[1],
    "associative_scan": lambda x: ops.associative_scan(lambda a, b: a * b, x, axis=1),
    "map": lambda x: ops.map(lambda row: row * row, x),
}


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients_agree_with_differences(name):
    x = np.array([[0.5, -1.2, 2.1], [1.7, 0.3, -0.6]])
    mt.testing.check_grads(DIFFERENTIABLE[name], x)


def test_what_has_no_derivative_says_so():
    x = mt.Variable(np.array([[1.0, 2, 3], [4, 5, 6]]))
    with pytest.raises(ValueError, match="no derivative"):
        ops.svd(x)


def test_stop_gradient_and_custom_gradient():
    @ops.custom_gradient
    def log1pexp(x):
        e = ops.exp(x)
        return ops.log(1 + e), lambda upstream: ops.multiply(upstream, 1.0 - 1.0 / ops.add(1, e))

    x = mt.Variable(3.0)
    log1pexp(x).backward()
    assert float(x.grad) == pytest.approx(1 / (1 + np.exp(-3.0)))
    assert not ops.stop_gradient(x).requires_grad


def test_custom_gradient_of_two_inputs():
    @ops.custom_gradient
    def product(a, b):
        return a * b, lambda upstream: (upstream * 10, upstream * 20)

    a, b = mt.Variable(2.0), mt.Variable(3.0)
    product(a, b).backward()
    assert (float(a.grad), float(b.grad)) == (10.0, 20.0)


def test_saturate_cast_stops_at_the_ends():
    assert ops.saturate_cast([-300.0, 1.0, 300.0], "uint8").tolist() == [0, 1, 255]
    assert ops.saturate_cast(np.array([1e30, -1e30], "float32"), "int32").numpy().dtype == "int32"
    assert ops.saturate_cast(np.array([1e30]), "float16").tolist() == [65504.0]


def test_erfinv_is_exact_in_the_tails():
    for y in (0.5, 0.999, 1 - 1e-12, -0.3, 1e-9):
        x = ops.erfinv(np.array(y))
        assert float(mt.erf(x)) == pytest.approx(y, rel=1e-14)
    assert ops.erfinv(np.array([1.0, -1.0])).tolist() == [np.inf, -np.inf]


def test_absent_names_say_why():
    for name in ("fft", "stft", "image", "conv_transpose", "eig", "ctc_loss"):
        with pytest.raises(AttributeError, match=f"keras.ops.{name} is not here: ."):
            getattr(ops, name)
    with pytest.raises(AttributeError, match="has no attribute 'foo'"):
        ops.foo  # noqa: B018
    assert ops.nn.relu is ops.numpy.relu is ops.relu


def test_every_function_has_a_name_and_a_docstring_of_its_own():
    for name, thing in vars(ops).items():
        if callable(thing) and not name.startswith("_") and thing not in compositions.values():
            assert f"keras.ops.{thing.__name__}" in thing.__doc__ or name == "jvp", name


def test_a_batch_of_vectors_is_no_matrix():
    a = np.array([[[1.0, 2.0], [0.0, 5.0]]] * 2)
    b = np.array([[2.0, 10.0], [4.0, 20.0]])
    np.testing.assert_allclose(ops.solve(a, b), [[-2, 2], [-4, 4]], atol=1e-12)
    np.testing.assert_allclose(ops.solve_triangular(a, b, lower=True), [[2, 2], [4, 4]])
    np.testing.assert_allclose(ops.solve(a[0], b[0]), [-2, 2])
    np.testing.assert_allclose(ops.solve(a, b[..., None]), [[[-2], [2]], [[-4], [4]]], atol=1e-12)


def test_no_nan_is_another_nan():
    assert len(ops.unique([1.0, np.nan, 2.0, np.nan])) == 4


def test_the_middle_of_what_is_infinite():
    x = np.array([[1.0, np.nan, 3.0], [np.nan, np.inf, np.nan]])
    assert ops.nanmedian(x, axis=1).tolist() == [2.0, np.inf]
    assert ops.median([np.inf]).tolist() == np.inf


def test_moments_of_half_precision_do_not_overflow():
    x = np.array([-741.0, 353.2, 1099.0, -1807.0], np.float16)
    mean, variance = ops.moments(x, axes=[0])
    assert (mean.dtype, variance.dtype) == ("float16", "float16")
    assert float(mean) == pytest.approx(float(np.mean(x.astype("float32"))), rel=1e-3)
    assert float(variance) == np.finfo(np.float16).max
    x = mt.Tensor([1.0, 3.0], requires_grad=True, dtype="float16")
    ops.moments(x, 0)[1].backward()
    assert x.grad.tolist() == [-1.0, 1.0]


def test_what_cannot_be_is_said_in_kerass_words():
    with pytest.raises(ValueError, match=r"non-negative integer, or -1.*newshape=\(-2, 5\)"):
        ops.reshape(np.zeros(20), (-2, 5))
    with pytest.raises(ValueError, match=r"at most one unknown dimension.*newshape=\(-1, -1, 5\)"):
        ops.reshape(np.zeros(20), (-1, -1, 5))
    assert ops.reshape(np.zeros((2, 2)), -1).shape == (4,)
    with pytest.raises(ValueError, match="`range` must be a tuple of two elements"):
        ops.histogram([1.0], range=(1,))
    with pytest.raises(ValueError, match="second element of `range` must be greater than the first"):
        ops.histogram([1.0], range=(5, 1))
    with pytest.raises(ValueError, match="`segment_ids` and `data` should have same leading dimension"):
        ops.segment_sum(np.array([]), [0, 0, 1])


def test_what_is_likely_not_meant_is_warned_of():
    with pytest.warns(UserWarning, match=r"softmax over axis 1 of a tensor of shape \(1, 1\)"):
        assert ops.softmax([[5.0]], 1).tolist() == [[1.0]]
    with pytest.warns(UserWarning, match="`rms_scaling=True`, which is deprecated"):
        y = ops.layer_normalization([3.0, 4.0], rms_scaling=True)
    np.testing.assert_allclose(y, ops.rms_normalization([3.0, 4.0]))
