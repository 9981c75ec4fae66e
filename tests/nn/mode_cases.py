"""Trainings that are run in every mode: each takes the module `keras`, gives (a model, arguments of `fit`).

The one idea: whatever can happen in or around a step is in one of them, beside those of training_cases.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import microtensor as mt
from microtensor.optim import SGD, MultiOptimizer, OptimizerMap

from ..optim.optimizer_cases import CASES as OPTIMIZERS
from .training_cases import LABELS, ONE_HOT, REAL, TOKENS, WEIGHTS, X
from .training_cases import _fit as fit
from .training_cases import _net as net


def small(keras: Any, optimizer: Any, loss: Any = "mse", **compiled: Any) -> Any:
    L = keras.layers
    model = net(keras, L.Dense(4, "tanh"), L.Dense(2))
    model.compile(optimizer, loss, **compiled)
    return model


def with_optimizer(name: str) -> Any:
    def case(keras: Any) -> Any:
        kind, arguments = OPTIMIZERS[name]
        optimizer = getattr(keras.optimizers, kind)(**arguments)
        return small(keras, optimizer), fit(X, REAL, epochs=4)

    return case


def schedules(keras: Any) -> Any:
    S = keras.optimizers.schedules
    rate = S.PiecewiseConstantDecay([2, 5], [0.3, 0.1, 0.02])
    return small(keras, keras.optimizers.SGD(rate, momentum=0.9)), fit(X, REAL)


def scaled_loss(keras: Any) -> Any:
    inner = keras.optimizers.Adam(0.02, clipnorm=0.5)
    return small(keras, keras.optimizers.LossScaleOptimizer(inner)), fit(X, REAL)


def several_optimizers(keras: Any) -> Any:
    model = small(keras, "sgd")
    rates = OptimizerMap(SGD(0.1, momentum=0.5), {".*bias": SGD(0.01)})
    model.compile(MultiOptimizer(rates), "mse")
    return model, fit(X, REAL)


def random_layers(keras: Any) -> Any:
    L = keras.layers
    model = net(
        keras,
        L.GaussianNoise(0.1),
        L.Dense(8, "relu"),
        L.Dropout(0.3),
        L.GaussianDropout(0.2),
        L.AlphaDropout(0.1),
        L.Dense(2),
    )
    model.compile("adam", "mse", metrics=["mae"])
    return model, fit(X, REAL, validation_split=0.2, shuffle=True)


def seeded_dropout(keras: Any) -> Any:
    L = keras.layers
    model = net(keras, L.Dense(8, "relu"), L.Dropout(0.5, seed=3), L.Dense(2), L.Dropout(0.5, seed=3))
    model.compile("sgd", "mse")
    return model, fit(X, REAL, batch_size=3)


def regularizers_and_constraints(keras: Any) -> Any:
    L, C = keras.layers, keras.constraints
    model = net(
        keras,
        L.Dense(
            5,
            "relu",
            kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02),
            kernel_constraint=C.UnitNorm(axis=0),
        ),
        L.Dense(4, activity_regularizer="l2", kernel_constraint=C.MinMaxNorm(0.1, 0.9, rate=0.7)),
        L.Dense(2, kernel_regularizer=keras.regularizers.OrthogonalRegularizer(), bias_constraint="non_neg"),
    )
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse")
    return model, fit(X, REAL)


def own_loss_in_a_layer(keras: Any) -> Any:
    class Penalty(keras.layers.Layer):
        def call(self, x: Any, training: Any = None) -> Any:
            self.add_loss(0.1 * mt.mean(x * x))
            return x if not training else x * 1.5

    model = net(keras, keras.layers.Dense(3), Penalty(), keras.layers.Dense(2))
    model.compile("sgd", "mse", metrics=["mse"])
    return model, fit(X, REAL, sample_weight=WEIGHTS, validation_data=(X, REAL))


def normalizations(keras: Any) -> Any:
    L = keras.layers
    model = net(
        keras,
        L.Dense(6),
        L.BatchNormalization(momentum=0.6),
        L.LayerNormalization(),
        L.Reshape((2, 3)),
        L.BatchNormalization(scale=False),
        L.GroupNormalization(1),
        L.RMSNormalization(),
        L.Flatten(),
        L.Dense(2),
    )
    model.compile("sgd", "mse")  # a rule without division: a bias before a mean has only noise as gradient
    return model, fit(X, REAL, validation_data=(X, REAL))


def sparse_labels(keras: Any) -> Any:
    L = keras.layers
    model = net(keras, L.Embedding(6, 5), L.Flatten(), L.Dense(3, "softmax"), inputs=(3,), dtype="int32")
    metrics = ["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2)]
    model.compile("adam", "sparse_categorical_crossentropy", metrics=metrics)
    return model, fit(TOKENS, LABELS, class_weight={0: 2.0, 1: 0.5, 2: 1.0})


def masks(keras: Any) -> Any:
    L = keras.layers
    model = net(
        keras,
        L.Embedding(6, 4, mask_zero=True),
        L.Dense(3, "tanh"),
        L.Dense(2),
        inputs=(3,),
        dtype="int32",
    )
    model.compile("rmsprop", "mae", metrics=["mae"])
    return model, fit(TOKENS, np.repeat(REAL[:, None], 3, axis=1))


def masks_in_the_loss(keras: Any) -> Any:
    L = keras.layers
    model = net(keras, L.Masking(0.0), L.Dense(3, "softmax"), inputs=(4, 2))
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = np.random.default_rng(2).normal(size=(10, 4, 2)).astype("float32")
    x[::2, 2:] = 0
    return model, fit(x, np.tile(LABELS[:, None], (1, 4)))


def several_outputs(keras: Any) -> Any:
    L = keras.layers

    class Two(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.body, self.a, self.b = L.Dense(4, "relu"), L.Dense(2), L.Dense(3, "softmax")

        def call(self, x: Any) -> Any:
            h = self.body(x)
            return {"a": self.a(h), "b": self.b(h)}

    model = Two()
    model.compile(
        "adam",
        {"a": "mse", "b": "categorical_crossentropy"},
        loss_weights={"a": 0.5, "b": 2.0},
        metrics={"a": ["mae"], "b": ["accuracy"]},
    )
    return model, fit(X, {"a": REAL, "b": ONE_HOT}, validation_split=0.3)


def own_parts(keras: Any) -> Any:
    """A layer, a loss, a metric of one's own, all in one."""

    class Stretches(keras.layers.Layer):
        def build(self, shape: Any) -> None:
            self.scale = self.add_weight(shape=(shape[-1],), initializer="ones", name="scale")
            self.seen = self.add_weight(shape=(), initializer="zeros", trainable=False, name="seen")

        def call(self, x: Any, training: Any = None) -> Any:
            if training:
                self.seen.assign(self.seen + 1)
            return x * self.scale

    class Largest(keras.metrics.Metric):
        def __init__(self) -> None:
            super().__init__(name="largest")
            self.most = self.add_variable(shape=(), initializer="zeros", name="most")

        def update_state(self, y: Any, y_pred: Any, sample_weight: Any = None) -> None:
            self.most.assign(mt.maximum(self.most, mt.max(mt.abs(mt.Tensor(y) - y_pred))))

        def result(self) -> Any:
            return self.most

    def loss(y: Any, y_pred: Any) -> Any:
        return mt.mean(mt.log(mt.cosh(y - y_pred)), axis=-1)

    L = keras.layers
    model = net(keras, L.Dense(4), Stretches(), L.LeakyReLU(), L.Dense(2))
    model.compile("sgd", loss, metrics=[Largest(), "mae"])
    return model, fit(X, REAL)


def own_rule(keras: Any) -> Any:
    class Plain(keras.optimizers.Optimizer):
        def update(self, w: Any, g: Any, slots: Any, lr: Any, t: Any) -> Any:
            return w - lr * g / t, []

    return small(keras, Plain(0.1)), fit(X, REAL)


def own_rule_as_keras_writes_it(keras: Any) -> Any:
    class Heavy(keras.optimizers.Optimizer):
        def build(self, variables: Any) -> None:
            super().build(variables)
            self.speeds = [self.add_variable_from_reference(v, name="speed") for v in variables]

        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            speed = self.speeds[self._get_variable_index(variable)]
            self.assign(speed, speed * 0.9 - gradient * mt.cast(learning_rate, gradient.dtype))
            self.assign_add(variable, speed)

    return small(keras, Heavy(learning_rate=0.05)), fit(X, REAL)


def own_compute_loss(keras: Any) -> Any:
    L = keras.layers

    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = L.Dense(2)

        def call(self, x: Any) -> Any:
            return self.dense(x)

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True) -> Any:  # type: ignore[no-untyped-def]
            return mt.mean((y - y_pred) ** 2) + 0.01 * mt.sum(self.dense.kernel**2)

    model = Own()
    model.compile("adam")
    return model, fit(X, REAL)


def own_train_step(keras: Any) -> Any:
    class Own(keras.Sequential):
        def train_step(self, data: Any) -> Any:
            x, y = data
            loss = mt.mean((self(x, training=True) - y) ** 2)
            gradients = mt.core.autograd.grad(loss, self.trainable_weights)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
            return {"loss": loss}

    model = Own([keras.Input((4,)), keras.layers.Dense(2)])
    model.compile("adam")
    return model, fit(X, REAL)


def hooks(keras: Any) -> Any:
    class Listens(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.heard: list[Any] = []

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            self.heard.append(batch)

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.heard.append((batch, logs["loss"], self.model.get_weights()[0].sum()))

    listens = Listens()
    model = small(keras, "adam", metrics=["mae"])
    model.listens = listens
    return model, fit(X, REAL, callbacks=[listens], shuffle=True)


def weights_that_a_callback_sets(keras: Any) -> Any:
    class Sets(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch == 1:
                self.model.set_weights([w * 0.5 for w in self.model.get_weights()])
                self.model.optimizer.learning_rate = float(self.model.optimizer.learning_rate) * 0.9

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            kernel = self.model.layers[0].kernel
            kernel.assign(kernel + 0.25)

    return small(keras, keras.optimizers.SGD(0.1, momentum=0.9)), fit(X, REAL, callbacks=[Sets()])


def rates(keras: Any) -> Any:
    C = keras.callbacks
    callbacks = [
        C.LearningRateScheduler(lambda epoch, rate: 0.3 / (epoch + 1)),
        C.ReduceLROnPlateau(monitor="val_loss", patience=1, min_delta=1.0),
        C.EarlyStopping(monitor="loss", patience=3, min_delta=0.05, restore_best_weights=True),
    ]
    model = small(keras, keras.optimizers.SGD(0.3))
    return model, fit(X, REAL, epochs=8, callbacks=callbacks, validation_split=0.2)


def steps_in_an_epoch(keras: Any) -> Any:
    return small(keras, "adam"), fit(X, REAL, steps_per_epoch=2, epochs=5, shuffle=True)


def shuffled_batches(keras: Any) -> Any:
    return small(keras, "adam"), fit(X, REAL, shuffle="batch", batch_size=3)


def generated(keras: Any) -> Any:
    def batches() -> Any:
        while True:
            for k in range(0, 10, 3):
                yield X[k : k + 3], REAL[k : k + 3], WEIGHTS[k : k + 3]

    given = fit(None, None, steps_per_epoch=4, epochs=3)
    del given["y"], given["batch_size"]
    return small(keras, "adam", weighted_metrics=["mae"]), {**given, "x": batches()}


def dataset(keras: Any) -> Any:
    class Batches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 3

        def __getitem__(self, k: int) -> Any:
            return X[4 * k : 4 * k + 4], REAL[4 * k : 4 * k + 4]

    given = fit(Batches(), None, shuffle=True)
    del given["y"], given["batch_size"]
    return small(keras, "rmsprop"), given


def in_double_precision(keras: Any) -> Any:
    L = keras.layers
    model = net(keras, L.Dense(4, "tanh", dtype="float64"), L.Dense(2, dtype="float64"), dtype="float64")
    model.compile(keras.optimizers.Adam(0.01), "mse")
    return model, fit(X.astype("float64"), REAL.astype("float64"))


def data_that_lie_the_other_way(keras: Any) -> Any:
    L = keras.layers
    model = net(
        keras,
        L.Rescaling(0.5, 0.1),
        L.Permute((2, 1)),
        L.Activation("tanh"),
        L.Flatten(),
        L.Dense(2),
        inputs=(20, 30),
    )
    model.compile("sgd", "mse")
    x = np.asfortranarray(np.random.default_rng(4).normal(size=(10, 20, 30)).astype("float32"))
    return model, fit(x, np.asfortranarray(REAL))


def one_sample(keras: Any) -> Any:
    return small(keras, "adam"), fit(X[:1], REAL[:1], batch_size=1, epochs=7)


def small_last_batches(keras: Any) -> Any:
    return small(keras, "adam", metrics=["mae"]), fit(X, REAL, batch_size=7, shuffle=True)


def integers(keras: Any) -> Any:
    return small(keras, "sgd"), fit((X * 3).astype("int32"), LABELS[:, None] * np.ones((1, 2), int))


def far_away(keras: Any) -> Any:
    """Numbers that overflow: every mode shows inf or nan, and trains on."""
    model = net(keras, keras.layers.Dense(2))
    model.compile(keras.optimizers.SGD(1e25), "mse")
    return model, fit(X, REAL, epochs=3)


def nothing_to_learn(keras: Any) -> Any:
    model = small(keras, "sgd")
    model.trainable = False
    model.compile("sgd", "mse")
    return model, fit(X, REAL)


CASES = {
    name: case
    for name, case in list(globals().items())
    if callable(case)
    and getattr(case, "__module__", "") == __name__
    and name not in ("small", "with_optimizer")
}
CASES |= {f"with {name}": with_optimizer(name) for name in OPTIMIZERS}
