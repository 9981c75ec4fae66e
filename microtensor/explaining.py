"""Explaining: the lecture's XOR step as a program, after each pass, as source, with its timings.

The one idea: nothing here is written for show. The program is the one that `fit` captures, the passes are
those that improve it, the sources are what runs, and the times are measured while the page is written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .core import Tensor
from .lecture import TARGETS, X
from .nn import Dense, Input, Sequential
from .nn.captured import CapturedStep
from .optim import SGD
from .program.choice import loop_for, step_for
from .program.loop import Plan
from .program.passes import PASSES, prune
from .program.runner import Runner

STEPS = 2000  # that a loop is timed on
_WORDS = {
    "en": {
        "captured": "The step of training, as it was captured: forward, backward and update are rows alike",
        "pass": "Pass {k}, {name}: {what}",
        "same": "(every row stays as it is)",
        "numpy": "As NumPy: the same numbers, bit for bit, in memory that is planned once",
        "scalar": "As Python: a net this small runs fastest on Python's own numbers, many steps in one call",
        "native": "As C: machine code, for compile(jit_compile=True)",
        "times": "What a step costs, measured now",
        "eager": "eager, operation by operation",
        "one": "one step of {name} source",
        "many": "a step among {steps:,} of {name} source",
        "none": "not here: {reason}",
    },
    "ko": {
        "captured": "기록된 학습 한 단계: 순전파, 역전파, 갱신이 모두 같은 행",
        "pass": "패스 {k}, {name}: {what}",
        "same": "(모든 행이 그대로)",
        "numpy": "NumPy 코드: 비트까지 같은 수, 메모리는 한 번만 계획",
        "scalar": "파이썬 코드: 이렇게 작은 신경망은 파이썬의 수로 여러 단계를 한 번에 돌릴 때 가장 빠름",
        "native": "C 코드: compile(jit_compile=True)가 쓰는 기계어",
        "times": "지금 잰 한 단계의 시간",
        "eager": "연산 하나씩 바로 실행",
        "one": "{name} 코드로 한 단계",
        "many": "{name} 코드로 {steps:,}단계를 이어서 돌릴 때 한 단계",
        "none": "여기에는 없음: {reason}",
    },
}


def xor_step(lang: str = "en") -> Iterator[tuple[str, str]]:
    """(heading, text) of each part of the page."""
    say = _WORDS[lang]
    model = Sequential(
        [Input((2,)), Dense(2, activation="sigmoid"), Dense(1, activation="sigmoid")], name="xor"
    )
    model.compile(optimizer=SGD(0.3), loss="mse")
    data = [np.array(X, "float32"), np.array(TARGETS["xor"], "float32")]
    batch = tuple(Tensor.wrap(part[:1]) for part in data)
    runner = CapturedStep(model).prepared(batch)
    if runner is None:
        raise RuntimeError("the lecture's step could not be captured.")
    program = runner.captured
    yield say["captured"], f"{program}\n\n{program.statistics()}"
    for k, each in enumerate(PASSES, 1):
        before, program = program, each(program)
        what = (each.__doc__ or "").partition("\n")[0]
        text = say["same"] if program == before else f"{program}\n\n{program.statistics()}"
        yield say["pass"].format(k=k, name=each.__name__, what=what), text
    yield say["numpy"], step_for(program, "numpy").runs.source
    plan = Plan(prune(program.replace(outputs=program.outputs[:1])), (0, 1), (2, 3))
    loops = {name: loop_for(plan, name) for name in ("scalar", "native")}
    for name, chosen in loops.items():
        yield say[name], chosen.runs.source if chosen.runs else say["none"].format(reason=chosen.reason)
    found = {say["eager"]: _time(lambda: model.train_on_batch(data[0][:1], data[1][:1]), 200)}
    inputs = [*(part[:1] for part in data), np.array(0.3, "float32"), np.array(1, "float32")]
    found[say["one"].format(name="NumPy")] = _time(lambda: runner(inputs), 1000)
    for name, chosen in loops.items():
        if chosen.runs is not None:
            label = {"scalar": "Python", "native": "C"}[name]
            found[say["many"].format(name=label, steps=STEPS)] = _time_loop(chosen.runs, data, runner)
    width = max(map(len, found))
    yield say["times"], "\n".join(f"{name:<{width}}  {micros:10.3f} us" for name, micros in found.items())


def _time(action: Callable[[], Any], times: int) -> float:
    """Microseconds of one call: the best of five rounds."""
    rounds = []
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(times):
            action()
        rounds.append((time.perf_counter() - began) / times * 1e6)
    return min(rounds)


def _time_loop(loop: Any, data: list[np.ndarray], runner: Runner) -> float:
    order = np.random.default_rng(0).integers(0, len(data[0]), (STEPS, 1))
    numbers = [np.full(STEPS, 0.3, "float32"), np.arange(1, STEPS + 1, dtype="float32")]
    states = [tensor.numpy() for tensor in runner.states]
    return _time(lambda: loop(data, order, numbers, states), 1) / STEPS
