"""One training in every mode: eager, NumPy source, scalar loops, machine code. The numbers are the same.

NumPy source gives the bits of eager, those of random numbers and optimizers included; the others round
elsewhere. What cannot be captured trains as eager does, and one warning names the line.
"""

from __future__ import annotations

import contextvars
import copy
import functools
import random
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.testing import assert_allclose

import microtensor as mt
from microtensor import keras
from microtensor.nn import chunks
from microtensor.nn.captured import CapturedStep
from microtensor.program.choice import using

from ..program.interrupting import stopped_at
from ..program.native_cases import needs_compiler
from .mode_cases import CASES as OWN
from .mode_cases import small
from .training_cases import CASES as FROM_KERAS
from .training_cases import REAL, X
from .training_cases import _fit as fit
from .training_cases import _net as net

CASES = {**FROM_KERAS, **OWN}
L = keras.layers
EAGER = {"own_train_step", "scaled_loss", "several_optimizers", "nothing_to_learn"}  # never captured
NATIVE = (  # each asks a compiler
    *(
        "softmax_sparse",
        "regularized",
        "batch_normalization",
        "scheduled",
        "nested",
        "hooks",
        "masks_in_the_loss",
    ),
    *("small_last_batches", "in_double_precision", "far_away", "with Adam everything", "own_parts"),
)


class Trained(NamedTuple):
    """What a training leaves."""

    history: dict[str, Any]
    numbers: list[np.ndarray]  # weights, those of the optimizer, states of random numbers, predictions
    heard: list[Any]  # what a callback was told
    step: Any


def train(make: Callable[[Any], Any], mode: str) -> Trained:
    keras.utils.set_random_seed(1)
    model, given = make(keras)
    model.run_eagerly, model.jit_compile = mode == "eager", True if mode == "jit_compile" else "auto"
    with using(mode if mode in ("numpy", "scalar", "native") else "auto"), warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "(overflow|invalid value) encountered")  # those of eager steps
        warnings.filterwarnings("ignore", "(Your input ran out|the loss is nan)")
        history = model.fit(**given).history
    with np.errstate(all="ignore"):
        shown = model.predict(given["x"], verbose=0) if isinstance(given["x"], np.ndarray) else []
    leaves = shown.values() if isinstance(shown, dict) else [shown]
    numbers = [
        *model.get_weights(),
        *(v.numpy() for v in model.optimizer.variables),
        *map(np.asarray, leaves),
    ]
    heard = getattr(model, "listens", None)
    return Trained(history, numbers, heard.heard if heard else [], model.train_function)


@pytest.fixture(autouse=True)
def seeds() -> Iterator[None]:
    """`set_random_seed` seeds Python's and NumPy's generators as well: they are put back."""
    before = random.getstate(), np.random.get_state()
    yield
    random.setstate(before[0])
    np.random.set_state(before[1])


@pytest.fixture(scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Libraries that are compiled here stay out of the user's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROTENSOR_CACHE", str(tmp_path_factory.mktemp("native")))
        yield


@functools.cache
def eager(name: str) -> Trained:
    return train(CASES[name], "eager")


def same_bits(one: Trained, other: Trained) -> None:
    assert list(one.history) == list(other.history)
    for key in one.history:
        assert np.array(one.history[key]).tobytes() == np.array(other.history[key]).tobytes(), key
    assert [array.tobytes() for array in one.numbers] == [array.tobytes() for array in other.numbers]
    assert one.heard == other.heard


def nearly_same(one: Trained, other: Trained) -> None:
    assert list(one.history) == list(other.history)
    for key in one.history:
        assert_allclose(one.history[key], other.history[key], rtol=2e-5, atol=2e-6, err_msg=key)
    for a, b in zip(one.numbers, other.numbers, strict=True):
        assert_allclose(a, b, rtol=2e-5, atol=2e-5)
    assert len(one.heard) == len(other.heard)


# --- the same numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_numpy_source_gives_the_bits_of_eager(name: str) -> None:
    found = train(CASES[name], "numpy")
    if name not in EAGER:
        assert isinstance(found.step, CapturedStep)
        assert found.step.reason is None
        assert "numpy source" in found.step.explain()
    same_bits(found, eager(name))


@pytest.mark.parametrize("mode", ["auto", "scalar"])
@pytest.mark.parametrize("name", CASES)
def test_loops_on_single_numbers(name: str, mode: str) -> None:
    nearly_same(train(CASES[name], mode), eager(name))


@needs_compiler
@pytest.mark.parametrize("mode", ["native", "jit_compile"])
@pytest.mark.parametrize("name", NATIVE)
def test_machine_code(name: str, mode: str, own_cache: None) -> None:
    nearly_same(train(CASES[name], mode), eager(name))


def test_the_modes_are_tried() -> None:
    """No source is only another name for the one before."""
    assert train(CASES["hooks"], "scalar").step.chosen.name == "scalar"
    assert train(CASES["one_sample"], "auto").step.chosen.name == "scalar"
    assert train(CASES["random_layers"], "auto").step.chosen.name == "numpy"


# --- around a training -----------------------------------------------------------------------------------

MODES = ["eager", "numpy", "scalar"]


def in_mode(model: Any, mode: str) -> Any:
    model.run_eagerly = mode == "eager"
    return using(mode if mode != "eager" else "auto")


def numbers_of(model: Any) -> list[bytes]:
    return [w.tobytes() for w in model.get_weights()] + [
        v.numpy().tobytes() for v in model.optimizer.variables
    ]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shuffle", [False, True, "batch"])
def test_resumed_is_uninterrupted(mode: str, shuffle: Any, tmp_path: Any) -> None:
    """Fit twice, fit after loading, fit a deep copy: bit for bit one long training."""

    def make() -> Any:
        keras.utils.set_random_seed(3)
        model = net(keras, L.Dense(4, "tanh"), L.Dropout(0.25), L.Dense(2))
        rate = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.9)
        model.compile(keras.optimizers.Adam(rate, amsgrad=True), "mse")
        return model

    given = fit(X, REAL, shuffle=shuffle)
    whole = make()
    with in_mode(whole, mode):
        whole.fit(**{**given, "epochs": 6})
    parts = make()
    with in_mode(parts, mode):
        parts.fit(**{**given, "epochs": 2})
    with in_mode(parts, mode):
        parts.fit(**{**given, "epochs": 4, "initial_epoch": 2})
    parts.save(tmp_path / "model.keras")
    loaded, copied = keras.saving.load_model(tmp_path / "model.keras"), copy.deepcopy(parts)
    for model in (loaded, copied, parts):
        with in_mode(model, mode):
            model.fit(**{**given, "epochs": 6, "initial_epoch": 4})
        assert numbers_of(model) == numbers_of(whole)


def test_the_second_training_runs_what_the_first_one_captured() -> None:
    model = small(keras, "adam")
    model.fit(**fit(X, REAL))
    first = model.train_function
    model.fit(**fit(X, REAL))
    assert model.train_function is first


@pytest.mark.parametrize("mode", MODES)
def test_layers_that_are_frozen_between_two_trainings(mode: str) -> None:
    keras.utils.set_random_seed(3)
    model = small(keras, keras.optimizers.SGD(0.1))
    with in_mode(model, mode):
        model.fit(**fit(X, REAL))
    first = model.layers[0].kernel.numpy().copy()
    model.layers[0].trainable = False
    model.compile(keras.optimizers.SGD(0.1), "mse")
    last = model.layers[1].kernel.numpy().copy()
    with in_mode(model, mode):
        model.fit(**fit(X, REAL))
    assert model.layers[0].kernel.numpy().tobytes() == first.tobytes()
    assert not np.array_equal(model.layers[1].kernel.numpy(), last)
    model.layers[0].trainable = True
    model.compile(keras.optimizers.SGD(0.1), "mse")
    with in_mode(model, mode):
        model.fit(**fit(X, REAL))
    assert not np.array_equal(model.layers[0].kernel.numpy(), first)


CHANGES: dict[str, Callable[[Any], Any]] = {
    "rate": lambda model: setattr(model.optimizer, "learning_rate", 0.03),
    "momentum": lambda model: setattr(model.optimizer, "momentum", 0.2),
    "clipping": lambda model: setattr(model.optimizer, "clipnorm", 0.05),
    "decay": lambda model: setattr(model.optimizer, "weight_decay", 0.1),
    "weights": lambda model: model.set_weights([w * 0.5 for w in model.get_weights()]),
    "loss": lambda model: model.compile(model.optimizer, "mae"),
    "activation": lambda model: setattr(model.layers[0], "activation", keras.activations.get("relu")),
    "constraint": lambda model: setattr(model.layers[0].kernel, "constraint", keras.constraints.NonNeg()),
    "regularizer": lambda model: setattr(model.layers[0].kernel, "regularizer", keras.regularizers.L2(0.1)),
    "frozen": lambda model: setattr(model.layers[0], "trainable", False),
    "metric": lambda model: model.compile(model.optimizer, "mse", metrics=["mae"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_between_two_trainings_is_noticed(change: str) -> None:
    def run(mode: str) -> Trained:
        keras.utils.set_random_seed(3)
        model = small(keras, keras.optimizers.SGD(0.1, momentum=0.9))
        with in_mode(model, mode):
            model.fit(**fit(X, REAL))
        CHANGES[change](model)
        with in_mode(model, mode):
            history = model.fit(**fit(X, REAL)).history
        return Trained(
            history, [*model.get_weights(), *(v.numpy() for v in model.optimizer.variables)], [], None
        )

    wanted = run("eager")
    same_bits(run("numpy"), wanted)
    nearly_same(run("auto"), wanted)


# --- a step is whole -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["numpy", "scalar"])
def test_a_training_that_is_stopped_at_a_batch(mode: str) -> None:
    """The weights are those after the step, and the count of steps is theirs."""

    class Stops(keras.callbacks.Callback):
        def __init__(self, at: int) -> None:
            super().__init__()
            self.at, self.seen = at, 0

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.seen += 1
            if self.seen == self.at:
                raise KeyboardInterrupt

    def run(at: int, steps: str) -> Any:
        keras.utils.set_random_seed(3)
        model = small(keras, "adam")
        with in_mode(model, steps), pytest.raises(KeyboardInterrupt):
            model.fit(**fit(X, REAL), callbacks=[Stops(at)])
        assert int(model.optimizer.iterations) == at
        return model

    for at in (1, 2, 3, 4, 7):
        for ours, theirs in zip(run(at, mode).get_weights(), run(at, "eager").get_weights(), strict=True):
            assert_allclose(ours, theirs, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("mode", MODES)
def test_who_listens_changes_no_number(mode: str) -> None:
    """Alone, with a bar, with a callback for each batch: the same bits."""

    class Listens(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.get_weights()

    def run(**how: Any) -> list[bytes]:
        keras.utils.set_random_seed(3)
        model = small(keras, "adam")
        with in_mode(model, mode):
            model.fit(**{**fit(X, REAL), **how})
        return numbers_of(model)

    assert run() == run(verbose=2) == run(callbacks=[Listens()])


@needs_compiler
@pytest.mark.parametrize("metrics", [[], ["accuracy"]])
def test_who_listens_changes_no_number_of_a_large_net_in_machine_code(metrics: list[str]) -> None:
    """One call for many steps, or a call for each, whose states are written over; chunks of any length."""

    class Listens(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.get_weights()

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(70, 300)).astype("float32"), rng.integers(0, 10, 70)

    def run(length: int = 64, **how: Any) -> tuple[list[bytes], Any]:
        keras.utils.set_random_seed(3)
        model = keras.Sequential([keras.Input((300,)), L.Dense(64, "relu"), L.Dense(10)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile("adam", loss, metrics=metrics, jit_compile=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(chunks, "FIRST", length)
            history = model.fit(x, y, batch_size=16, epochs=3, verbose=0, **how)
        assert model.train_function.chosen.name == "native"
        return numbers_of(model), history.history

    assert run() == run(length=1) == run(callbacks=[Listens()])


@pytest.mark.parametrize("limits", [{}, {"SECONDS": 0.0}, {"ROOM": 0}])
def test_steps_of_labels_run_in_chunks_and_give_the_bits_of_eager(
    limits: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a chunk is; with metrics, and a last batch that is smaller."""
    for name, value in limits.items():
        monkeypatch.setattr(chunks, name, value)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(37, 4)).astype("float32"), rng.integers(0, 3, 37)

    def run(steps: str) -> tuple[Any, list[bytes], list[int]]:
        keras.utils.set_random_seed(3)
        model = net(keras, L.Dense(8, "relu"), L.Dropout(0.25), L.Dense(3, "softmax"))
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        with in_mode(model, steps):
            history = model.fit(x, y, batch_size=5, epochs=3, verbose=0).history
        return history, numbers_of(model), [int(model.optimizer.iterations)]

    assert run("auto") == run("eager")


@pytest.mark.parametrize("mode", ["numpy", "scalar"])
def test_weights_that_a_callback_changes_in_the_middle_of_an_epoch(mode: str) -> None:
    class Halves(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch == 1:
                self.model.set_weights([w / 2 for w in self.model.get_weights()])

    def run(steps: str) -> Any:
        keras.utils.set_random_seed(3)
        model = small(keras, "adam")
        with in_mode(model, steps):
            model.fit(**fit(X, REAL), callbacks=[Halves()])
        return model.get_weights()

    for ours, theirs in zip(run(mode), run("eager"), strict=True):
        assert_allclose(ours, theirs, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("mode", MODES)
def test_a_training_that_is_stopped_at_any_line(mode: str) -> None:
    """Weights and slots are those after some whole step, together."""

    class Looks(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            whole.append(numbers())

    def numbers() -> list[bytes]:
        slots = [v for v in model.optimizer.variables if v is not model.optimizer.iterations]
        return [np.asarray(v).tobytes() for v in [*model.weights, *slots]]

    def train(**more: Any) -> None:
        with in_mode(model, mode):
            model.fit(**fit(X, REAL, epochs=1, **more))

    whole: list[list[bytes]] = []
    keras.utils.set_random_seed(3)
    model, start = small(keras, "adam"), []
    train()
    start = [(v, v.numpy().copy()) for v in [*model.weights, *model.optimizer.variables]]
    train(callbacks=[Looks()])
    whole.append([array.tobytes() for v, array in start if v is not model.optimizer.iterations])
    rng, line, seen = np.random.default_rng(0), 0, set()
    while True:
        line += int(rng.integers(1, 2500))
        for v, array in start:
            v.assign(array)
        # A context of its own: `with` blocks may be stopped between switching and being entered.
        ended = contextvars.copy_context().run(stopped_at, line, train, KeyboardInterrupt)
        assert numbers() in whole, f"interrupted at line {line}"
        seen.add(whole.index(numbers()))
        if not ended:
            break
    assert len(seen) > 1


# --- what cannot be captured -----------------------------------------------------------------------------


class Looks(keras.layers.Layer):  # type: ignore[misc]
    def call(self, x: Any) -> Any:
        if float(mt.sum(x)) > 0:  # the line that looks
            return x * 2
        return x


class Counts(keras.layers.Layer):  # type: ignore[misc]
    calls = 0

    def call(self, x: Any, training: Any = None) -> Any:
        self.calls += bool(training)
        return x * (1 + self.calls / 10)


class Shakes(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.noise = np.random.default_rng(5)

    def call(self, x: Any, training: Any = None) -> Any:
        return x + self.noise.normal(size=x.shape).astype("float32") if training else x


class Measures(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.size = keras.metrics.Mean(name="size")

    def call(self, x: Any, training: Any = None) -> Any:
        self.size.update_state(mt.mean(x * x))
        return x


def peeking_loss(y: Any, y_pred: Any) -> Any:
    scale = float(np.abs((y - y_pred).numpy()).max())  # the loss that looks
    return mt.mean((y - y_pred) ** 2, axis=-1) / (1 + scale)


def fallback(
    mode: str, layer: Any = None, loss: Any = "mse"
) -> tuple[Trained, list[warnings.WarningMessage]]:
    keras.utils.set_random_seed(1)
    model = net(keras, L.Dense(4, "tanh"), *([layer()] if layer else []), L.Dense(2))
    model.compile("sgd", loss)
    with in_mode(model, mode), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = model.fit(**fit(X, REAL)).history
    numbers = [*model.get_weights(), *(v.numpy() for v in model.optimizer.variables)]
    return Trained(history, numbers, [], model.train_function), caught


@pytest.mark.parametrize("mode", ["numpy", "auto"])
@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"layer": Looks}, "if float(mt.sum(x)) > 0:  # the line that looks"),
        ({"loss": peeking_loss}, "scale = float(np.abs((y - y_pred).numpy()).max())  # the loss that looks"),
        ({"layer": Counts}, ""),
        ({"layer": Shakes}, ""),
        ({"layer": Measures}, "self.size.update_state(mt.mean(x * x))"),
    ],
    ids=["branch", "loss", "counter", "noise", "metric"],
)
def test_code_that_no_program_can_hold(mode: str, options: Any, line: str) -> None:
    wanted, none = fallback("eager", **options)
    found, caught = fallback(mode, **options)
    assert none == []
    (warning,) = caught
    assert "runs eagerly" in str(warning.message)
    assert "run_eagerly=True" in str(warning.message)
    if line:
        assert f"of {__file__}: `{line}`" in str(warning.message)
    assert found.step.reason is not None
    assert "runs eagerly" in found.step.explain()
    same_bits(found, wanted)
