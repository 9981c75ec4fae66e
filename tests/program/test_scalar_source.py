"""The scalar source computes what the program says, and its page is safe to run and good to read."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal

import microtensor as mt
from microtensor.core import Operation, Tensor, autograd
from microtensor.core.state import scope
from microtensor.keras import constraints, layers, losses, models, optimizers, regularizers
from microtensor.program import Program, Row, Value, capture, improved
from microtensor.program.loop import Epoch, Plan, Run, UnsupportedError, reference
from microtensor.program.scalar_source import cost, scalar_loop

from .random_programs import ELEMENTARY, EXACT, Case, cases


def wanted(case: Case, done: int) -> Run:
    with np.errstate(all="ignore"):
        return reference(case.plan)(
            case.data, case.order[:done], [x[:done] for x in case.numbers], case.states
        )  # type: ignore[no-any-return]


@given(cases(ELEMENTARY, "float64"))
def test_it_computes_what_the_rows_say(case: Case) -> None:
    run = scalar_loop(case.plan)(*case.run)
    for got, want in zip(_parts(run), _parts(wanted(case, run.done)), strict=True):
        assert got.shape == want.shape or not run.done
        assert got.dtype == want.dtype or not run.done
        assert_allclose(got, want.reshape(got.shape), rtol=1e-7, atol=1e-9)


@given(cases(EXACT, "float32"))
def test_exact_gives_the_bits_of_float32(case: Case) -> None:
    run = scalar_loop(case.plan, exact=True)(*case.run)
    for got, want in zip(_parts(run), _parts(wanted(case, run.done)), strict=True):
        assert_array_equal(got, want.reshape(got.shape))


@given(cases(ELEMENTARY, "float32"))
def test_what_ends_early_could_not_go_on(case: Case) -> None:
    """Asked for the step that was not done, and no further, it does not do it either: `done` is exact."""
    run = scalar_loop(case.plan)(*case.run)
    if run.done < len(case.order):
        one = scalar_loop(case.plan)(
            case.data, case.order[: run.done + 1], [x[: run.done + 1] for x in case.numbers], case.states
        )
        assert one.done <= run.done


def _parts(run: Run) -> list[np.ndarray]:
    return [*run.outputs, *run.updates]


# --- nets ------------------------------------------------------------------------------------------------


def net(*stack: Any, loss: str = "mse", optimizer: Any = None, batch: int = 2, targets: Any = None) -> Case:
    """A training step of these layers, captured from the real code."""
    rng = np.random.default_rng(0)
    model = models.Sequential([layers.Input((3,)), *stack])
    optimizer = optimizer or optimizers.SGD(0.1)
    weights = list(model.trainable_variables)
    for w in weights:
        w.assign(rng.normal(size=w.shape).astype("float32") / 2)
    optimizer.build(weights)
    measure = losses.get(loss)
    data = rng.normal(size=(6, 3)).astype("float32")
    goal = np.asarray(targets(rng) if targets else rng.integers(0, 2, (6, 2)), "float32")

    def step(x: Tensor, y: Tensor, lr: Tensor, t: Tensor) -> list[Tensor]:
        p = model(x, training=True)
        with scope("loss"):
            total = mt.mean(measure(y, p))
            for extra in model.losses:
                total = total + extra
        gradients = autograd.grad(total, weights)
        with scope(optimizer.name):
            for w, g in zip(weights, gradients, strict=True):
                slots = optimizer._slots[w]
                new, kept = optimizer.update(w.detach(), g, [s.detach() for s in slots], lr, t)
                w.assign(w.constraint(new) if getattr(w, "constraint", None) else new)
                for slot, value in zip(slots, kept, strict=True):
                    slot.assign(value)
        return [total, p]

    numbers = [np.full(12, 0.05, "float32"), np.arange(1, 13).astype("float32")]
    order = rng.integers(0, 6, (12, batch))
    before = {id(v): v._data.copy() for v in (*weights, *optimizer.variables, *model.variables)}
    first = [Tensor(data[order[0]]), Tensor(goal[order[0]]), *(Tensor(x[0]) for x in numbers)]
    captured = capture(step, *first, names=["x", "y", "learning_rate", "t"])
    states = [before[id(w)] for w in captured.states]
    program = captured.program
    return Case(program, Plan(improved(program), (0, 1), (2, 3)), [data, goal], order, numbers, states)


ACTIVATIONS = (
    *("sigmoid", "tanh", "relu", "elu", "leaky_relu", "softmax", "gelu", "selu", "softplus", "softsign"),
    *("silu", "relu6", "hard_sigmoid", "exponential", "mish", "log_softmax", "celu", "hard_tanh"),
    *("squareplus", "linear"),
)
LOSSES = (
    *("mse", "mae", "binary_crossentropy", "huber", "hinge", "squared_hinge", "log_cosh", "kl_divergence"),
    *("poisson", "msle", "categorical_crossentropy", "categorical_hinge"),
)
RULES = {
    "momentum": lambda: optimizers.SGD(0.1, momentum=0.9),
    "nesterov": lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "RMSprop with momentum": lambda: optimizers.RMSprop(momentum=0.9),
    "RMSprop, centered": lambda: optimizers.RMSprop(centered=True),
    "amsgrad": lambda: optimizers.Adam(amsgrad=True),
    **{
        each.__name__: each
        for each in (
            *(optimizers.Adam, optimizers.Nadam, optimizers.Lamb, optimizers.Adagrad, optimizers.Adadelta),
            *(optimizers.Adamax, optimizers.Ftrl, optimizers.AdamW),
        )
    },
}


def check(case: Case) -> None:
    run = scalar_loop(case.plan)(*case.run)
    assert run.done == len(case.order)
    for got, want in zip(_parts(run), _parts(wanted(case, run.done)), strict=True):
        assert_allclose(got, want, rtol=2e-5, atol=2e-5)
    exact = scalar_loop(case.plan, exact=True)(*case.run)
    for got, want in zip(_parts(exact), _parts(wanted(case, run.done)), strict=True):
        assert_allclose(got, want, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activations(activation: str) -> None:
    check(net(layers.Dense(2, activation=activation), layers.Dense(2)))


@pytest.mark.parametrize("loss", LOSSES)
def test_losses(loss: str) -> None:
    check(net(layers.Dense(3, activation="tanh"), layers.Dense(2, activation="softmax"), loss=loss))


def test_labels() -> None:
    def labels(rng: np.random.Generator) -> np.ndarray:
        return rng.integers(0, 3, 6)

    loss = "sparse_categorical_crossentropy"
    case = net(layers.Dense(3, activation="softmax"), loss=loss, targets=labels)
    check(case)
    case.data[1][case.order[4, 0]] = 7.0  # no class
    first = int(np.flatnonzero((case.order == case.order[4, 0]).any(axis=1))[0])
    assert scalar_loop(case.plan)(*case.run).done == first


@pytest.mark.parametrize("rule", RULES)
def test_rules(rule: str) -> None:
    check(net(layers.Dense(2, activation="tanh"), layers.Dense(2), optimizer=RULES[rule]()))


@pytest.mark.parametrize("batch", [1, 2, 4])
def test_batches(batch: int) -> None:
    check(net(layers.Dense(2, activation="sigmoid"), layers.Dense(2), batch=batch))


def test_regularizers_constraints_and_normalization() -> None:
    check(net(layers.Dense(2, kernel_regularizer=regularizers.L1L2(0.01, 0.01))))
    check(net(layers.Dense(2, kernel_constraint=constraints.NonNeg())))
    check(net(layers.Dense(2, kernel_constraint=constraints.MaxNorm(0.5))))
    check(net(layers.LayerNormalization(), layers.Dense(2)))


# --- the page --------------------------------------------------------------------------------------------


def xor() -> Case:
    rule = optimizers.SGD(0.1, name="sgd")
    return net(
        layers.Dense(2, activation="sigmoid", name="hidden"),
        layers.Dense(2, name="dense_1"),
        optimizer=rule,
        batch=1,
    )


def test_the_page_reads_like_a_page() -> None:
    source = scalar_loop(xor().plan).source
    assert "for x_0, x_1, x_2, y_0, y_1, learning_rate in samples:" in source, "t is not used"
    assert "hidden_0 = (\n                1.0 / (1.0 + exp(-(x_0 * hidden_kernel_0_0 + " in source
    assert "        d_hidden_0 = d_dense1_0 * hidden_0 * (1.0 - hidden_0)\n" in source
    assert "        dense1_bias_0 -= " in source
    titles = [line.strip() for line in source.splitlines() if line.strip().startswith("#")]
    assert titles[:3] == ["# hidden", "# dense_1", "# loss"]
    assert "# hidden, backward" in titles
    assert len(titles) == len(set(titles)), "no layer is begun twice"
    assert max(map(len, source.splitlines())) <= 110


def test_the_page_is_the_same_each_time() -> None:
    assert scalar_loop(xor().plan).source == scalar_loop(xor().plan).source


def test_no_work_is_done_twice() -> None:
    """Each expression with a call in it stands on the page once."""
    tree = ast.parse(scalar_loop(xor().plan).source)
    calls = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert len(calls) == len(set(calls))


@pytest.mark.parametrize(
    "name",
    [
        "x = 1\nimport os",
        "'''\nraise SystemExit\n'''",
        "__import__('os')",
        "lambda",
        "exp",
        "states",
        "steps",
        "none",
        "\u202eevil",
        "\ud800",
        "1e5",
        "",
        "a" * 5000,
        "für",
        "__debug__",
        "{0}",
        "True",
    ],
)
def test_hostile_names_are_only_names(name: str) -> None:
    w, v = Tensor([0.5, -1.0], name=name or None), Tensor(2.0, name=name or None)

    def step(x: Tensor) -> Tensor:
        with scope(name or "?"):
            y = mt.exp(x[0] * w.detach()) + v.detach()
            w.assign(w.detach() - mt.sqrt(y * y + 1))
        return mt.sum(y * y)

    before = w._data.copy()
    data = np.array([[1.0, 2.0], [0.5, 0.25]], "float32")
    captured = capture(step, Tensor(data[:1].reshape(1, 2)), names=[name or "x"], name=name)
    program = improved(captured.program)
    states = [before if t is w else t._data for t in captured.states]
    for exact in (False, True):
        loop = scalar_loop(Plan(program, (0,), ()), exact)
        tree = ast.parse(loop.source)
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        kept = {each for each in called if each.startswith("keep")}
        assert called - kept <= {
            "exp",
            "sqrt",
            "float32",
            "Struct",
            "float32s.pack",
            "float32s.unpack",
            "unpack",
            "pack",
        }
        run = loop([data], np.array([[0], [1]]), [], states)
        want = reference(Plan(program, (0,), ()))([data], np.array([[0], [1]]), [], states)
        for got, expected in zip(_parts(run), _parts(want), strict=True):
            assert_allclose(got, expected, rtol=1e-5)


# --- what it cannot do -----------------------------------------------------------------------------------


def stepping(rule: Any, start: Any = 1.0, samples: Any = (1.0, 2.0, 3.0, 4.0)) -> tuple[Any, Run, list[Any]]:
    """w becomes rule(w, x) four times: (loop, run, arguments)."""
    w = Tensor(start, dtype="float32", name="w")
    first = w._data.copy()

    def step(x: Tensor) -> Tensor:
        y = rule(w.detach(), x[0])
        w.assign(y)
        return y

    with np.errstate(all="ignore"):
        program = improved(capture(step, Tensor([1.0]), names=["x"]).program)
    loop = scalar_loop(Plan(program, (0,), ()))
    args: list[Any] = [[np.array(samples, "float32")], np.arange(4)[:, None], [], [first]]
    return loop, loop(*args), args


@pytest.mark.parametrize(
    ("rule", "samples", "done"),
    [
        (lambda w, x: mt.exp(x), (1, 2, 1000, 1), 2),  # OverflowError
        (lambda w, x: w / x, (1, 2, 3, 0), 3),  # ZeroDivisionError
        (lambda w, x: mt.log(x), (1, 0, 3, 4), 1),  # ValueError
        (lambda w, x: mt.sqrt(x), (-1, 2, 3, 4), 0),
        (lambda w, x: w * x, (1e20, 1e18, 10, 1e30), 2),  # more than float32 holds, and less than float64
        (lambda w, x: w + x, (1, np.nan, 1, 1), 0),  # data that is not finite is not begun
    ],
)
def test_what_python_refuses_is_handed_over(rule: Any, samples: Any, done: int) -> None:
    _, run, (data, order, _, states) = stepping(rule, samples=samples)
    assert run.done == done
    now = states[0]
    for k in range(done):
        now = np.asarray(rule(Tensor(now), Tensor(data[0][order[k, 0]])))
    assert_allclose(run.updates[0], now, rtol=1e-6)
    assert len(run.outputs[0]) == done


@pytest.mark.parametrize("first", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_handed_over(first: float) -> None:
    _, run, (_, _, _, states) = stepping(lambda w, x: w * x, start=first)
    assert run.done == 0
    assert_allclose(run.updates[0], states[0])


def test_states_that_overflow_where_no_output_shows_it() -> None:
    w = Tensor(1.0, name="w")
    first = w._data.copy()

    def step(x: Tensor) -> list[Tensor]:
        w.assign(w.detach() * x[0])
        return []

    program = improved(capture(step, Tensor([1.0]), names=["x"]).program)
    data = [np.array([1e10], "float32")]
    run = scalar_loop(Plan(program, (0,), ()))(data, np.zeros((8, 1), int), [], [first])
    assert run.done == 3, "1e30 fits into float32, 1e40 does not"
    assert run.outputs == []
    assert_allclose(run.updates[0], 1e10**run.done, rtol=1e-5)


@pytest.mark.parametrize("length", [1, 2, 3, 5, 12])
def test_where_calls_end_makes_no_difference(length: int) -> None:
    """Epochs of four steps, by calls of another length: the same bits, if each knows what the last had."""
    case = net(layers.Dense(2, activation="sigmoid"), layers.Dense(2))
    loop, states = scalar_loop(case.plan), case.states
    whole = loop(*case.run, Epoch(4))
    assert not np.array_equal(whole.outputs[0], loop(*case.run).outputs[0]), "rounded less often"
    losses, run, places = [], None, [case.program.states.index(s) for s, _ in case.program.updates]
    for at in range(0, 12, length):
        some = slice(at, at + length)
        epoch = Epoch(4, at % 4, run.exact if run and at % 4 else ())
        run = loop(case.data, case.order[some], [x[some] for x in case.numbers], states, epoch)
        states = list(states)
        for place, array in zip(places, run.updates, strict=True):
            states[place] = array
        losses.append(run.outputs[0])
    assert run is not None
    assert_array_equal(np.concatenate(losses), whole.outputs[0])
    for got, want in zip(run.updates, whole.updates, strict=True):
        assert_array_equal(got, want)


def test_numbers_of_steps_alone_and_nothing_at_all() -> None:
    w = Tensor(1.0, name="w")

    def step(*extra: Tensor) -> Tensor:
        w.assign(w.detach() * 2 + (extra[0] if extra else 1))
        return w.detach()

    for numbers in ([], [np.arange(3, dtype="f")], [np.arange(3, dtype="f"), np.ones(3, "f")]):
        before = w._data
        program = improved(capture(step, *(Tensor(x[0]) for x in numbers)).program)
        plan = Plan(program, (), tuple(range(len(numbers))))
        args: tuple[Any, ...] = ([], np.zeros((3, 1), int), numbers, [before])
        for got, want in zip(_parts(scalar_loop(plan)(*args)), _parts(reference(plan)(*args)), strict=True):
            assert_allclose(got, want)


def test_states_trade_places() -> None:
    a, b = Tensor([1.0, 2.0], name="a"), Tensor([3.0, 5.0], name="b")
    before = [a._data.copy(), b._data.copy()]

    def step(x: Tensor) -> Tensor:
        old_a, old_b = a.detach(), b.detach()
        a.assign(old_b)
        b.assign(old_a + x[0])
        return old_a

    plan = Plan(improved(capture(step, Tensor([1.0]), names=["x"]).program), (0,), ())
    args = [np.ones(1, "float32")], np.zeros((5, 1), int), [], before
    for got, want in zip(_parts(scalar_loop(plan)(*args)), _parts(reference(plan)(*args)), strict=True):
        assert_array_equal(got, want)


def of_rows(rows: list[Row], inputs: list[Value], outputs: list[Value]) -> Plan:
    return Plan(Program(inputs, (), {}, rows, outputs), tuple(range(len(inputs))), ())


def test_what_is_refused_names_the_row() -> None:
    x = Value(1, (1, 3), np.dtype("float32"), "x")
    y = Value(2, (1, 3), np.dtype("float32"))
    own = Operation("exp", lambda x: -x, elementwise=True)
    with pytest.raises(UnsupportedError, match=r"%2 = exp\(x\).*not the library's own"):
        scalar_loop(of_rows([Row(y, own, (x,), {})], [x], [y]))
    with pytest.raises(UnsupportedError, match=r"%2 = sort\(x\).*not written for single numbers"):
        scalar_loop(of_rows([Row(y, mt.core.registry["sort"], (x,), {})], [x], [y]))
    half = Value(3, (1, 3), np.dtype("float16"), "half")
    with pytest.raises(UnsupportedError, match="float16"):
        scalar_loop(of_rows([], [half], [half]))
    random = Row(y, mt.core.registry["normal"], (), {"shape": (1, 3)})
    with pytest.raises(UnsupportedError, match="random numbers"):
        scalar_loop(of_rows([random], [x], [y]))
    with pytest.raises(UnsupportedError, match="inputs \\[\\] come from"):
        scalar_loop(Plan(of_rows([], [x], [x]).program, (), ()))
    large = Value(4, (1, 30_000), np.dtype("float32"), "x")
    much = Row(Value(5, (1, 30_000), np.dtype("float32")), mt.core.registry["exp"], (large,), {})
    with pytest.raises(UnsupportedError, match="30,000 operations"):
        scalar_loop(of_rows([much], [large], [much.result]))


def test_data_of_another_shape_is_no_end_of_the_loop() -> None:
    case = xor()
    with pytest.raises(ValueError, match=r"x is float32\[1, 3\]; got samples of shape \[2\]"):
        scalar_loop(case.plan)([case.data[0][:, :2], case.data[1]], *case.run[1:])


def test_cost_counts_operations() -> None:
    case = xor()
    lines = [line for line in scalar_loop(case.plan).source.splitlines() if " = " in line or "-= " in line]
    assert len(lines) < cost(case.plan.program) < 4 * len(lines)
