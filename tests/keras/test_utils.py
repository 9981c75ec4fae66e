"""keras.utils, keras.tree, keras.backend, keras.dtype_policies: helpers around data and names."""

import json
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest

from microtensor import Tensor, keras
from microtensor.keras import backend, dtype_policies, tree, utils

Pair = namedtuple("Pair", "x y")


def test_to_categorical():
    assert utils.to_categorical([0, 2, 1]).tolist() == np.eye(3)[[0, 2, 1]].tolist()
    assert utils.to_categorical([0, 2, 5]).shape == (3, 6)
    assert utils.to_categorical([0, 2]).dtype == "float64"
    assert utils.to_categorical([[1], [0]], 4).shape == (2, 4), "a last axis of length 1 goes"
    assert utils.to_categorical([[[1, 0]]], 3).shape == (1, 1, 2, 3)
    assert utils.to_categorical(np.array(2), 3).tolist() == [0, 0, 1]
    assert utils.to_categorical([-1], 3).tolist() == [[0, 0, 1]], "a negative label counts from the end"
    assert isinstance(utils.to_categorical(Tensor([1, 0]), 2), Tensor)
    with pytest.raises(IndexError):
        utils.to_categorical([3], 3)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_normalize(order):
    x = np.array([[3.0, -4.0], [0.0, 0.0], [1.0, 1.0]])
    norms = np.array([np.linalg.norm(row, order) for row in x])[:, None]
    expected = x / np.where(norms == 0, 1, norms)
    np.testing.assert_allclose(utils.normalize(x, order=order), expected)
    assert isinstance(utils.normalize(x), np.ndarray)
    given = utils.normalize(Tensor(x), order=order)
    assert isinstance(given, Tensor)
    np.testing.assert_allclose(given, expected)


def test_the_parts_of_a_batch():
    assert utils.unpack_x_y_sample_weight(1) == (1, None, None)
    assert utils.unpack_x_y_sample_weight((1,)) == (1, None, None)
    assert utils.unpack_x_y_sample_weight([1, 2]) == (1, 2, None)
    assert utils.unpack_x_y_sample_weight((1, 2, 3)) == (1, 2, 3)
    with pytest.raises(ValueError, match="Data is expected to be in format"):
        utils.unpack_x_y_sample_weight((1, 2, 3, 4))
    assert utils.pack_x_y_sample_weight(1) == 1
    assert utils.pack_x_y_sample_weight([1]) == ([1],)
    assert utils.pack_x_y_sample_weight(1, 2) == (1, 2)
    assert utils.pack_x_y_sample_weight(1, 2, 3) == (1, 2, 3)


def test_pad_sequences():
    rows = [[1], [1, 2], [1, 2, 3]]
    assert utils.pad_sequences(rows).tolist() == [[0, 0, 1], [0, 1, 2], [1, 2, 3]]
    assert utils.pad_sequences(rows, maxlen=2).tolist() == [[0, 1], [1, 2], [2, 3]]
    assert utils.pad_sequences(rows, maxlen=2, truncating="post").tolist() == [[0, 1], [1, 2], [1, 2]]
    assert utils.pad_sequences(rows, padding="post", value=9.0).tolist() == [[1, 9, 9], [1, 2, 9], [1, 2, 3]]
    assert utils.pad_sequences([[[1, 2]], [[3, 4], [5, 6]]]).shape == (2, 2, 2)
    assert utils.pad_sequences(rows, dtype="float32").dtype == "float32"
    with pytest.raises(ValueError, match="iterable"):
        utils.pad_sequences([1, 2])
    with pytest.raises(ValueError, match="'pre' or 'post'"):
        utils.pad_sequences(rows, padding="left")


def test_names_of_other_rooms():
    assert utils.is_keras_tensor(keras.Input((2,)))
    assert not utils.is_keras_tensor(Tensor([1.0]))
    assert utils.CustomObjectScope is utils.custom_object_scope
    assert utils.Sequence is utils.PyDataset
    assert utils.Progbar(3).target == 3


def test_uids_count_by_prefix_until_the_session_is_cleared():
    utils.clear_session()
    assert [backend.get_uid("a"), backend.get_uid("a"), backend.get_uid("b")] == [1, 2, 1]
    utils.clear_session()
    assert backend.get_uid("a") == 1


def test_dtypes_by_name():
    assert backend.standardize_dtype(None) == "float32"
    assert backend.standardize_dtype(np.int8) == backend.standardize_dtype("int8") == "int8"
    assert [backend.standardize_dtype(kind) for kind in (int, float, bool)] == ["int32", "float32", "bool"]
    assert backend.is_float_dtype("float16")
    assert not backend.is_float_dtype("int32")
    assert backend.is_int_dtype(np.uint8)
    with pytest.raises(ValueError, match="Invalid dtype"):
        backend.standardize_dtype("string")


def test_policies():
    policy = dtype_policies.get("float64")
    assert policy == dtype_policies.deserialize(json.loads(json.dumps(dtype_policies.serialize(policy))))
    assert dtype_policies.get(policy) is policy
    assert dtype_policies.get(None).name == "float32"
    with pytest.raises(ValueError, match="mixed_float16"):
        dtype_policies.get("mixed_float16")
    with pytest.raises(AttributeError, match="quantisation"):
        dtype_policies.QuantizedDTypePolicy  # noqa: B018


def test_absent_utilities_say_why():
    with pytest.raises(AttributeError, match="reads no network"):
        utils.get_file("http://example.org")


# --- keras.tree -------------------------------------------------------------------------------------------


def test_flattening_walks_dicts_by_their_keys():
    assert tree.flatten({"b": 1, "a": [2, Pair(3, None)]}) == [2, 3, None, 1]
    assert tree.flatten(OrderedDict(b=1, a=2)) == [1, 2]
    assert tree.flatten(5) == [5]
    assert tree.flatten_with_path({"b": 1, "a": [2]}) == [(("a", 0), 2), (("b",), 1)]
    assert [tree.is_nested(x) for x in ([], {}, (), "a", None, 1)] == [True] * 3 + [False] * 3


def test_mapping_keeps_the_form():
    assert tree.map_structure(lambda x: x + 1, {"b": 1, "a": [2]}) == {"b": 2, "a": [3]}
    assert tree.map_structure(lambda x, y: x + y, Pair(1, 2), Pair(3, 4)) == Pair(4, 6)
    mapped = tree.map_structure(lambda x: x + 1, defaultdict(int, a=1))
    assert isinstance(mapped, defaultdict)
    assert tree.map_structure_up_to([0, 0], lambda x: x, [1, [2, 3]]) == [1, [2, 3]]
    assert tree.map_structure(lambda x: x * 2, [None, 1], none_is_leaf=False) == [None, 2]
    assert tree.lists_to_tuples([1, [2, {"a": [3]}]]) == (1, (2, {"a": (3,)}))
    assert tree.map_shape_structure(len, [(1, 2), {"a": (3, None)}]) == [2, {"a": 2}]


def test_packing_is_flattening_backwards():
    structure = {"b": 1, "a": [2, (3,)]}
    assert tree.pack_sequence_as(structure, tree.flatten(structure)) == structure
    assert tree.pack_sequence_as(0, [1]) == 1


def test_traversing_replaces_what_is_returned():
    def tuples(x):
        return tuple(x) if isinstance(x, list) else None

    assert tree.traverse(tuples, [1, [2]]) == (1, [2])
    assert tree.traverse(tuples, [1, [2]], top_down=False) == (1, (2,))
    assert tree.traverse(lambda x: tree.MAP_TO_NONE if x == 1 else None, [1, 2]) == [None, 2]


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: tree.map_structure(lambda x, y: x, [1, 2], (3, 4)), ValueError, "instance of list"),
        (lambda: tree.map_structure(lambda x, y: x, [1, 2], [3]), ValueError, "arity"),
        (lambda: tree.map_structure(lambda x, y: x, {"a": 1}, {"b": 1}), ValueError, "key"),
        (lambda: tree.map_structure(1, [1]), TypeError, "callable"),
        (lambda: tree.map_structure(lambda: 1), ValueError, "at least one structure"),
        (lambda: tree.pack_sequence_as([0], [1, 2]), ValueError, "Too many leaves"),
        (lambda: tree.pack_sequence_as([0, 0], [1]), ValueError, "Too few leaves"),
        (lambda: tree.pack_sequence_as([0], 5), TypeError, "sequence"),
        (lambda: tree.assert_same_structure([1, [2]], [1, 2]), ValueError, "instance of list"),
        (lambda: tree.assert_same_structure([1, 2], [1, [2]]), ValueError, "leaf"),
        (lambda: tree.assert_same_paths([1, 2], [1, [2]]), ValueError, "same paths"),
    ],
)
def test_other_forms_are_refused(call, error, said):
    with pytest.raises(error, match=said):
        call()
