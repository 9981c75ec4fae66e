"""Models that are written down once, and made both with this library and with Keras.

Each takes the module `keras` of either side, and gives a compiled model and the data that it is trained on.
"""

from __future__ import annotations

from typing import Any

import numpy as np

CASES: dict[str, Any] = {}
RANDOM = {"dropout"}  # how these train on depends on random numbers, which differ


def case(function: Any) -> Any:
    CASES[function.__name__] = function
    return function


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def classes(rows: int, count: int) -> np.ndarray:
    return np.arange(rows) % count


@case
def xor_sgd(keras: Any) -> tuple[Any, Any, Any]:
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(2, "sigmoid"), keras.layers.Dense(1, "sigmoid")]
    )
    model.compile(keras.optimizers.SGD(0.3, momentum=0.9, nesterov=True), "mse", metrics=["accuracy"])
    return (
        model,
        np.array([[1, 1], [1, 0], [0, 1], [0, 0]], "float32"),
        np.array([[0], [1], [1], [0]], "float32"),
    )


@case
def softmax_adam(keras: Any) -> tuple[Any, Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(8, activation="relu", name="hidden", kernel_initializer="he_normal"),
            layers.LeakyReLU(negative_slope=0.1),
            layers.Dense(3, activation="softmax", name="out", use_bias=False),
        ],
        name="classifier",
    )
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(keras.optimizers.Adam(0.01, amsgrad=True), loss, metrics=["accuracy"])
    return model, numbers(12, 4), classes(12, 3)


@case
def regularized_rmsprop(keras: Any) -> tuple[Any, Any, Any]:
    dense = keras.layers.Dense(
        5,
        activation="tanh",
        kernel_regularizer=keras.regularizers.L1L2(l1=0.01, l2=0.02),
        bias_regularizer="l2",
        activity_regularizer=keras.regularizers.L2(0.01),
        kernel_constraint=keras.constraints.MaxNorm(1.0),
        bias_initializer=keras.initializers.Constant(0.1),
    )
    model = keras.Sequential([keras.Input((3,)), dense, keras.layers.Dense(1)])
    model.compile(keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True), "mae", metrics=["mse"])
    return model, numbers(8, 3), numbers(8, 1, seed=1)


@case
def schedule_clipping(keras: Any) -> tuple[Any, Any, Any]:
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=3, decay_rate=0.5)
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(4, activation="gelu"), keras.layers.Dense(2)]
    )
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=0.01, clipnorm=0.5), keras.losses.Huber())
    return model, numbers(8, 3), numbers(8, 2, seed=1)


@case
def accumulated(keras: Any) -> tuple[Any, Any, Any]:
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(4, activation="elu"), keras.layers.Dense(2)]
    )
    optimizer = keras.optimizers.Adam(0.01, gradient_accumulation_steps=2)
    model.compile(optimizer, "mse", loss_weights=[2.0], weighted_metrics=["mae"])
    return model, numbers(8, 3), numbers(8, 2, seed=1)


@case
def normalization(keras: Any) -> tuple[Any, Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(6),
            layers.BatchNormalization(momentum=0.9),
            layers.Activation("relu"),
            layers.LayerNormalization(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adagrad", "binary_crossentropy", metrics=[keras.metrics.BinaryAccuracy(name="hits")])
    return model, numbers(12, 4), classes(12, 2)[:, None].astype("float32")


@case
def dropout(keras: Any) -> tuple[Any, Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(6, "selu"), layers.Dropout(0.5, seed=3), layers.Dense(2, "softmax")]
    )
    model.compile("adamax", "categorical_crossentropy")
    return model, numbers(12, 4), np.eye(2, dtype="float32")[classes(12, 2)]


@case
def pixels(keras: Any) -> tuple[Any, Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4, 4, 2)),
            layers.Rescaling(0.5, offset=0.1),
            layers.Permute((3, 1, 2)),
            layers.Flatten(),
            layers.Dense(5, activation=keras.activations.softplus, kernel_initializer="lecun_normal"),
            layers.Dense(2),
        ]
    )
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model, numbers(6, 4, 4, 2), classes(6, 2)


@case
def steps(keras: Any) -> tuple[Any, Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.RepeatVector(4),
            layers.Dense(3, activation="hard_sigmoid", kernel_constraint="non_neg"),
            layers.GaussianNoise(0.0),
            layers.Dense(2, activation="mish"),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.Lion(0.01), "mse")
    return model, numbers(6, 3), numbers(6, 1, seed=1)


@case
def words(keras: Any) -> tuple[Any, Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((6,), dtype="int32"),
            layers.Embedding(10, 4),
            layers.Flatten(),
            layers.Dense(2, "softmax"),
        ]
    )
    model.compile("nadam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, (np.arange(48) % 10).reshape(8, 6).astype("int32"), classes(8, 2)


@case
def nested(keras: Any) -> tuple[Any, Any, Any]:
    layers = keras.layers
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3, "relu"), layers.Dense(3)], name="inner")
    frozen = layers.Dense(4, trainable=False)
    model = keras.Sequential([keras.Input((4,)), frozen, inner, layers.Dense(1)], name="outer")
    model.compile(keras.optimizers.Adadelta(1.0), "log_cosh")
    return model, numbers(8, 4), numbers(8, 1, seed=1)


@case
def shapes(keras: Any) -> tuple[Any, Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4, 3)),
            layers.Permute((2, 1)),
            layers.Reshape((2, 6)),
            layers.Dense(2),
            layers.PReLU(),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.Ftrl(0.05), "mse")
    return model, numbers(8, 4, 3), numbers(8, 1, seed=1)
