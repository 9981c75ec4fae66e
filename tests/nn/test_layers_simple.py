"""The layers that compute the same thing each time: activations, shapes, Lambda, Maxout and their like."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from microtensor import Tensor, keras, random
from microtensor.keras import layers as L  # noqa: N812
from microtensor.keras import saving
from microtensor.settings import set_image_data_format
from microtensor.testing import check_grads

KERAS_NAMES = Path(__file__).parents[2] / "docs" / "keras_names.json"
X = np.random.default_rng(0).normal(size=(4, 3, 2)).astype("float32")


def double(x):
    return x * 2


EACH = [  # how it is made, and the shape that it makes of (None, 3, 2)
    (partial(L.ReLU, max_value=1.5, negative_slope=0.2, threshold=0.4), (None, 3, 2)),
    (partial(L.LeakyReLU, 0.1), (None, 3, 2)),
    (partial(L.ELU, 0.7), (None, 3, 2)),
    (partial(L.PReLU, "ones", "l1", "max_norm", shared_axes=1), (None, 3, 2)),
    (partial(L.Softmax, axis=[1, 2]), (None, 3, 2)),
    (partial(L.Maxout, 5, pieces=3, kernel_regularizer="l2"), (None, 3, 5)),
    (partial(L.Flatten, "channels_first"), (None, 6)),
    (partial(L.Reshape, (-1, 3)), (None, 2, 3)),
    (partial(L.Permute, (2, 1)), (None, 2, 3)),
    (partial(L.ZeroPadding1D, (1, 2)), (None, 6, 2)),
    (partial(L.ZeroPadding1D, 2, data_format="channels_first"), (None, 3, 6)),
    (partial(L.Cropping1D, (1, 0)), (None, 2, 2)),
    (partial(L.UpSampling1D, 3), (None, 9, 2)),
    (partial(L.Identity), (None, 3, 2)),
    (partial(L.ActivityRegularization, 0.1, 0.2), (None, 3, 2)),
    (partial(L.Rescaling, [2.0, 3.0], offset=np.ones(2)), (None, 3, 2)),
    (partial(L.Masking, 0.5), (None, 3, 2)),
    (partial(L.Lambda, double), (None, 3, 2)),
]
IDS = [make.func.__name__ for make, _ in EACH]


@pytest.mark.parametrize(("make", "shape"), EACH, ids=IDS)
def test_the_shape_that_is_promised_is_the_one_that_comes(make, shape):
    layer = make()
    assert tuple(layer.compute_output_shape((None, 3, 2))) == shape
    assert tuple(layer(X).shape) == (4, *shape[1:])
    assert layer(X).dtype == np.float32
    assert make()(keras.Input((3, 2))).shape == shape
    model = keras.Sequential([keras.Input((3, 2)), make(), L.Flatten(), L.Dense(1)])
    assert model.output_shape == (None, 1)
    np.testing.assert_array_equal(model.layers[0](X).shape, (4, *shape[1:]))


@pytest.mark.parametrize(("make", "shape"), EACH, ids=IDS)
def test_a_layer_is_made_again_from_plain_values(make, shape):
    layer = make()
    written = json.loads(json.dumps(L.serialize(layer)))
    with saving.custom_object_scope({"double": double}):
        again = L.deserialize(written)
    assert type(again) is type(layer)
    assert json.dumps(again.get_config()) == json.dumps(layer.get_config())
    y = layer(X)
    again.build(X.shape)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(X).numpy(), y.numpy())


@pytest.mark.parametrize(("make", "shape"), EACH, ids=IDS)
def test_gradients_are_those_of_differences(make, shape):
    random.seed(5)  # weights for which no two pieces of a Maxout meet at these inputs
    layer = make(dtype="float64")
    layer(X.astype("float64"))
    check_grads(lambda x: layer(x), Tensor(X.astype("float64")))


def test_layers_without_weights_need_no_building():
    for made in (L.ReLU(), L.LeakyReLU(), L.ELU(), L.Softmax(), L.Identity(), L.Masking(), L.Dropout(0.5)):
        assert made.built

    class Own(L.ReLU):
        def build(self, input_shape):
            self.shift = self.add_weight((), "zeros")

    layer = Own()
    assert not layer.built
    layer(X)
    assert len(layer.weights) == 1


# --- activations -----------------------------------------------------------------------------------------


def test_relu_has_a_ceiling_a_slope_and_a_threshold():
    x = [-10.0, -5.0, 0.0, 5.0, 10.0]
    assert L.ReLU()(x).tolist() == [0.0, 0.0, 0.0, 5.0, 10.0]
    assert L.ReLU(max_value=8.0)(x).tolist() == [0.0, 0.0, 0.0, 5.0, 8.0]
    assert L.ReLU(negative_slope=0.5)(x).tolist() == [-5.0, -2.5, 0.0, 5.0, 10.0]
    assert L.ReLU(threshold=5.0)(x).tolist() == [0.0, 0.0, 0.0, 0.0, 10.0]
    assert L.ReLU(negative_slope=0.5, threshold=5.0)(x).tolist() == [-7.5, -5.0, -2.5, 0.0, 10.0]


@pytest.mark.parametrize("key", ["max_value", "negative_slope", "threshold"])
def test_relu_refuses_negative_settings(key):
    with pytest.raises(ValueError, match=f"{key} of a ReLU layer cannot be.*negative value"):
        L.ReLU(**{key: -1.0})


def test_leaky_relu_has_keras_slope_and_takes_its_old_name():
    assert L.LeakyReLU()([-1.0]).tolist() == pytest.approx([-0.3])
    with pytest.warns(UserWarning, match="Use `negative_slope`"):
        layer = L.LeakyReLU(alpha=0.5)
    assert layer.negative_slope == 0.5
    for wrong in (None, -0.1):
        with pytest.raises(ValueError, match="The negative_slope value of a Leaky ReLU layer cannot be None"):
            L.LeakyReLU(negative_slope=wrong)


def test_prelu_learns_a_slope_for_each_position_that_is_not_shared():
    layer = L.PReLU(shared_axes=[1])
    layer.build((None, 3, 2))
    assert layer.alpha.shape == (1, 2)
    layer.alpha.assign([[0.5, 2.0]])
    np.testing.assert_allclose(layer(X).numpy(), np.where(X > 0, X, X * [0.5, 2.0]), rtol=1e-6)
    assert [L.PReLU().compute_output_shape((None, 3, 2))] == [(None, 3, 2)]
    with pytest.raises(ValueError, match="expected axis 2 of input shape to have value 2"):
        layer(np.ones((4, 3, 5)))
    with pytest.raises(ValueError, match="Name the open axes in shared_axes"):
        L.PReLU().build((None, None, 2))
    open_steps = L.PReLU(shared_axes=1)
    open_steps.build((None, None, 2))
    assert open_steps(np.ones((1, 7, 2))).shape == (1, 7, 2)


def test_softmax_over_several_axes_sums_to_one_over_all_of_them():
    np.testing.assert_allclose(L.Softmax(axis=(1, 2))(X).numpy().sum((1, 2)), 1.0, rtol=1e-6)


def test_a_mask_leaves_softmax_nothing_of_what_it_hides():
    x, mask = [[1.0, 2.0, 5.0], [1.0, 1.0, 1.0]], np.array([[True, True, False], [False, False, False]])
    y = L.Softmax()(x, mask=mask).numpy()
    np.testing.assert_allclose(y[0, :2], L.Softmax()([[1.0, 2.0]]).numpy()[0], rtol=1e-6)
    assert y[0, 2] == 0
    assert y[1].tolist() == [0.0, 0.0, 0.0]
    np.testing.assert_array_equal(L.Softmax()(x, mask=mask.astype("float32")).numpy(), y)
    assert L.Softmax()(x, mask=[1.0, 0.0, 1.0]).numpy()[:, 1].tolist() == [0.0, 0.0]


def test_a_mask_that_is_larger_than_the_input_is_refused():
    with pytest.raises(ValueError, match="must be broadcastable to `inputs`"):
        L.Softmax()([[1.0, 2.0]], mask=[[True, False], [True, True]])
    with pytest.raises(ValueError, match="must not have more dimensions"):
        L.Softmax()([[1.0, 2.0]], mask=[[[True, False]]])


# --- Maxout ----------------------------------------------------------------------------------------------


def test_maxout_is_the_largest_of_its_straight_lines():
    layer = L.Maxout(4, pieces=3, bias_initializer="ones")
    y = layer(X).numpy()
    kernel, bias = (w.numpy() for w in layer.weights)
    assert (kernel.shape, bias.shape) == ((2, 4, 3), (4, 3))
    np.testing.assert_allclose(y, (np.einsum("bti,iup->btup", X, kernel) + bias).max(-1), rtol=1e-5)


def test_the_pieces_of_a_seeded_maxout_begin_apart():
    layer = L.Maxout(1, kernel_initializer=keras.initializers.GlorotUniform(seed=1))
    layer.build((None, 5))
    first, second = np.moveaxis(layer.kernel.numpy()[:, 0], -1, 0)
    assert not np.any(first == second)


def test_one_maxout_neuron_computes_what_no_single_line_can():
    layer = L.Maxout(1, use_bias=False)
    layer.build((None, 1))
    layer.kernel.assign([[[1.0, -1.0]]])
    assert layer([[-3.0], [0.5]]).tolist() == [[3.0], [0.5]]
    assert layer.bias is None


def test_maxout_says_what_it_cannot_take():
    for wrong in (0, -1, 2.5, "a", True):
        with pytest.raises(ValueError, match="invalid value for `units`"):
            L.Maxout(wrong)
        with pytest.raises(ValueError, match="invalid value for `pieces`"):
            L.Maxout(2, pieces=wrong)
    layer = L.Maxout(2, name="m")
    with pytest.raises(ValueError, match=r"'m' expects a row of inputs.*got shape \(3,\)"):
        layer(np.ones(3))
    layer(np.ones((1, 3)))
    with pytest.raises(ValueError, match=r"'m' expects inputs of width 3; got shape \(1, 2\)"):
        layer(np.ones((1, 2)))


def test_a_maxout_network_trains():
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([[0.0], [1.0], [1.0], [0.0]])
    random.seed(3)
    model = keras.Sequential([keras.Input((2,)), L.Maxout(4), L.Dense(1)])
    model.compile(keras.optimizers.Adam(0.05), "mse")
    losses = model.fit(x, y, epochs=200, batch_size=4, verbose=0).history["loss"]
    assert losses[-1] < 0.01 < losses[0]


# --- shapes ----------------------------------------------------------------------------------------------


def test_flatten_keeps_the_batch_axis():
    assert L.Flatten()(X).shape == (4, 6)
    np.testing.assert_array_equal(L.Flatten()(X).numpy(), X.reshape(4, -1))
    np.testing.assert_array_equal(L.Flatten("channels_first")(X).numpy(), np.moveaxis(X, 1, 2).reshape(4, -1))
    assert L.Flatten()(np.ones(3)).shape == (3, 1)
    assert L.Flatten().compute_output_shape((None,)) == (None, 1)
    assert L.Flatten().compute_output_shape((5, 2, None)) == (5, None)
    with pytest.raises(ValueError, match="`data_format` argument must be one of"):
        L.Flatten("rows_first")


def test_reshape_finds_the_size_that_is_left():
    layer = L.Reshape((-1, 8))
    assert layer(np.ones((1, 6, 4))).shape == (1, 3, 8)
    assert layer(np.ones((1, 10, 4))).shape == (1, 5, 8)
    assert layer(np.ones((0, 10, 4))).shape == (0, 5, 8)
    assert layer.compute_output_shape((None, 6, 4)) == (None, 3, 8)
    assert layer.compute_output_shape((4, None, 4)) == (4, None, 8)


def test_reshape_says_what_does_not_fit():
    with pytest.raises(ValueError, match=r"non-negative integer.*-1.*target_shape=\(-2, 5\)"):
        L.Reshape((-2, 5))
    with pytest.raises(ValueError, match=r"at most one unknown dimension.*target_shape=\(-1, -1\)"):
        L.Reshape((-1, -1))
    with pytest.raises(TypeError, match="tuple of integers"):
        L.Reshape(8)
    for target in ((7,), (-1, 4)):
        with pytest.raises(ValueError, match="total size of the tensor must be unchanged"):
            L.Reshape(target)(X)


def test_permute_is_counted_from_one():
    np.testing.assert_array_equal(L.Permute((2, 1))(X).numpy(), X.transpose(0, 2, 1))
    for wrong in ((0, 1), (1, 3), (1, 1)):
        with pytest.raises(ValueError, match="Invalid permutation argument `dims`"):
            L.Permute(wrong)
    with pytest.raises(ValueError, match="expected ndim=3, found ndim=2"):
        L.Permute((2, 1))(np.ones((2, 2)))


def test_repeat_vector_repeats_a_vector():
    x = np.arange(6.0).reshape(2, 3)
    assert L.RepeatVector(2)(x).tolist() == [[row, row] for row in x.tolist()]
    assert L.RepeatVector(2).compute_output_shape((None, 3)) == (None, 2, 3)
    x = Tensor(x, requires_grad=True)
    L.RepeatVector(2, dtype="float64")(x).sum().backward()
    assert x.grad.tolist() == [[2.0] * 3] * 2


@pytest.mark.parametrize(("layer", "key"), [(L.RepeatVector, "n"), (L.UpSampling1D, "size")])
def test_how_often_is_a_positive_integer(layer, key):
    for wrong in (2.5, "2", True, [3]):
        with pytest.raises(TypeError, match=f"Expected an integer value for `{key}`"):
            layer(wrong)
    for wrong in (0, -2):
        with pytest.raises(ValueError, match=f"`{key}` should be a positive integer"):
            layer(wrong)


def test_steps_are_added_cut_off_and_repeated():
    padded = L.ZeroPadding1D((1, 2))(X).numpy()
    np.testing.assert_array_equal(padded[:, 1:4], X)
    assert not padded[:, [0, 4, 5]].any()
    np.testing.assert_array_equal(L.Cropping1D((1, 0))(X).numpy(), X[:, 1:])
    np.testing.assert_array_equal(L.Cropping1D(1)(X).numpy(), X[:, 1:2])
    np.testing.assert_array_equal(L.UpSampling1D(2)(X).numpy(), X.repeat(2, 1))
    for layer in (L.ZeroPadding1D(1), L.Cropping1D(1), L.UpSampling1D(2)):
        assert layer.compute_output_shape((None, None, 2)) == (None, None, 2)


@pytest.mark.parametrize("wrong", [(1,), (1, 2, 3), "1", -1, (1.5, 1), None])
def test_both_ends_are_two_integers(wrong):
    with pytest.raises(ValueError, match="`padding` argument must be a tuple of 2 integers"):
        L.ZeroPadding1D(wrong)
    with pytest.raises(ValueError, match="`cropping` argument must be a tuple of 2 integers"):
        L.Cropping1D(wrong)


def test_cropping_leaves_a_step():
    with pytest.raises(ValueError, match="`Cropping1D` layer must be smaller than the input length"):
        L.Cropping1D((2, 1))(X)
    with pytest.raises(ValueError, match="`Cropping1D` layer must be smaller than the input length"):
        L.Cropping1D((2, 1))(keras.Input((3, 2)))


def test_moving_numbers_does_not_change_their_kind():
    whole = np.arange(6, dtype="int32").reshape(1, 3, 2)
    for layer in (L.Flatten(), L.Reshape((-1,)), L.Permute((2, 1)), L.Identity(), L.UpSampling1D()):
        assert layer(whole).dtype == np.int32
        assert layer(whole.astype("float64")).dtype == np.float32


# --- the others ------------------------------------------------------------------------------------------


def test_identity_passes_on_several_tensors():
    layer = L.Identity()
    assert [y.tolist() for y in layer([np.ones(1), np.zeros(2)])] == [[1.0], [0.0, 0.0]]
    assert layer.compute_output_shape([(None, 1), (None, 2)]) == [(None, 1), (None, 2)]


def test_activity_costs():
    layer = L.ActivityRegularization(l1=0.2, l2=0.3)
    layer(np.full((1,), 2.0))
    assert [float(loss) for loss in layer.losses] == pytest.approx([2 * 0.2 + 4 * 0.3])
    assert "activity_regularizer" not in layer.get_config()


def test_rescaling_takes_bytes_and_arrays():
    x = np.array([[0, 255]], np.uint8)
    np.testing.assert_allclose(L.Rescaling(1 / 255, 0.5)(x).numpy(), [[0.5, 1.5]], rtol=1e-6)
    assert L.Rescaling([1.0, 2.0])([[1.0, 1.0]]).tolist() == [[1.0, 2.0]]


def test_rescaling_knows_where_the_channels_are():
    images = np.ones((2, 3, 4, 5))
    layer = L.Rescaling([1.0, 2.0, 3.0])
    set_image_data_format("channels_first")
    try:
        assert layer(images).numpy()[0, :, 0, 0].tolist() == [1.0, 2.0, 3.0]
    finally:
        set_image_data_format("channels_last")


def test_masking_hides_steps_and_says_which():
    x = np.array([[[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]], "float32")
    heard = []

    class Listening(L.Layer):
        supports_masking = True

        def call(self, inputs, mask=None):
            heard.append(None if mask is None else mask.numpy().tolist())
            return inputs

    layer = L.Masking()
    assert layer.compute_mask(x).numpy().tolist() == [[False, True, False]]
    assert L.Masking(1.0)([[[1.0, 1.0], [1.0, 2.0]]]).tolist() == [[[0.0, 0.0], [1.0, 2.0]]]
    keras.Sequential([layer, L.ReLU(), Listening()])(x)
    assert [[False, True, False]] in heard


# --- Lambda ----------------------------------------------------------------------------------------------


def test_lambda_hands_on_what_the_function_names():
    def scaled(x, factor, training=None):
        return x * (factor if training else 1.0)

    layer = L.Lambda(scaled, arguments={"factor": 3.0})
    assert layer([[1.0]], training=True).tolist() == [[3.0]]
    assert layer([[1.0]]).tolist() == [[1.0]]


def test_lambda_s_output_shape_is_said_or_found():
    def twice(x):
        return np.concatenate([x, x], axis=-1)

    assert L.Lambda(twice).compute_output_shape((None, 3)) == (None, 6)
    assert L.Lambda(twice, output_shape=(6,)).compute_output_shape((None, 3)) == (None, 6)
    ruled = L.Lambda(twice, output_shape=lambda shape: (shape[0], shape[1] * 2))
    assert ruled.compute_output_shape((None, 3)) == (None, 6)
    with pytest.raises(NotImplementedError, match="specify the `output_shape` argument"):
        L.Lambda(lambda x: x[:, 5]).compute_output_shape((None, 3))


def test_lambda_s_mask_is_said_or_computed():
    assert L.Lambda(double).compute_mask(X) is None
    assert not L.Lambda(double).supports_masking
    layer = L.Lambda(double, mask=lambda inputs, mask: inputs[..., 0] > 0)
    assert layer.supports_masking
    assert layer.compute_mask(Tensor(X)).shape == (4, 3)


def test_a_lambda_is_never_read_from_a_file():
    config = L.Lambda(lambda x: x * x).get_config()
    with pytest.raises(ValueError, match=r"whose `function` is a Python lambda.*give the function a name"):
        L.Lambda.from_config(config)
    as_in_a_file = json.loads(json.dumps(config))
    with pytest.raises(ValueError, match="nothing that a file holds is ever run"):
        L.Lambda.from_config(as_in_a_file, safe_mode=False)
    again = L.Lambda.from_config(config, safe_mode=False)  # in this process: the function itself
    assert again([[3.0]]).tolist() == [[9.0]]


def test_lambda_takes_a_function():
    with pytest.raises(TypeError, match="takes a function"):
        L.Lambda(3)


# --- names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("Conv2D", "conv2d"),
        ("SeparableConv1D", "conv1d"),
        ("GlobalMaxPooling2D", "max_pool2d"),
        ("LSTM", "recurrent"),
        ("MultiHeadAttention", "softmax"),
        ("StringLookup", "to_categorical"),
        ("RandomFlip", "Rescaling"),
        ("ZeroPadding2D", "np.pad"),
        ("EinsumDense", "np.einsum"),
        ("Wrapper", "Layer of your own"),
        ("ReversibleEmbedding", "Embedding"),
        ("JaxLayer", "set_weights"),
    ],
)
def test_a_layer_that_is_not_here_says_what_is(name, instead):
    with pytest.raises(AttributeError, match=rf"keras\.layers has no {name} here: .*{instead}"):
        getattr(L, name)


def answer(name):
    """What `keras.layers` says to a name of Keras'."""
    try:
        return str(getattr(L, name))
    except AttributeError as error:
        return str(error)


def test_every_name_of_keras_layers_is_here_or_answered():
    names = json.loads(KERAS_NAMES.read_text("utf-8"))["names"]["layers"]
    assert [name for name in names if "has no attribute" in answer(name)] == []


def test_a_name_that_is_no_layer_is_an_ordinary_error():
    with pytest.raises(AttributeError, match=r"module 'keras\.layers' has no attribute 'Dens'"):
        L.Dens  # noqa: B018
    assert not hasattr(L, "__wrapped__")


def test_deserialize_gives_layers_only():
    with pytest.raises(ValueError, match=r"not a `keras.layers.Layer`"):
        L.deserialize(saving.serialize_keras_object(keras.optimizers.SGD()))
