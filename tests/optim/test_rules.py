"""Update rules: pure, and by their formulas."""

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras, optim

W, G = np.array([1.0, -2.0, 3.0]), np.array([0.5, 0.25, -1.0])


def stepped(optimizer, steps=1, g=G):
    w = mt.Variable(W)
    for _ in range(steps):
        optimizer.apply([g], [w])
    return w.numpy()


def test_sgd_by_hand():
    np.testing.assert_allclose(stepped(optim.SGD(0.1)), W - np.float32(0.1) * G, rtol=1e-6)
    m1 = -np.float32(0.1) * G
    m2 = 0.9 * m1 - np.float32(0.1) * G
    np.testing.assert_allclose(stepped(optim.SGD(0.1, momentum=0.9), 2), W + m1 + m2, rtol=1e-6)
    nesterov = W + (0.9 * m1 - np.float32(0.1) * G)
    np.testing.assert_allclose(stepped(optim.SGD(0.1, momentum=0.9, nesterov=True)), nesterov, rtol=1e-6)


def test_clipping_and_weight_decay():
    norm = np.linalg.norm(G)
    lr = np.float32(0.1)
    np.testing.assert_allclose(stepped(optim.SGD(0.1, clipnorm=0.5)), W - lr * G * 0.5 / norm, rtol=1e-6)
    np.testing.assert_allclose(stepped(optim.SGD(0.1, clipnorm=9)), W - lr * G, rtol=1e-6)
    np.testing.assert_allclose(
        stepped(optim.SGD(0.1, clipvalue=0.3)), W - lr * np.clip(G, -0.3, 0.3), rtol=1e-6
    )
    a, b = mt.Variable(W), mt.Variable(W)
    optim.SGD(0.1, global_clipnorm=0.5).apply([G, 2 * G], [a, b])
    np.testing.assert_allclose(b.numpy(), W - lr * 2 * G * 0.5 / (norm * np.sqrt(5)), rtol=1e-6)
    decayed = W - W * 0.01 * lr - lr * G
    np.testing.assert_allclose(stepped(optim.SGD(0.1, weight_decay=0.01)), decayed, rtol=1e-6)


@pytest.mark.parametrize(
    "optimizer",
    [optim.SGD(0.1, momentum=0.9, nesterov=True), optim.Adam(0.1), optim.RMSprop(0.1, centered=True)],
)
def test_a_rule_is_pure_and_runs_on_tensors_where_it_can_be_differentiated(optimizer):
    slots = [np.zeros(3) for _ in optimizer.slot_names]
    kept = [slot.copy() for slot in slots]
    on_arrays, _ = optimizer.update(W, G, slots, 0.1, 1)
    for slot, before in zip(slots, kept, strict=True):
        np.testing.assert_array_equal(slot, before)
    w = mt.Tensor(W, requires_grad=True)
    on_tensors, _ = optimizer.update(w, mt.Tensor(G), [mt.Tensor(s) for s in slots], 0.1, 1)
    np.testing.assert_array_equal(on_tensors, on_arrays)
    on_tensors.sum().backward()
    np.testing.assert_allclose(w.grad, np.ones(3))


def test_step_uses_and_forgets_the_gradients_of_backward():
    w = mt.Variable(2.0)
    (w * w).backward()
    optim.SGD(0.25).step([w])
    assert float(w) == 1.0
    assert w.grad is None


def test_missing_gradients():
    a, b = mt.Variable(1.0), mt.Variable(1.0, name="unused")
    with pytest.warns(UserWarning, match="unused"):
        optim.SGD(0.5).apply([1.0, None], [a, b])
    assert (float(a), float(b)) == (0.5, 1.0)
    with pytest.raises(ValueError, match="No gradients provided"):
        optim.SGD(0.5).apply([None], [a])
    with pytest.raises(ValueError, match="one gradient for each"):
        optim.SGD(0.5).apply([1.0], [a, b])
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        optim.SGD(0.5).apply([[1.0, 2.0]], [a])


def test_what_keras_calls_things():
    optimizer = keras.optimizers.get("SGD")
    assert isinstance(optimizer, optim.SGD)
    assert isinstance(keras.optimizers.get(optim.Adam), optim.Adam)
    assert keras.optimizers.get(optimizer) is optimizer
    w = mt.Variable([1.0], name="w")
    sgd = optim.SGD(0.3, momentum=0.9)
    assert int(sgd.apply_gradients(zip([[1.0]], [w], strict=True))) == 1
    assert [v.shape for v in sgd.variables] == [(), (), (1,)]
    assert sgd.get_config()["learning_rate"] == pytest.approx(0.30000001192092896, abs=0)
    again = optim.SGD.from_config(sgd.get_config())
    assert (again.momentum, float(again.learning_rate)) == (0.9, np.float32(0.3))
    assert float(optim.SGD(learning_rate=1).learning_rate) == 1.0
    assert float(optim.SGD(np.float32(0.5)).learning_rate) == 0.5
    with pytest.warns(UserWarning, match="decay"):
        optim.SGD(0.1, decay=0.01)
