"""What every optimizer does besides its rule: state, order of a step, averages, sums, errors."""

import copy
import json
import pickle

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras, optim
from microtensor.optim.lookup import KNOWN

NAMES = [name for name in KNOWN if name != "lossscaleoptimizer"]


def variable(values=(1.0, 2.0), **more):
    return keras.Variable(np.array(values, "float32"), **more)


@pytest.mark.parametrize("name", NAMES)
def test_every_optimizer_survives_dicts_pickles_and_copies(name):
    optimizer = optim.get({"class_name": name.upper(), "config": {"weight_decay": 0.05, "name": "mine"}})
    entry = json.loads(json.dumps(optim.serialize(optimizer)))
    assert (entry["module"], entry["registered_name"]) == ("keras.optimizers", None)
    w = variable()
    optimizer.apply([[0.5, -0.5]], [w])
    for again in (optim.deserialize(entry), pickle.loads(pickle.dumps(optimizer)), copy.deepcopy(optimizer)):
        assert (type(again), again.get_config()) == (type(optimizer), optimizer.get_config())
    copied, copied_w = copy.deepcopy((optimizer, w))
    optimizer.apply([[1.0, 1.0]], [w])
    copied.apply([[1.0, 1.0]], [copied_w])
    np.testing.assert_array_equal(w, copied_w)


@pytest.mark.parametrize("name", NAMES)
def test_a_step_with_the_mean_of_gradients_is_what_accumulation_makes(name):
    one, three = (
        optim.get({"class_name": name, "config": {"gradient_accumulation_steps": steps, "clipnorm": 0.5}})
        for steps in (None, 3)
    )
    w, v = variable(), variable()
    drawn = np.random.default_rng(0)
    for _ in range(3):
        gradients = drawn.normal(size=(3, 2)).astype("float32")
        one.apply([gradients.mean(axis=0)], [w])
        for g in gradients:
            three.apply([g], [v])
    np.testing.assert_allclose(w, v, rtol=1e-5)
    assert (int(three.iterations), int(three.variables[0])) == (3, 9)


@pytest.mark.parametrize("name", NAMES)
def test_rules_run_on_tensors_and_can_be_differentiated(name):
    optimizer = optim.get(name)
    w, g = variable([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, -2.0], [0.5, 3.0]], "float32")
    optimizer.build([w])
    slots = [slot.numpy() for slot in optimizer._slots[w]]
    on_arrays, kept = optimizer.update(w.numpy(), g, slots, 0.1, 1)
    x = mt.Tensor(w.numpy(), requires_grad=True)
    on_tensors, kept_tensors = optimizer.update(x, mt.Tensor(g), [mt.Tensor(slot) for slot in slots], 0.1, 1)
    np.testing.assert_allclose(on_tensors, on_arrays, rtol=1e-6)
    for a, b in zip(kept, kept_tensors, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)
    on_tensors.sum().backward()
    assert np.isfinite(x.grad.numpy()).all()


def test_a_step_that_fails_leaves_everything_as_it_was():
    class Failing(optim.SGD):
        def update(self, w, g, slots, lr, t):
            if w.shape == (3,):
                raise KeyboardInterrupt
            return super().update(w, g, slots, lr, t)

    class FailingInKerasWay(optim.Optimizer):
        def update_step(self, gradient, variable, learning_rate):
            variable.assign_sub(learning_rate * gradient)
            if variable.shape == (3,):
                raise KeyboardInterrupt

    for kind in (Failing, FailingInKerasWay):
        a, b = variable([1.0, 2.0]), variable([1.0, 2.0, 3.0])
        optimizer = kind(0.5, weight_decay=0.1)
        with pytest.raises(KeyboardInterrupt):
            optimizer.apply([np.ones(2), np.ones(3)], [a, b])
        assert (a.tolist(), b.tolist(), int(optimizer.iterations)) == ([1, 2], [1, 2, 3], 0)


def test_a_rule_in_keras_way():
    class Momentum(keras.optimizers.Optimizer):
        def build(self, variables):
            super().build(variables)
            self.momentums = self.add_optimizer_variables(variables, "momentum")
            self.extra, self.more = self.add_optimizer_variables(variables, ["a", "b"], ["ones", 2.0])

        def update_step(self, gradient, variable, learning_rate):
            m = self.momentums[self._get_variable_index(variable)]
            self.assign(m, m * 0.9 - gradient * learning_rate)
            self.assign_add(variable, m)

    mine, sgd = Momentum(0.1, clipnorm=1.0, use_ema=True), optim.SGD(0.1, 0.9, clipnorm=1.0, use_ema=True)
    w, v = variable(name="w"), variable(name="w")
    for _ in range(3):
        mine.apply([[3.0, 4.0]], [w])
        sgd.apply([[3.0, 4.0]], [v])
    np.testing.assert_allclose(w, v, rtol=1e-6)
    names = [x.path for x in mine.variables[2:]]
    assert names == [f"momentum/w_{slot}" for slot in ("average", "momentum", "a", "b")]
    assert (mine.extra[0].tolist(), mine.more[0].tolist()) == ([1, 1], [2, 2])
    before = w.tolist()
    values, _ = mine.stateless_apply(mine.variables, [[3.0, 4.0]], [w])
    assert w.tolist() == before
    mine.apply([[3.0, 4.0]])
    np.testing.assert_array_equal(values[0], w)


def test_averages_replace_the_weights_when_they_should():
    w = variable([3.0])
    optimizer = optim.SGD(1.0, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=3)
    for expected in (2.0, 1.0, 1.71):
        optimizer.apply([[1.0]], [w])
        np.testing.assert_allclose(w, [expected], rtol=1e-6)
    untouched = variable([3.0])
    fresh = optim.SGD(1.0, use_ema=True)
    fresh.build([untouched])
    fresh.finalize_variable_values([untouched])
    assert untouched.tolist() == [3.0]
    with pytest.raises(ValueError, match="does not match the length"):
        optimizer.finalize_variable_values([w, untouched])


def test_weight_decay_leaves_out_what_it_is_told_to():
    a, b, c = variable([2.0]), variable([2.0], name="exclude"), variable([2.0])
    optimizer = optim.SGD(1.0, weight_decay=0.004)
    optimizer.exclude_from_weight_decay(var_list=[c], var_names=["excl"])
    optimizer.apply([[0.0]] * 3, [a, b, c])
    np.testing.assert_allclose([a, b, c], [[1.992], [2.0], [2.0]], rtol=1e-6)


def test_constraints_follow_the_step():
    w = variable([0.5, -1.0])
    w.constraint = lambda values: values * (values >= 0)
    optim.SGD(1.0).apply([[1.0, 1.0]], [w])
    assert w.tolist() == [0.0, 0.0]


def test_a_weight_may_be_overwritten_by_its_gradient():
    v, w = variable(), variable()
    v.overwrite_with_gradient = True
    optimizer = optim.Adam(1.0, gradient_accumulation_steps=2, use_ema=True)
    optimizer.apply([[1.0, 5.0], [1.0, 1.0]], [v, w])
    assert v.tolist() == [1.0, 2.0]
    optimizer.apply([[2.0, 2.0], [1.0, 1.0]], [v, w])
    assert v.tolist() == [2.0, 5.0]
    assert len(optimizer.variables) == 2 + 1 + 2 + 2  # average and slots of w alone, two sums


def test_loss_scale_factor_goes_in_and_out():
    optimizer = optim.SGD(1.0, loss_scale_factor=1024.0)
    w = variable()
    optimizer.apply([np.array([1.0, 2.0]) * optimizer.scale_loss(1.0)], [w])
    assert w.tolist() == [0.0, 0.0]


def test_state_is_saved_and_loaded_by_number():
    w = variable()
    optimizer, other, unlike = optim.Adam(0.1), optim.Adam(0.2), optim.SGD()
    optimizer.apply([[1.0, -1.0]], [w])
    store = {}
    optimizer.save_own_variables(store)
    assert list(store) == ["0", "1", "2", "3"]
    with pytest.raises(ValueError, match="You are calling"):
        other.set_weights(optimizer.variables)
    with pytest.warns(UserWarning, match="not been called/built yet"):
        other.load_own_variables(store)
    other.build([w])
    other.load_own_variables(store)
    for ours, theirs in zip(other.variables, optimizer.variables, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    other.set_weights([v.numpy() * 0 for v in optimizer.variables])
    assert float(other.learning_rate) == 0.0
    unlike.build([w])
    with pytest.warns(UserWarning, match="Skipping variable loading"):
        unlike.load_own_variables(store)
    with pytest.raises(ValueError, match="not compatible"):
        other.set_weights([np.zeros(7)] * 4)


def test_loss_scale_optimizer_halves_and_doubles():
    w = variable()
    optimizer = optim.LossScaleOptimizer(optim.SGD(0.5), initial_scale=4.0, dynamic_growth_steps=2)
    optimizer.apply([[np.inf, 1.0]], [w])
    assert (w.tolist(), optimizer.scale_loss(1.0), int(optimizer.iterations)) == ([1, 2], 2.0, 0)
    for _ in range(2):
        optimizer.apply([np.array([1.0, 1.0]) * optimizer.scale_loss(1.0)], [w])
    assert (w.tolist(), optimizer.scale_loss(1.0), int(optimizer.iterations)) == ([0, 1], 4.0, 2)
    again = optim.deserialize(json.loads(json.dumps(optim.serialize(optimizer))))
    assert again.get_config() == optimizer.get_config()
    optimizer.learning_rate = 0.25
    assert float(optimizer.inner_optimizer.lr) == 0.25
    with pytest.raises(ValueError, match="on the `inner_optimizer`"):
        optim.LossScaleOptimizer(optim.SGD(), clipnorm=1.0)
    with pytest.raises(ValueError, match="arguments: `foo`, `bar`"):
        optim.LossScaleOptimizer(optim.SGD(), foo=1, bar=2)
    with pytest.raises(ValueError, match="set `loss_scale_factor`"):
        optim.LossScaleOptimizer(optim.SGD(), dynamic=False)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: optim.SGD(foo=1), "not recognized: {'foo': 1}"),
        (lambda: optim.SGD("fast"), "should be float"),
        (lambda: optim.SGD(clipnorm=1.0, clipvalue=1.0), "Only one of `clipnorm`"),
        (lambda: optim.SGD(clipnorm=-1.0), "clipnorm"),
        (lambda: optim.SGD(momentum=2.0), r"must be a float between \[0, 1\]"),
        (lambda: optim.SGD(use_ema=True, ema_momentum=2.0), "`ema_momentum` must be in the range"),
        (lambda: optim.SGD(use_ema=True, ema_overwrite_frequency=0), "must be an integer >= 1"),
        (lambda: optim.SGD(gradient_accumulation_steps=1), "must be an integer >= 2"),
        (lambda: optim.AdamW(weight_decay=None), "Received: weight_decay=None"),
        (lambda: optim.Lion(beta_1=0.0), r"must be in the \[0, 1\] range"),
        (lambda: optim.Ftrl(learning_rate_power=1.0), "needs to be negative or zero"),
        (lambda: optim.Ftrl(l1_regularization_strength=-1.0), "needs to be positive or zero"),
        (lambda: optim.Muon().zeropower_via_newtonschulz5(np.ones(2), 5), "at least 2 dimensions"),
        (lambda: optim.get("lamb"), "Could not interpret optimizer identifier: lamb"),
        (lambda: optim.get(1.5), "Could not interpret optimizer identifier"),
        (lambda: optim.get(lambda a, b: a), "Could not interpret optimizer identifier"),
        (lambda: optim.deserialize(1.5), "a dict that `serialize` gave, or a name; got 1.5"),
        (lambda: optim.SGD().apply([1.0]), "must already be built"),
        (lambda: optim.SGD().stateless_apply([], [], []), "must be built"),
        (lambda: optim.SGD().add_variable((2,), "normal"), "initializer must be"),
    ],
)
def test_wrong_calls_are_told(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()


def test_an_optimizer_keeps_to_the_variables_that_it_was_built_with():
    a, b = variable(), variable(name="z")
    optimizer = optim.SGD()
    optimizer.build([a])
    with pytest.raises(ValueError, match="Unknown variable"):
        optimizer.apply([[1.0, 1.0]], [b])
    optimizer.apply([], [])
    optimizer.apply([[1.0, 1.0]])
    assert int(optimizer.iterations) == 1
    with pytest.raises(ValueError, match="expected 2 variables"):
        optimizer.stateless_apply([0], [[1.0, 1.0]], [a])


def test_names_of_the_past():
    with pytest.warns(DeprecationWarning, match="learning_rate"):
        optimizer = optim.SGD(lr=0.25)
    optimizer.lr = 0.5
    assert float(optimizer.learning_rate) == float(optimizer.lr) == 0.5
    assert not hasattr(keras.optimizers, "legacy")
    keras.backend.clear_session()
    names = [kind().name for kind in (optim.AdamW, optim.AdamW, optim.RMSprop)]
    assert names == ["adam_w", "adam_w_1", "rm_sprop"]
