"""GradientTape gives what TensorFlow's gives, in the cases that were tried there."""

import asyncio
import threading

import numpy as np
import pytest

import microtensor as tf


def test_a_variable_is_watched_a_constant_only_when_asked():
    v, c = tf.Variable(3.0), tf.constant(2.0)
    with tf.GradientTape() as tape:
        y = v * v * c
    gradients = tape.gradient(y, {"v": v, "c": [c]})
    assert float(gradients["v"]) == 12.0
    assert gradients["c"] == [None]
    with tf.GradientTape() as tape:
        tape.watch(c)
        y = v * c
    assert [float(g) for g in tape.gradient(y, [v, c])] == [2.0, 3.0]


def test_it_may_be_asked_once_unless_it_is_persistent():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    with pytest.raises(RuntimeError, match="non-persistent GradientTape can only be used to compute one"):
        tape.gradient(y, x)
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
        z = y * y
    assert [float(tape.gradient(z, x)), float(tape.gradient(y, x)), float(tape.gradient(z, y))] == [
        108,
        6,
        18,
    ]


def test_nested_tapes_give_second_derivatives():
    x = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x**3
        first = inner.gradient(y, x)
    assert float(first) == 27.0
    assert float(outer.gradient(first, x)) == 18.0


def test_a_vector_is_summed_and_weighted():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
    np.testing.assert_array_equal(tape.gradient(y, x), [2.0, 4.0])
    np.testing.assert_array_equal(tape.gradient(y, x, output_gradients=[1.0, 10.0]), [2.0, 40.0])
    np.testing.assert_array_equal(tape.gradient([y, x], x), [3.0, 5.0])


def test_what_is_not_connected():
    x, other, whole = tf.Variable(1.0), tf.Variable([1.0, 2.0]), tf.Variable(3)
    with tf.GradientTape(persistent=True) as tape:
        y = x * 2.0
    assert tape.gradient(y, [other, whole]) == [None, None]
    np.testing.assert_array_equal(tape.gradient(y, other, unconnected_gradients="zero"), [0.0, 0.0])
    assert tape.gradient(tf.constant(1.0), x) is None
    with pytest.raises(ValueError, match="unconnected_gradients"):
        tape.gradient(y, x, unconnected_gradients="zeros")
    with pytest.raises(ValueError, match="sources"):
        tape.gradient(y, 3.0)


def test_only_what_is_named_is_watched_when_asked_so():
    a, b = tf.Variable(1.0), tf.Variable(2.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(a)
        y = a * b
    gradients = tape.gradient(y, [a, b])
    assert float(gradients[0]) == 2.0
    assert gradients[1] is None


def test_a_training_loop_with_a_tape_and_one_with_backward_agree():
    x, y = tf.constant([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), tf.constant([[0.0], [1], [1], [0]])
    model = tf.keras.Sequential(
        [tf.keras.layers.Dense(2, "sigmoid", input_shape=(2,)), tf.keras.layers.Dense(1, "sigmoid")]
    )
    start = model.get_weights()
    optimizer = tf.keras.optimizers.SGD(0.3)
    for _ in range(5):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    with_tape = model.get_weights()
    model.set_weights(start)
    optimizer = tf.optim.SGD(0.3)
    for _ in range(5):
        tf.reduce_mean((model(x) - y) ** 2).backward()
        optimizer.step(model.trainable_weights)
    for a, b in zip(with_tape, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    model.set_weights(start)
    model.compile(tf.optim.SGD(0.3), "mse")
    model.fit(x, y, epochs=5, batch_size=4, shuffle=False, verbose=0)
    for a, b in zip(with_tape, model.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7)  # a bias may be near 0


def test_tapes_of_other_threads_and_tasks_do_not_look_on():
    def first_order():
        x = tf.Variable(2.0)
        with tf.GradientTape() as tape:
            y = x * x
        return tape.gradient(y, x).requires_grad

    async def task():
        return first_order()

    found = []
    with tf.GradientTape():
        thread = threading.Thread(target=lambda: found.append(first_order()))
        thread.start()
        thread.join()
    assert found == [False]
    assert asyncio.run(task()) is False


def test_an_exception_inside_ends_the_recording():
    tape = tf.GradientTape()
    with pytest.raises(KeyError), tape:
        raise KeyError
    x = tf.Variable(2.0)
    with tf.GradientTape() as other:
        y = x * x
    assert not other.gradient(y, x).requires_grad
    with tape, pytest.raises(ValueError, match="already recording"):
        tape.__enter__()


def test_the_jacobian():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        y = x**2
    np.testing.assert_allclose(tape.jacobian(y, x), [[2.0, 0.0], [0.0, 4.0]])
    assert tape.jacobian(y, tf.Variable([1.0])) is None


def test_a_refused_call_does_not_use_the_tape_up():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * x
    with pytest.raises(ValueError, match=r"float\(\) loses the graph"):
        tape.gradient(float(y), x)
    with pytest.raises(ValueError, match="sources"):
        tape.gradient(y, [3])
    assert float(tape.gradient(y, x)) == 4.0
