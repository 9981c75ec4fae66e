"""What backward needs cannot change behind its back: copies, read-only views, and the clock."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import microtensor as mt
from microtensor.core import StaleGraphError, Tensor
from microtensor.core.autograd import grad


def test_a_tensor_copies_the_array_it_is_made_of() -> None:
    array = np.array([1.0, 2.0])
    x = Tensor(array, requires_grad=True)
    y = (x * x).sum()
    array[:] = 0.0
    y.backward()
    assert_array_equal(x.numpy(), [1.0, 2.0])
    assert_array_equal(x.grad, [2.0, 4.0])


def test_an_array_used_as_an_operand_is_copied_too() -> None:
    array, x = np.array([1.0, 2.0]), Tensor([3.0, 4.0], requires_grad=True)
    y = (x * array).sum()
    array[:] = 0.0
    y.backward()
    assert_array_equal(x.grad, [1.0, 2.0])


def test_an_index_is_copied_too() -> None:
    index, x = np.array([0, 1]), Tensor([3.0, 4.0, 5.0], requires_grad=True)
    y = x[index].sum()
    index[:] = 2
    y.backward()
    assert_array_equal(x.grad, [1.0, 1.0, 0.0])


def test_a_list_in_the_shape_or_axis_is_read_at_the_call() -> None:
    shape, x = [2, 3], Tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = mt.broadcast_to(x, shape)
    y.sum().backward()
    assert_array_equal(x.grad, [2.0, 2.0, 2.0])


@pytest.mark.parametrize("read", [lambda t: t.numpy(), lambda t: t.data, np.asarray])
def test_what_is_read_is_a_read_only_view(read: Any) -> None:
    x = Tensor([1.0, 2.0])
    view = read(x)
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 5.0
    assert_array_equal(x, [1.0, 2.0])


def test_a_copy_of_what_is_read_may_be_written() -> None:
    x = Tensor([1.0, 2.0])
    for copied in (x.numpy().copy(), np.array(x)):
        copied[0] = 5.0
    assert_array_equal(x, [1.0, 2.0])


@pytest.mark.parametrize("change", ["x.data = 1", "x.shape = (1,)", "x.colour = 1", "x[0] = 1.0"])
def test_a_tensor_is_not_changed_in_other_ways(change: str) -> None:
    with pytest.raises((AttributeError, TypeError)):
        exec(change, {"x": Tensor([1.0, 2.0])})


def test_a_snapshot_survives_assign() -> None:
    x = Tensor([1.0, 2.0])
    before, detached = x.numpy(), x.detach()
    x.assign([3.0, 4.0])
    assert_array_equal(before, [1.0, 2.0])
    assert_array_equal(detached, [1.0, 2.0])
    assert_array_equal(x, [3.0, 4.0])


def test_assign_copies_casts_and_returns_the_tensor() -> None:
    x, array = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    assert x.assign(array) is x
    array[:] = 0
    assert x.dtype == np.float32
    assert_array_equal(x, [3.0, 4.0])
    x.assign(Tensor([5, 6]))
    assert x.dtype == np.float32
    assert_array_equal(x.assign_add([1.0, 1.0]), [6.0, 7.0])
    assert_array_equal(x.assign_sub(x), [0.0, 0.0])


def test_assigning_one_tensor_to_another_ties_nothing() -> None:
    x, y = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    x.assign(y)
    y.assign([0.0, 0.0])
    assert_array_equal(x, [3.0, 4.0])


def test_assign_refuses_another_shape_and_a_result() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    for wrong in ([1.0], 1.0, [[1.0, 2.0]]):  # never broadcast
        with pytest.raises(ValueError, match=r"variable.shape=\(2,\), Received: value.shape="):
            x.assign(wrong)
    with pytest.raises(RuntimeError, match="a result of multiply of shape \\(2,\\) was computed; assign to"):
        (x * 2).assign([1.0, 2.0])
    assert_array_equal(x, [1.0, 2.0])


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("how", ["backward", "grad"])
def test_a_stale_graph_refuses_and_names_the_tensor(how: str, create_graph: bool) -> None:
    w = Tensor([1.0, 2.0], requires_grad=True, name="kernel")
    y = (w * w).sum()
    w.assign([0.0, 0.0])
    with pytest.raises(StaleGraphError, match="tensor 'kernel' was assigned after a result of multiply"):
        y.backward(create_graph=create_graph) if how == "backward" else grad(y, w, create_graph=create_graph)
    assert w.grad is None


def test_assigned_data_make_a_graph_stale_too() -> None:
    w, x = Tensor([1.0, 2.0], requires_grad=True), Tensor([3.0, 4.0], name="batch")
    y = (w * x).sum()
    x.assign([0.0, 0.0])
    with pytest.raises(StaleGraphError, match="tensor 'batch' was assigned"):
        y.backward()


def test_a_graph_of_views_is_stale_too() -> None:
    w = Tensor([[1.0, 2.0]], requires_grad=True)
    y = (w.T.reshape(2)[0:1] ** 2).sum()
    w.assign([[0.0, 0.0]])
    with pytest.raises(StaleGraphError):
        y.backward()


def test_a_second_derivative_is_stale_too() -> None:
    w = Tensor(2.0, requires_grad=True)
    g = grad(w**3, w, create_graph=True)
    w.assign(0.0)
    with pytest.raises(StaleGraphError):
        g.backward()


def test_a_graph_computed_after_assign_is_fresh() -> None:
    w = Tensor(1.0, requires_grad=True)
    for value in (2.0, 3.0, 4.0):
        w.assign(value)
        w.zero_grad()
        (w * w).backward()
        assert float(w.grad) == 2 * value  # type: ignore[arg-type]


def test_assigning_to_a_tensor_that_a_graph_has_not_read_changes_nothing() -> None:
    w, other = Tensor(2.0, requires_grad=True), Tensor(1.0, requires_grad=True)
    y = w * w
    other.assign(5.0)
    y.backward()
    assert float(w.grad) == 4.0  # type: ignore[arg-type]


def all_gradients_of(create_graph: bool) -> list[tuple[str, np.ndarray]]:
    """Every array in sight of a backward through operations whose vjps hand on what they get."""
    a, b = (Tensor(np.ones((2, 3)), requires_grad=True, name=n) for n in "ab")
    c = Tensor(np.ones((3, 2)), requires_grad=True, name="c")
    seed = Tensor(np.ones((2, 3)), name="seed")
    y = mt.identity(a + b) + c.T + mt.reshape(a, (2, 3)) + mt.broadcast_to(b, (2, 3))
    y.backward(seed, create_graph=create_graph)
    values = [(t.name or "y", t._data) for t in (a, b, c, seed, y)]
    return values + [(f"{t.name}.grad", t.grad._data) for t in (a, b, c)]  # type: ignore[union-attr]


@pytest.mark.parametrize("create_graph", [False, True])
def test_gradients_share_no_memory_with_each_other_the_seed_or_a_value(create_graph: bool) -> None:
    arrays = all_gradients_of(create_graph)
    for i, (name, array) in enumerate(arrays):
        for other_name, other in arrays[:i]:
            assert not np.shares_memory(array, other), f"{name} shares memory with {other_name}"


@pytest.mark.parametrize("create_graph", [False, True])
def test_gradients_from_grad_share_no_memory(create_graph: bool) -> None:
    a, b = Tensor(np.ones(3), requires_grad=True), Tensor(np.ones(3), requires_grad=True)
    seed = Tensor(np.ones(3))
    h = a + b
    y = mt.identity(h) + 0.0
    found = grad(y, [a, b, h], seed, create_graph=create_graph)
    arrays = [t._data for t in (*found, seed, a, b, h, y)]
    for i, array in enumerate(arrays):
        assert not any(np.shares_memory(array, other) for other in arrays[:i])


def test_a_vjp_that_returns_an_input_or_the_value_does_no_harm() -> None:
    handing_on = mt.Operation("odd", lambda a, b: a * b, lambda g, y, a, b: b, lambda g, y, a, b: y)
    a, b = Tensor(np.ones(2), requires_grad=True), Tensor(np.ones(2), requires_grad=True)
    handing_on(a, b).backward(np.ones(2))
    a.assign(a.grad)
    assert_array_equal(b, [1.0, 1.0])


def test_metadata_are_copied_too() -> None:
    x, axis = Tensor([[0.0, 1.0], [2.0, 3.0]], requires_grad=True), [0]
    y = (mt.sum(x, axis=axis) * np.array([1.0, 10.0])).sum()
    axis[0] = 1
    y.backward()
    assert x.grad is not None
    assert x.grad.tolist() == [[1.0, 10.0], [1.0, 10.0]]
    alpha, z = np.array([0.1, 0.1]), Tensor([-1.0, -1.0], requires_grad=True)
    w = mt.elu(z, alpha=alpha)
    alpha[:] = 9.0
    w.sum().backward()
    assert z.grad is not None
    np.testing.assert_allclose(z.grad, 0.1 * np.exp(-1.0), rtol=1e-5)
    k = Tensor(1)
    tail = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    part = tail[k:].sum()
    k.assign(0)
    part.backward()
    assert tail.grad is not None
    assert tail.grad.tolist() == [0.0, 1.0, 1.0]


def test_metadata_that_want_a_gradient_are_refused() -> None:
    with pytest.raises(TypeError, match="leaky_relu takes numbers as negative_slope"):
        mt.leaky_relu(Tensor([-1.0]), negative_slope=Tensor(0.1, requires_grad=True))


def test_what_is_read_cannot_be_made_writable_again() -> None:
    for t in (Tensor([1.0, 2.0]), Tensor([1.0, 2.0]) * 2):
        view = t.numpy()
        with pytest.raises(ValueError, match="WRITEABLE"):
            view.flags.writeable = True
        assert view.base is None or not view.base.flags.writeable


def test_switching_every_leaf_off_is_said() -> None:
    w = mt.Variable(2.0)
    y = w * w
    w.trainable = False
    with pytest.raises(mt.GradientError, match="switched off"):
        y.backward()
