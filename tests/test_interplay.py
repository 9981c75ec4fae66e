"""What docs/numpy.md says of tensors and NumPy: each line of its table is run."""

import copy
import math
import pickle
import re
from pathlib import Path

import numpy as np
import pytest

import microtensor as mt

PAGE = (Path(__file__).parents[1] / "docs" / "numpy.md").read_text("utf-8")
LINES = re.findall(r"^\| `(.+?)` \| (.+?) \|", PAGE, re.MULTILINE)


def in_place(a, b):
    a += b
    return a


def matplotlib_line(t):
    import matplotlib

    matplotlib.use("agg")
    from matplotlib.figure import Figure

    (line, *_) = Figure().subplots().plot(t)
    return line.get_ydata(orig=False)


def kind(value):
    if isinstance(value, mt.Tensor):
        return "recorded" if value.operation is not None else "a tensor"
    return "an array" if isinstance(value, np.ndarray) else "a Python value"


@pytest.mark.parametrize(("words", "outcome"), LINES, ids=[words for words, _ in LINES])
def test_the_line_is_true(words, outcome):
    t = mt.Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    names = {
        "t": t,
        "s": mt.Tensor(2.0, requires_grad=True),
        "a": np.array([[0.5, 1.0], [2.0, 4.0]]),
        "np": np,
        "mt": mt,
        "math": math,
        "copy": copy,
        "pickle": pickle,
        "in_place": in_place,
        "matplotlib_line": matplotlib_line,
    }
    error, _, message = outcome.partition(": ")
    if error in ("TypeError", "ValueError"):
        with pytest.raises((TypeError, ValueError), match=re.escape(message)) as caught:
            eval(words, names)
        assert caught.type.__name__ == error
        return
    value = eval(words, names)
    assert kind(value) == outcome
    if outcome == "recorded":
        value.sum().backward()
        assert t.grad is not None or names["s"].grad is not None


def test_there_are_enough_lines():
    assert len(LINES) > 40


def test_what_scikit_learn_is_given_is_an_array_of_its_own_kind():
    x = mt.Tensor(np.arange(6.0).reshape(3, 2), requires_grad=True)
    array = np.array(x)  # as sklearn's check_array does
    assert type(array) is np.ndarray
    assert array.dtype == np.float64
    array[0] = 7
    assert x.tolist()[0] == [0.0, 1.0]
