"""Embedding: whole numbers pick rows, and the rows that were picked learn."""

import json

import numpy as np
import pytest

from microtensor import Tensor, keras
from microtensor.keras import layers as L  # noqa: N812

TABLE = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])


def known(**kwargs):
    return L.Embedding(3, 2, weights=TABLE, **kwargs)


@pytest.mark.parametrize(
    "rows", [[2, 1, 0], [[2, 1], [1, 1]], [], np.zeros((2, 0, 3), int), np.uint8(1), np.array([2], "int64")]
)
def test_rows_are_picked_in_the_shape_of_the_numbers(rows):
    rows = np.asarray(rows, dtype="int32") if isinstance(rows, list) else np.asarray(rows)
    y = known()(rows)
    assert y.shape == (*rows.shape, 2)
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, TABLE[rows])


def test_floats_are_taken_as_the_whole_numbers_that_they_are():
    np.testing.assert_array_equal(known()([2.0, 1.0]), TABLE[[2, 1]])


def test_a_row_gets_the_gradient_of_each_time_that_it_was_picked():
    layer = known()
    (layer(np.array([2, 0, 2])) * np.array([[1.0, 2], [10, 20], [100, 200]], "float32")).sum().backward()
    np.testing.assert_array_equal(layer.embeddings.grad, [[10, 20], [0, 0], [101, 202]])


def test_only_rows_that_occur_are_changed_by_training():
    model = keras.Sequential([keras.Input((2,), dtype="int32"), known(), L.Flatten(), L.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(np.array([[0, 1], [1, 0]]), np.array([[1.0], [0.0]]), epochs=20, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    np.testing.assert_array_equal(model.layers[0].embeddings.numpy()[2], TABLE[2])
    assert (model.layers[0].embeddings.numpy()[:2] != TABLE[:2]).any()
    assert model.predict(np.array([[2, 2]]), verbose=0).shape == (1, 1)


def test_large_numbers_of_rows_are_kept_apart_in_a_model():
    """Not so if they went through float32, which has no 2²⁴ + 1."""
    model = keras.Sequential([L.Embedding(2**24 + 2, 1, embeddings_initializer="zeros")])
    model.build((None,))
    table = np.zeros((2**24 + 2, 1), "float32")
    table[-1] = 5
    model.set_weights([table])
    np.testing.assert_array_equal(model.predict(np.array([2**24 + 1, 2**24]), verbose=0), [[5], [0]])


def test_shapes_are_promised():
    layer = L.Embedding(3, 2)
    assert layer.compute_output_shape((None, 7)) == (None, 7, 2)
    promise = layer(keras.Input((7,), dtype="int32"))
    assert promise.shape == (None, 7, 2)
    assert promise.dtype == "float32"
    assert not layer.supports_masking
    assert L.Embedding(3, 2, mask_zero=True).supports_masking


def test_zero_can_only_fill_up():
    layer = known(mask_zero=True)
    np.testing.assert_array_equal(layer.compute_mask(np.array([2, 1, 0])), [True, True, False])
    np.testing.assert_array_equal(layer.compute_mask(Tensor([0, 1])), [False, True])
    assert known().compute_mask(np.array([2, 1, 0])) is None


def test_weights_are_there_from_the_start_if_they_are_given():
    for given in (TABLE, [TABLE], TABLE.tolist()):
        np.testing.assert_array_equal(L.Embedding(3, 2, weights=given).embeddings, TABLE)
    layer = L.Embedding(3, 2)
    with pytest.raises(AttributeError, match="build the layer before accessing `embeddings`"):
        layer.embeddings  # noqa: B018
    layer.build()
    assert layer.embeddings.shape == (3, 2)
    assert np.abs(layer.embeddings.numpy()).max() <= 0.05
    assert layer.embeddings.path.endswith("/embeddings")


def test_regularizer_and_constraint_are_the_table_s():
    layer = L.Embedding(3, 2, "ones", "l2", "non_neg")
    layer.build((None, 2))
    assert isinstance(layer.embeddings.constraint, keras.constraints.NonNeg)
    np.testing.assert_allclose(layer.losses[0], 0.06, rtol=1e-5)


def test_it_is_made_again_from_plain_values():
    layer = L.Embedding(3, 2, "ones", "l2", "non_neg", mask_zero=True)
    written = json.loads(json.dumps(L.serialize(layer)))
    again = L.deserialize(written)
    assert json.dumps(again.get_config()) == json.dumps(layer.get_config())
    np.testing.assert_array_equal(again(np.array([1])), [[1, 1]])


def test_input_length_is_no_longer_needed():
    with pytest.warns(UserWarning, match="input_length"):
        L.Embedding(3, 2, input_length=4)


@pytest.mark.parametrize("value", [3.7, 4.0, "3", None, True, False, -1, 0])
def test_sizes_are_positive_whole_numbers(value):
    with pytest.raises(ValueError, match="`input_dim` must be a positive integer"):
        L.Embedding(input_dim=value, output_dim=8)
    with pytest.raises(ValueError, match="`output_dim` must be a positive integer"):
        L.Embedding(input_dim=10, output_dim=value)


def test_what_cannot_be_is_said():
    with pytest.raises(IndexError, match=r"from 0 to 2 \(input_dim=3\)"):
        known()(np.array([3]))
    with pytest.raises(ValueError, match="shape"):
        L.Embedding(3, 2, weights=np.ones((2, 2)))
    with pytest.raises(ValueError, match="LoRA"):
        L.Embedding(3, 2, lora_rank=4)
    with pytest.raises(ValueError, match="foo"):
        L.Embedding(3, 2, foo=4)
