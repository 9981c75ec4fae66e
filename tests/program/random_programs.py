"""Programs that hypothesis makes up: real code that is captured, with states that it changes.

The one idea: the code draws its own next line while it runs, from what fits the values it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

import microtensor as mt
from microtensor.core import Tensor
from microtensor.core.operations.table import registry
from microtensor.program import capture, improved
from microtensor.program.loop import Plan

Draw = Any
Make = Callable[[Draw, list[Tensor]], Tensor]
STEPS = 4


class Case(NamedTuple):
    """A program as it was captured, a plan of it after the passes, and what to run it on."""

    program: Any
    plan: Plan
    data: list[np.ndarray]
    order: np.ndarray
    numbers: list[np.ndarray]
    states: list[np.ndarray]

    @property
    def run(self) -> tuple[Any, ...]:
        return self.data, self.order, self.numbers, self.states


def _floats(pool: list[Tensor]) -> list[Tensor]:
    return [x for x in pool if x.dtype.kind == "f"]


def _pick(draw: Draw, pool: list[Tensor]) -> Tensor:
    return draw(st.sampled_from(_floats(pool)))  # type: ignore[no-any-return]


def _pair(draw: Draw, pool: list[Tensor]) -> tuple[Any, Any]:
    """Two that broadcast, one of them perhaps a number of Python's."""
    a = _pick(draw, pool)
    number = draw(st.sampled_from([None, 0, 1, 2, -1, 0.5, 0.1, -3.0]))
    if number is not None:
        return (a, number) if draw(st.booleans()) else (number, a)
    return a, draw(st.sampled_from([b for b in _floats(pool) if _together(a, b)]))


def _together(a: Tensor, b: Tensor) -> bool:
    try:
        return len(np.broadcast_shapes(a.shape, b.shape)) <= 3
    except ValueError:
        return False


def of_one(*names: str) -> Make:
    return lambda draw, pool: registry[draw(st.sampled_from(names))](_pick(draw, pool))


def of_two(*names: str) -> Make:
    return lambda draw, pool: registry[draw(st.sampled_from(names))](*_pair(draw, pool))


def _chosen(draw: Draw, pool: list[Tensor]) -> Tensor:
    a, b = _pair(draw, pool)
    sign = draw(st.sampled_from(("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")))
    condition = registry[sign](a, b)
    if draw(st.booleans()):
        condition = mt.logical_xor(mt.logical_not(condition), mt.logical_and(condition, a != b))
    if draw(st.booleans()):
        return condition.astype(_pick(draw, pool).dtype)
    a = next(x for x in (a, b) if isinstance(x, Tensor))
    return mt.where(condition, a, draw(st.sampled_from([x for x in _floats(pool) if x.shape == a.shape])))


def _gated(draw: Draw, pool: list[Tensor]) -> Tensor:
    a = _pick(draw, pool)
    return a * (a > 0) if draw(st.booleans()) else (a < 1) * a


def _moved(draw: Draw, pool: list[Tensor]) -> Tensor:
    x = _pick(draw, pool)
    moves: list[Callable[[], Tensor]] = [
        lambda: x.reshape(-1),
        lambda: mt.expand_dims(x, axis=0) if x.ndim < 3 else x.reshape(-1),
        lambda: mt.broadcast_to(x, (2, *x.shape)) if x.ndim < 2 else x + 0,
        lambda: mt.stack([x, x], axis=-1) if x.ndim < 2 else x + 0,
    ]
    if x.ndim:
        moves += [
            lambda: x.transpose(),
            lambda: x[0],
            lambda: x[..., ::-1],
            lambda: x[1:] if x.shape[0] > 1 else x,
            lambda: mt.concatenate([x, -x], axis=0) if x.size < 12 else x + 0,
            lambda: mt.squeeze(x),
        ]
    if x.ndim > 1:
        moves.append(lambda: x.swapaxes(-1, -2))
    return draw(st.sampled_from(moves))()  # type: ignore[no-any-return]


def reduced(*names: str, along_one: bool = False) -> Make:
    def make(draw: Draw, pool: list[Tensor]) -> Tensor:
        x = _pick(draw, pool)
        axes: list[Any] = list(range(-x.ndim, x.ndim))
        axis = draw(st.sampled_from(axes if along_one and axes else [None, *axes]))
        if along_one and not x.ndim:
            return -x
        return registry[draw(st.sampled_from(names))](x, axis=axis, keepdims=draw(st.booleans()))

    return make


def _product(draw: Draw, pool: list[Tensor]) -> Tensor:
    a = _pick(draw, [x for x in pool if x.ndim] or [mt.broadcast_to(pool[0], (2,))])
    fits = [b for b in _floats(pool) if b.ndim and b.shape[max(b.ndim - 2, 0)] == a.shape[-1]]
    fits = [b for b in fits if a.ndim < 3 and b.ndim < 3] or ([a.swapaxes(-1, -2)] if a.ndim > 1 else [a])
    return a @ draw(st.sampled_from(fits))


EXACT: tuple[Make, ...] = (  # what float32 rounds in one way only
    of_two("add", "subtract", "multiply", "divide", "maximum", "minimum"),
    of_one("negative", "abs", "sign", "square", "sqrt", "floor", "ceil", "reciprocal"),
    _chosen,
    _moved,
    reduced("sum", "max", "min", along_one=True),
)
ELEMENTARY: tuple[Make, ...] = (
    *EXACT,
    _gated,
    of_one("exp", "log", "tanh", "expm1", "log1p", "sin", "cos", "erf", "arctan"),
    of_two("power", "arctan2", "hypot", "remainder", "floor_divide"),
    lambda draw, pool: mt.clip(_pick(draw, pool), -0.5, draw(st.sampled_from([None, 0.75]))),
    reduced("sum", "max", "min", "prod"),
    lambda draw, pool: mt.argmax(x := _pick(draw, pool), axis=None).astype(x.dtype),
    _product,
)
ALL: tuple[Make, ...] = (
    *ELEMENTARY,
    of_one("sigmoid", "softplus", "silu", "gelu", "selu", "softsign", "identity", "positive", "rint"),
    reduced("mean", "var", "std", "logsumexp"),
    lambda draw, pool: mt.softmax(x := _pick(draw, [x for x in pool if x.ndim] or [pool[0].reshape(1)])) * x,
    lambda draw, pool: mt.mse(x := _pick(draw, pool), x * 0.5),
)


@st.composite
def cases(draw: Draw, kinds: Sequence[Make], dtype: str) -> Case:
    """A program over these kinds of lines, and numbers for it."""
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    batch, width = draw(st.integers(1, 2)), draw(st.integers(1, 3))
    shapes = draw(st.lists(st.sampled_from([(), (1,), (3,), (2, 3), (3, 4)]), min_size=1, max_size=3))
    states = [Tensor(_numbers(rng, shape, dtype), name=f"w{k}") for k, shape in enumerate(shapes)]
    data = _numbers(rng, (5, width), dtype)
    order = rng.integers(0, 5, (STEPS, batch))
    count = draw(st.integers(1, 8))

    def step(x: Tensor, lr: Tensor) -> list[Tensor]:
        pool = [x, lr, *(w.detach() for w in states)]
        for _ in range(count):
            made = draw(st.sampled_from(kinds))(draw, pool)
            if made.size <= 24 and made.dtype == x.dtype:
                pool.append(made)
        for w in states:
            fits = [y for y in pool if y.shape == w.shape]
            w.assign(draw(st.sampled_from(fits)))
            if draw(st.booleans()):
                pool.append(w.detach())  # what it is now
        return [pool[-1], draw(st.sampled_from(pool))]

    first = Tensor(data[order[0]], dtype=dtype)
    before = [w._data.copy() for w in states]
    with np.errstate(all="ignore"):
        captured = capture(step, first, Tensor(np.asarray(0.25, dtype)), names=["x", "lr"])
    known = {id(w): array for w, array in zip(states, before, strict=True)}
    return Case(
        captured.program,
        Plan(improved(captured.program), (0,), (1,)),
        [data],
        order,
        [np.asarray(rng.choice([0.25, 0.5], STEPS), dtype)],
        [known[id(w)] for w in captured.states],
    )


def _numbers(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Some of them whole, so that there are ties and zeros."""
    numbers = rng.normal(size=shape)
    return np.asarray(np.where(rng.random(shape) < 0.3, np.round(numbers), numbers), dtype)
