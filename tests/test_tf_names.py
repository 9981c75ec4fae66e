"""The names that TensorFlow's users type."""

import numpy as np
import pytest

import microtensor as tf


def test_constants():
    assert tf.constant([1, 2]).dtype == tf.int32
    assert tf.constant([1.0, 2.0]).dtype == tf.float32
    assert tf.constant(np.ones(2)).dtype == tf.float64
    assert tf.constant(2**31).dtype == tf.int64
    assert tf.constant([True]).dtype == tf.bool
    assert tf.constant([1, 2], dtype=tf.float32).dtype == tf.float32
    np.testing.assert_array_equal(tf.constant(3, shape=(2, 2)), np.full((2, 2), 3))
    np.testing.assert_array_equal(tf.constant([1, 2, 3, 4], shape=(2, 2)), [[1, 2], [3, 4]])
    t = tf.constant(1.0)
    assert tf.convert_to_tensor(t) is t
    assert tf.convert_to_tensor([1]).dtype == np.int32
    assert tf.convert_to_tensor(t, dtype="float64").dtype == np.float64


def test_variables():
    w = tf.Variable([[1.0, 2.0]], name="w")
    assert repr(w) == "<tf.Variable 'w:0' shape=(1, 2) dtype=float32, numpy=array([[1., 2.]], dtype=float32)>"
    assert repr(tf.Variable(3.0)) == "<tf.Variable 'Variable:0' shape=() dtype=float32, numpy=3.0>"
    assert w.assign_add([[1.0, 1.0]]) is w
    w.assign_sub([[0.5, 0.5]])
    np.testing.assert_array_equal(w, [[1.5, 2.5]])
    assert tf.Variable(3).requires_grad is False
    assert tf.Variable(3.0, trainable=False).requires_grad is False
    assert w.value is w
    with pytest.raises(ValueError, match=r"variable.shape=\(1, 2\), Received: value.shape=\(3,\)"):
        w.assign([1.0, 2.0, 3.0])


def test_reductions_casts_and_fills():
    x = tf.constant([[1, 2], [3, 4]])
    assert int(tf.reduce_sum(x)) == 10
    np.testing.assert_array_equal(tf.reduce_mean(tf.cast(x, tf.float32), axis=0), [2.0, 3.0])
    assert int(tf.reduce_max(x)) - int(tf.reduce_min(x)) == 3
    assert tf.zeros((2, 3)).shape == (2, 3)
    assert tf.ones([2], tf.int32).tolist() == [1, 1]


def test_random_numbers():
    tf.random.set_seed(1)
    first = tf.random.uniform([3], 2, 4), tf.random.normal([2, 2])
    tf.random.seed(1)
    second = tf.random.uniform([3], 2, 4), tf.random.normal([2, 2])
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    values = tf.random.uniform([1000], minval=2, maxval=4).numpy()
    assert values.dtype == np.float32
    assert values.min() >= 2
    assert values.max() < 4
    np.testing.assert_array_equal(tf.random.normal((2,), seed=5), tf.random.normal((2,), seed=5))


def test_all_is_what_is_visible():
    public = {name for name in dir(tf) if not name.startswith("_")}
    rooms = {
        "atomic",
        "checkpointing",
        "explaining",
        "core",
        "lazy",
        "lecture",
        "naming",
        "saving",
        "seeds",
        "settings",
    }
    rooms |= {"model_boxes", "model_plot", "notebook", "serialization", "tape", "tf", "transforms", "tree"}
    assert public - rooms == set(tf.__all__) - {"__version__"}
    for name in tf.__all__:
        assert getattr(tf, name) is not None
