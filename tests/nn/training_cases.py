"""Trainings that are written once and run twice: by Keras, which recorded the numbers, and by us.

Each case takes the module `keras` (theirs or ours) and gives (a built model, compiled; arguments for `fit`).
"""

import numpy as np

RNG = np.random.default_rng(7)
X = RNG.normal(size=(10, 4)).astype("float32")
LABELS = RNG.integers(0, 3, size=(10,))
ONE_HOT = np.eye(3, dtype="float32")[LABELS]
BINARY = (RNG.random((10, 1)) > 0.5).astype("float32")
REAL = RNG.normal(size=(10, 2)).astype("float32")
WEIGHTS = RNG.random(10).astype("float32")
TOKENS = RNG.integers(0, 6, size=(10, 3))


def _net(keras, *layers, inputs=(4,), dtype="float32"):
    return keras.Sequential([keras.Input(inputs, dtype=dtype), *layers])


def _fit(x, y, **options):
    return {"x": x, "y": y, "batch_size": 4, "epochs": 3, "shuffle": False, "verbose": 0, **options}


def softmax_sparse(keras):
    L = keras.layers
    model = _net(keras, L.Dense(5, "relu"), L.Dense(3, "softmax"))
    model.compile(keras.optimizers.SGD(0.3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, _fit(X, LABELS)


def softmax_one_hot(keras):
    L = keras.layers
    model = _net(keras, L.Dense(5, "tanh"), L.Dense(3, "softmax"))
    metrics = ["accuracy", keras.metrics.AUC(name="auc"), keras.metrics.Precision(name="precision")]
    model.compile(keras.optimizers.Adam(0.05), "categorical_crossentropy", metrics=metrics)
    return model, _fit(X, ONE_HOT)


def logits(keras):
    L = keras.layers
    model = _net(keras, L.Dense(5, "gelu"), L.Dense(3))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Nadam(0.02), loss, metrics=["sparse_categorical_accuracy"])
    return model, _fit(X, LABELS)


def binary_with_weights(keras):
    L = keras.layers
    model = _net(keras, L.Dense(3, "sigmoid"), L.Dense(1, "sigmoid"))
    model.compile("adamw", "bce", metrics=["accuracy", "mae"], weighted_metrics=["accuracy", "mse"])
    return model, _fit(X, BINARY, sample_weight=WEIGHTS, validation_data=(X[:5], BINARY[:5], WEIGHTS[:5]))


def class_weights(keras):
    model = _net(keras, keras.layers.Dense(3, "softmax"))
    model.compile(keras.optimizers.Adagrad(0.5), "sparse_categorical_crossentropy")
    return model, _fit(X, LABELS, class_weight={0: 2.0, 2: 0.5})


def regularized(keras):
    L, R = keras.layers, keras.regularizers
    model = _net(
        keras,
        L.Dense(5, "elu", kernel_regularizer=R.L1L2(0.01, 0.02), bias_regularizer="l1"),
        L.ActivityRegularization(l1=0.01, l2=0.01),
        L.Dense(2, activity_regularizer="l2", kernel_constraint="max_norm"),
    )
    model.compile(keras.optimizers.RMSprop(0.05, momentum=0.5), "mae")
    return model, _fit(X, REAL, validation_split=0.3)


def batch_normalization(keras):
    L = keras.layers
    model = _net(keras, L.Dense(5), L.BatchNormalization(momentum=0.8), L.ReLU(), L.Dense(2))
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), "mse", metrics=["mae"])
    return model, _fit(X, REAL, validation_data=(X[5:], REAL[5:]))


def layer_normalization(keras):
    L = keras.layers
    model = _net(keras, L.Dense(5), L.LayerNormalization(), L.LeakyReLU(), L.PReLU(), L.Dense(2))
    model.compile(keras.optimizers.Adamax(0.05), "huber")
    return model, _fit(X, REAL)


def embedding(keras):
    L = keras.layers
    model = _net(keras, L.Embedding(6, 4), L.Flatten(), L.Dense(2), inputs=(3,), dtype="int32")
    model.compile(keras.optimizers.Adadelta(1.0), "log_cosh")
    return model, _fit(TOKENS, REAL)


def shapes(keras):
    L = keras.layers
    model = _net(keras, L.Reshape((2, 2)), L.Dense(3, "swish"), L.Permute((2, 1)), L.Flatten(), L.Dense(2))
    model.compile(keras.optimizers.Lion(0.01), "mse", loss_weights=2.0)
    return model, _fit(X, REAL)


def averaged(keras):
    model = _net(keras, keras.layers.Dense(2))
    optimizer = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.7, ema_overwrite_frequency=2)
    model.compile(optimizer, "mse")
    return model, _fit(X, REAL)


def averaged_to_the_end(keras):
    model = _net(keras, keras.layers.Dense(2))
    model.compile(keras.optimizers.Adam(0.1, use_ema=True, ema_momentum=0.7, weight_decay=0.01), "mse")
    return model, _fit(X, REAL)


def accumulated(keras):
    model = _net(keras, keras.layers.Dense(2))
    model.compile(keras.optimizers.SGD(0.1, momentum=0.5, gradient_accumulation_steps=2), "mse")
    return model, _fit(X, REAL)


def scheduled(keras):
    model = _net(keras, keras.layers.Dense(2))
    rate = keras.optimizers.schedules.CosineDecay(0.3, 8, warmup_target=0.5, warmup_steps=3)
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=0.5), "mse")
    return model, _fit(X, REAL)


def counted_steps(keras):
    model = _net(keras, keras.layers.Dense(2))
    model.compile(keras.optimizers.Ftrl(0.5), "mse")
    return model, _fit(X, REAL, steps_per_epoch=1, validation_data=(X, REAL), validation_freq=2, epochs=5)


def called_back(keras):
    model = _net(keras, keras.layers.Dense(2))
    model.compile(keras.optimizers.SGD(0.5), "mse")
    C = keras.callbacks
    callbacks = [
        C.LearningRateScheduler(lambda epoch, rate: rate * 0.9),
        C.ReduceLROnPlateau(monitor="loss", patience=1, factor=0.5, min_delta=0.5),
        C.EarlyStopping(monitor="val_loss", patience=2, min_delta=0.2, restore_best_weights=True),
    ]
    return model, _fit(X, REAL, validation_split=0.3, epochs=9, callbacks=callbacks)


def frozen(keras):
    L = keras.layers
    model = _net(keras, L.Dense(3, "tanh", trainable=False), L.UnitNormalization(), L.Dense(2))
    model.compile(keras.optimizers.Adafactor(0.1), "cosine_similarity")
    return model, _fit(X, REAL)


def nested(keras):
    L = keras.layers
    inner = keras.Sequential([L.Dense(3, "softplus"), L.Dense(4, "selu")])
    model = _net(keras, inner, L.Dense(2))
    model.compile(keras.optimizers.SGD(0.05), "mean_squared_logarithmic_error")
    return model, _fit(X, np.abs(REAL))


CASES = {name: case for name, case in list(globals().items()) if callable(case) and not name.startswith("_")}
