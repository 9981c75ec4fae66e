"""The page that explains the step: real programs, sources that run, times that were measured."""

from __future__ import annotations

import numpy as np
import pytest

from microtensor.__main__ import main
from microtensor.explaining import xor_step


@pytest.fixture(scope="module")
def page() -> dict[str, str]:
    return dict(xor_step("en"))


def test_the_step_is_shown_as_captured_and_after_each_pass(page: dict[str, str]) -> None:
    titles = list(page)
    assert titles[0].startswith("The step of training, as it was captured")
    assert [title.split(":")[0] for title in titles[1:6]] == [
        f"Pass {k}, {name}" for k, name in enumerate(["lower", "simplify", "merge", "prune", "fuse"], 1)
    ]
    captured = page[titles[0]]
    for words in ("sigmoid(", "# dense'", "# sgd", "update xor/dense/kernel <- ", "33 operations"):
        assert words in captured
    assert "sigmoid(" not in page[titles[1]], "it is made of exp, + and /"


def test_the_numpy_source_runs_and_takes_the_step_of_the_lecture(page: dict[str, str]) -> None:
    source = next(text for title, text in page.items() if title.startswith("As NumPy"))
    space: dict[str, object] = {}
    exec(source, space)
    step = space["step"]
    x, y = np.float32([[1, 0]]), np.float32([[1]])
    kernel, bias = np.float32([[0.62, -0.84], [-0.53, 0.91]]), np.float32([0.1, -0.2])
    kernel_1, bias_1 = np.float32([[1.1], [-0.7]]), np.float32([-0.15])
    loss, prediction = np.empty((), "f"), np.empty((1, 1), "f")
    new = [np.empty_like(w) for w in (kernel, bias, kernel_1, bias_1)]
    rate, t = np.array(0.3, "f"), np.array(1, "f")
    step(x, y, rate, t, kernel, bias, kernel_1, bias_1, loss, prediction, *new)  # type: ignore[operator]
    assert round(float(loss), 4) == 0.1597
    step(x, y, rate, t, *new, loss, prediction, *(w.copy() for w in new))  # type: ignore[operator]
    assert round(float(loss), 4) == 0.1419


def test_each_way_to_run_has_its_time(page: dict[str, str]) -> None:
    lines = page["What a step costs, measured now"].splitlines()
    assert len(lines) >= 3
    assert all(float(line.split()[-2]) > 0 and line.endswith(" us") for line in lines)


def test_the_command_prints_it_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for lang, word in (("en", "As Python"), ("ko", "파이썬 코드")):
        assert main(["--explain", "--lang", lang]) == 0
        assert word in capsys.readouterr().out
