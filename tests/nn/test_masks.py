"""Masks travel on the tensors: from the layer that made them to the loss that leaves out what they hide."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras
from microtensor.nn.layer import Layer

L = keras.layers
STEPS = np.array([[1, 0, 2, 0]])
KEPT = [[True, False, True, False]]


class Heard(Layer):
    """Passes on what it gets, and remembers the mask it was given."""

    supports_masking = True

    def call(self, x: Any, mask: Any = None) -> Any:
        self.heard = mask
        return x


def masked(rows: Any, mask: Any) -> Any:
    x = mt.Tensor(rows)
    x._keras_mask = mt.Tensor(mask)
    return x


def mask_of(y: Any) -> Any:
    mask = getattr(y, "_keras_mask", None)
    return None if mask is None else mask.tolist()


def test_a_layer_takes_the_mask_from_its_input_and_passes_it_on() -> None:
    x = L.Embedding(3, 2, mask_zero=True)(STEPS)
    assert mask_of(x) == KEPT
    assert mask_of(L.Embedding(3, 2)(STEPS)) is None
    layer = Heard()
    y = L.Dense(2)(layer(x))
    assert layer.heard.tolist() == mask_of(y) == KEPT


def test_a_mask_survives_a_cast() -> None:
    layer = Heard(dtype="float16")
    y = layer(masked([[1.0, 2.0]], [True, False]))
    assert y.dtype == "float16"
    assert layer.heard.tolist() == mask_of(y) == [True, False]


def test_a_mask_that_is_given_is_kept_and_passed_on() -> None:
    layer = Heard()
    x = masked([[1.0], [2.0]], [True, True])
    assert mask_of(layer(mt.Tensor([[1.0], [2.0]]), mask=[True, False])) == [True, False]
    layer(x, mask=mt.Tensor([False, True]))
    assert layer.heard.tolist() == [False, True]
    assert mask_of(layer(x * 1.0, mt.Tensor([False, False]))) == [False, False]
    assert layer.heard.tolist() == [False, False]
    assert mask_of(layer(x, None)) == [True, True]
    assert layer.heard is None


def test_a_list_of_inputs_gives_a_list_of_masks() -> None:
    a, b = masked([[1.0]], [True]), mt.Tensor([[2.0]])
    layer = Heard()
    layer([a, b])
    assert [None if m is None else m.tolist() for m in layer.heard] == [[True], None]
    layer((a, a))
    assert isinstance(layer.heard, tuple)
    layer({"first": a, "second": b})
    assert layer.heard["first"].tolist() == [True]
    assert layer.heard["second"] is None
    layer([b, b])
    assert layer.heard is None


def test_several_arguments_have_a_mask_each() -> None:
    class Both(Layer):
        supports_masking = True

        def call(self, a: Any, b: Any, a_mask: Any = None, b_mask: Any = None) -> Any:
            self.heard = (a_mask, b_mask)
            return a[0] + b if isinstance(a, tuple) else a + b

    a, b = masked([[1.0]], [True]), masked([[2.0]], [False])
    layer = Both()
    for y in (layer(a, b), layer(a=a, b=b)):
        assert [m.tolist() for m in layer.heard] == [[True], [False]]
        assert mask_of(y) == [True]  # the first input's
    layer((a, b), b)
    assert [m.tolist() for m in layer.heard[0]] == [[True], [False]]
    layer(mt.Tensor([[1.0]]), b, a_mask=mt.Tensor([False]))
    assert [m.tolist() for m in layer.heard] == [[False], [False]]


def test_settings_in_lists_are_no_inputs() -> None:
    class Along(Heard):
        def call(self, x: Any, axes: Any = None, mask: Any = None) -> Any:
            self.heard = mask
            return x

    layer = Along()
    layer(masked([[1.0]], [True]), axes=[0, 1])
    assert layer.heard.tolist() == [True]


def test_a_mask_that_call_takes_away_is_put_back() -> None:
    class Forgetful(Layer):
        supports_masking = True

        def call(self, x: Any) -> Any:
            x._keras_mask = None
            return x

    assert mask_of(Forgetful()(masked([[1.0]], [True]))) == [True]


def test_a_layer_that_knows_no_masks_says_that_one_ends_here() -> None:
    with pytest.warns(UserWarning, match="does not support masking and will therefore destroy"):
        y = L.Flatten()(masked([[[1.0], [2.0]]], [[True, False]]))
    assert mask_of(y) is None


def test_a_model_of_ones_own_is_no_end_for_masks() -> None:
    class Mine(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Heard()

        def call(self, x: Any) -> Any:
            return self.inner(x * 1.0, mask=x._keras_mask)

    assert mask_of(Mine()(masked([[1.0]], [True]))) == [True]


def test_the_loss_and_the_metrics_leave_out_what_is_hidden() -> None:
    model = keras.Sequential([L.Embedding(2, 2, mask_zero=True, embeddings_initializer="ones")])
    model.compile(loss="mse", metrics=["mae"])
    targets = np.array([[[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [1.0, 1.0]]])
    assert model.evaluate(np.array([[1, 0, 0, 1]]), targets, verbose=0) == [0.0, 0.0]
    assert model.evaluate(np.array([[1, 1, 0, 1]]), targets, verbose=0) == pytest.approx([1 / 3, 1 / 3])


def test_what_is_hidden_has_no_gradient() -> None:
    model = keras.Sequential([L.Embedding(3, 2, mask_zero=True), L.Dense(1)])
    y = model(STEPS)
    assert mask_of(y) == KEPT
    keras.losses.MeanSquaredError()(np.zeros((1, 4, 1)), y).backward()
    gradient = model.layers[0].embeddings.grad.numpy()
    assert not gradient[0].any()
    assert gradient[1:].all()


def test_a_sequential_hands_a_given_mask_to_its_first_layer() -> None:
    first, second = Heard(), Heard()
    model = keras.Sequential([first, L.ReLU(), second])
    y = model(mt.Tensor([[1.0], [2.0]]), mask=mt.Tensor([True, False]))
    assert first.heard.tolist() == second.heard.tolist() == mask_of(y) == [True, False]
    model = keras.Sequential([L.ReLU(), Heard()])
    assert mask_of(model(np.array([[1.0], [2.0]]), mask=np.array([True, False]))) == [True, False]


MERGED = {
    "Add": [[0, 0], [1, 2], [1, 2], [6, 8]],
    "Subtract": [[0, 0], [1, 2], [-1, -2], [0, 0]],
    "Average": [[0, 0], [0.5, 1], [0.5, 1], [3, 4]],
    "Multiply": [[0, 0], [1, 2], [1, 2], [9, 16]],
    "Maximum": [[0, 0], [1, 2], [1, 2], [3, 4]],
    "Minimum": [[0, 0], [1, 2], [1, 2], [3, 4]],
}
A, B = [[[0.0, 0], [1, 2], [0, 0], [3, 4]]], [[[0.0, 0], [0, 0], [1, 2], [3, 4]]]


@pytest.mark.parametrize("kind", MERGED)
def test_merging_leaves_out_what_is_hidden(kind: str) -> None:
    layer, hiding = getattr(L, kind)(), L.Masking()
    y = layer([hiding(np.array(A)), hiding(np.array(B))])
    assert y.tolist() == [MERGED[kind]]
    assert mask_of(y) == [[False, True, True, True]]
    assert mask_of(layer([hiding(np.array(A)), mt.Tensor(B)])) is None


def test_one_of_several_inputs_may_be_without_a_mask() -> None:
    a, b = L.Masking()(np.array(A)), mt.Tensor(B)
    assert (
        L.Multiply()([a, b]).tolist() == L.Multiply()([b, a]).tolist() == [[[0, 0], [0, 0], [1, 2], [9, 16]]]
    )
    negative = L.Masking()(-np.array(A))
    assert L.Maximum()([negative, mt.Tensor([[[-5.0, -5.0]] * 4])]).tolist()[0][0] == [-5.0, -5.0]
    three = L.Multiply()([a, L.Masking()(np.array(B)), mt.Tensor(np.full((1, 4, 2), 2.0))])
    assert three.tolist() == [[[2, 2], [2, 4], [2, 4], [18, 32]]]


def test_masks_side_by_side() -> None:
    a, b = L.Masking()(np.array(A)), mt.Tensor(B)
    assert mask_of(L.Concatenate(axis=1)([a, b])) == [[False, True, False, True, True, True, True, True]]
    assert mask_of(L.Concatenate(axis=2)([a, b])) == [[True] * 4]


def test_promises_carry_promised_masks() -> None:
    hidden = L.Masking()(keras.Input((4, 2)))
    y = L.Dense(3)(L.Concatenate(axis=1)([hidden, keras.Input((4, 2))]))
    assert (y._keras_mask.shape, y._keras_mask.dtype) == ((None, 8), "bool")
    assert L.Masking().compute_mask(np.zeros((1, 1, 1))).tolist() == [[False]]
    assert keras.Input((2,))._keras_mask is None
