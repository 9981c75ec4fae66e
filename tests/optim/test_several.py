"""Several optimizers in one: each weight by the one that was chosen for it."""

import numpy as np
import pytest

from microtensor import keras

O = keras.optimizers


def model(optimizer):
    made = keras.Sequential(
        [
            keras.Input((1,)),
            keras.layers.Dense(2, kernel_initializer="ones", use_bias=False, name="first"),
            keras.layers.Dense(1, kernel_initializer="ones", use_bias=False, name="second"),
        ]
    )
    made.compile(optimizer, "mse")
    return made


def several(**kwargs):
    return O.MultiOptimizer(O.OptimizerMap(O.SGD(0.01), {".*first/.*": O.SGD(0.1, **kwargs)}))


ONE, ZERO = np.ones((1, 1), "float32"), np.zeros((1, 1), "float32")


def test_each_weight_is_stepped_by_its_own():
    optimizer = several()
    trained = model(optimizer)
    trained.fit(ONE, ZERO, verbose=0)  # output 2, so each gradient is 2 · 2 · 1
    np.testing.assert_allclose(trained.get_weights()[0], [[0.6, 0.6]], rtol=1e-6)
    np.testing.assert_allclose(trained.get_weights()[1], [[0.96], [0.96]], rtol=1e-6)
    assert int(optimizer.iterations) == 1
    assert [int(each.iterations) for each in optimizer.optimizers] == [1, 1]


def test_an_optimizer_without_weights_takes_no_step():
    optimizer = O.MultiOptimizer(O.OptimizerMap(O.SGD(1.0), {".*": O.SGD(0.1)}))
    model(optimizer).fit(ONE, ZERO, verbose=0)
    assert [int(each.iterations) for each in optimizer.optimizers] == [1, 0]


def test_scaled_losses_are_scaled_back_by_each():
    scaled = O.MultiOptimizer(O.OptimizerMap(O.SGD(0.01), {".*first/.*": O.SGD(0.1)}), loss_scale_factor=8.0)
    plain, other = model(several()), model(scaled)
    for each in (plain, other):
        each.fit(ONE, ZERO, epochs=3, verbose=0)
    for a, b in zip(plain.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)
    scaled.loss_scale_factor = None
    assert [each.loss_scale_factor for each in scaled.optimizers] == [None, None]


def test_callbacks_change_each_learning_rate():
    optimizer = several()
    callbacks = [keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)]
    history = model(optimizer).fit(ONE, ZERO, callbacks=callbacks, verbose=0).history
    names = [f"learning_rate_{each.name}" for each in optimizer.optimizers]
    assert [history[name] for name in names] == [[pytest.approx(0.05)], [pytest.approx(0.005)]]

    optimizer = several()
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1, min_delta=1e9)
    model(optimizer).fit(ONE, ZERO, epochs=2, callbacks=[plateau], verbose=0)
    assert [float(each.learning_rate) for each in optimizer.optimizers] == [
        pytest.approx(0.05),
        pytest.approx(0.005),
    ]


def test_the_averages_of_those_that_keep_some_are_swapped_and_finalized():
    optimizer = several(use_ema=True, ema_momentum=0.5)
    trained = model(optimizer)
    trained.train_on_batch(ONE, ZERO)
    averages = optimizer.optimizers[0]._model_variables_moving_average
    averages[0].assign([[9.0, 9.0]])
    before = trained.get_weights()
    swap = keras.callbacks.SwapEMAWeights()
    swap.set_model(trained)
    swap.on_test_begin()
    np.testing.assert_array_equal(trained.get_weights()[0], [[9.0, 9.0]])
    np.testing.assert_array_equal(trained.get_weights()[1], before[1])
    swap.on_test_end()
    np.testing.assert_array_equal(trained.get_weights()[0], before[0])
    optimizer.finalize_variable_values(trained.trainable_weights)
    np.testing.assert_array_equal(trained.get_weights()[0], [[9.0, 9.0]])


def test_it_is_made_again_and_its_state_is_kept():
    optimizer = several(momentum=0.9)
    trained = model(optimizer)
    trained.fit(ONE, ZERO, verbose=0)
    again = O.deserialize(O.serialize(optimizer))
    other = model(again)
    other.set_weights(trained.get_weights())
    again.build(other.trainable_weights)
    again.set_weights([variable.numpy() for variable in optimizer.variables])
    for each in (trained, other):
        each.fit(ONE, ZERO, verbose=0)
    for a, b in zip(trained.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_map_is_a_dict_that_knows_expressions():
    adam, sgd = O.Adam(), O.SGD()
    rules = O.OptimizerMap(sgd)
    rules["encoder/.*"] = adam
    assert rules["encoder/dense/kernel"] is adam
    assert rules["decoder"] is sgd
    assert (len(rules), list(rules)) == (1, ["encoder/.*"])
    rules[".*/dense/.*"] = O.SGD()
    with pytest.raises(ValueError, match="Multiple optimizers assigned to variable encoder/dense/kernel"):
        rules["encoder/dense/kernel"]
    del rules[".*/dense/.*"]
    for key, value, words in (
        ("encoder/.*", sgd, "already exists"),
        (3, sgd, "key must be a string"),
        ("a", "sgd", "must be a Keras Optimizer instance"),
        ("a", O.MultiOptimizer(rules), "optimizer cannot be MultiOptimizer"),
        ("a", O.LossScaleOptimizer(O.SGD()), "optimizer cannot be LossScaleOptimizer"),
    ):
        with pytest.raises(ValueError, match=words):
            rules[key] = value
    with pytest.raises(TypeError, match="default_optimizer"):
        O.OptimizerMap("sgd")
    with pytest.raises(TypeError, match="optimizer_map must be a dictionary"):
        O.OptimizerMap(sgd, [adam])


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ("sgd", "is not an Optimizer instance"),
        (O.MultiOptimizer(lambda w: None), "MultiOptimizer cannot be used inside"),
        (O.LossScaleOptimizer(O.SGD()), "LossScaleOptimizer cannot be used inside"),
    ],
)
def test_what_is_no_simple_optimizer_is_told(chosen, words):
    with pytest.raises(ValueError, match=words):
        O.MultiOptimizer(lambda w: chosen).build([keras.Variable([1.0])])


def test_it_has_no_learning_rate_of_its_own():
    optimizer = several()
    with pytest.raises(AttributeError, match="individual sub-optimizers"):
        print(optimizer.learning_rate)
    with pytest.raises(AttributeError, match="individual sub-optimizers"):
        optimizer.learning_rate = 0.1
