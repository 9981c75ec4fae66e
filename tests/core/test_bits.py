"""Bits are NumPy's numbers, whoever makes them: Python, NumPy, or the one after the other."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microtensor as mt
from microtensor.core.operations import bits
from microtensor.core.operations.bits import Bits, spread

SEEDS = st.one_of(st.integers(0, 2**200), st.lists(st.integers(0, 2**40), min_size=1, max_size=6))


@pytest.fixture(autouse=True)
def made_in_python(monkeypatch):
    """As in a process that has not loaded numpy.random: hypothesis has."""
    monkeypatch.setattr(Bits, "_made_here", lambda self, count: self._numpy is None)


@given(SEEDS)
def test_a_seed_is_spread_as_seed_sequence_does(seed):
    assert spread(seed, 9) == np.random.SeedSequence(seed).generate_state(9).tolist()
    assert Bits(seed).state == np.random.default_rng(seed).bit_generator.state


def place(state):
    """Without the half of a draw that NumPy remembers after it was used."""
    return {**state, "uinteger": state["uinteger"] * state["has_uint32"]}


DRAWS = {
    "words": (lambda own: own.word(), lambda theirs: int(theirs.integers(2**32))),
    "numbers": (lambda own: own.uniform(-2, 0.5, (2, 3)), lambda theirs: theirs.uniform(-2, 0.5, (2, 3))),
    "no numbers": (lambda own: own.uniform(0, 1, (0, 3)), lambda theirs: theirs.uniform(0, 1, (0, 3))),
    "one number": (lambda own: own.uniform(size=()), lambda theirs: theirs.uniform(size=())),
    "integers": (lambda own: own.integers(24, 5), lambda theirs: theirs.integers(24, size=5)),
    "often too large": (
        lambda own: own.integers(2**31 + 1, 3),
        lambda theirs: theirs.integers(2**31 + 1, size=3),
    ),
    "a permutation": (lambda own: own.permutation(7), lambda theirs: theirs.permutation(7)),
    "of one": (lambda own: own.permutation(1), lambda theirs: theirs.permutation(1)),
    "of none": (lambda own: own.permutation(0), lambda theirs: theirs.permutation(0)),
    "permutations": (
        lambda own: own.permutations(5, 3),
        lambda theirs: np.array([theirs.permutation(5) for _ in range(3)]),
    ),
}


@given(SEEDS, st.lists(st.sampled_from(sorted(DRAWS)), max_size=8), st.integers(0, 8))
def test_the_numbers_are_numpys_and_numpy_goes_on_where_python_stood(seed, draws, python):
    own, theirs = Bits(seed), np.random.default_rng(seed)
    for k, name in enumerate(draws):
        if k == python:
            assert own.numpy.normal() == theirs.normal()
        mine, numpys = DRAWS[name][0](own), DRAWS[name][1](theirs)
        # A processor that multiplies and adds in one operation rounds once less.
        np.testing.assert_allclose(mine, numpys, rtol=1e-14, atol=1e-15)
        assert (np.asarray(mine).dtype, np.shape(mine)) == (np.asarray(numpys).dtype, np.shape(numpys))
        assert own.state == place(theirs.bit_generator.state)


def test_many_permutations_are_as_many_calls():
    one, other = Bits(3), Bits(3)
    assert one.permutations(100, 40).tolist() == [other.permutation(100).tolist() for _ in range(40)]
    assert one.state == other.state


@pytest.mark.parametrize("n", range(9))
@pytest.mark.parametrize("asks_numpy", [False, True])
def test_orders_are_permutations_and_as_many_calls(n, asks_numpy):
    one, other = Bits(n), Bits(n)
    if asks_numpy:
        assert one.numpy.random() == other.numpy.random()
    orders = one.orders(n, 40)
    assert orders.shape == (40, n)
    assert (np.sort(orders, axis=1) == np.arange(n)).all()
    assert orders.tolist() == [other.orders(n, 1)[0].tolist() for _ in range(40)]
    assert one.state == other.state


def test_each_order_comes_as_often():
    orders, counts = np.unique(Bits(1).orders(4, 24_000), axis=0, return_counts=True)
    assert len(orders) == 24
    assert (abs(counts - 1000) < 5 * 1000**0.5).all()


@pytest.mark.parametrize("asks_numpy", [False, True])
def test_a_state_can_be_gone_back_to_copied_and_pickled(asks_numpy):
    own = Bits(11)
    own.word()  # half of a draw is left
    if asks_numpy:
        own.numpy.normal()
    before, copies = own.state, [copy.deepcopy(own), pickle.loads(pickle.dumps(own)), Bits(0)]
    copies[2].state = before
    numbers = [own.word() for _ in range(5)]
    own.state = before
    assert [[each.word() for _ in range(5)] for each in [own, *copies]] == [numbers] * 4


def test_another_generators_state_is_refused():
    with pytest.raises(ValueError, match=r"must be for a PCG64 RNG; it is one of Philox\."):
        Bits(0).state = np.random.Philox(0).state


@pytest.mark.parametrize(
    ("low", "high", "size", "error"),
    [
        (1, 0, (2,), ValueError),
        (0, float("inf"), (2,), OverflowError),
        (0, 1, (-1,), ValueError),
        (0, 1, (-1, -2), ValueError),
    ],
)
def test_what_numpy_refuses_is_refused_in_its_words(low, high, size, error):
    with pytest.raises(error) as theirs:
        np.random.default_rng(0).uniform(low, high, size)
    with pytest.raises(error) as own:
        Bits(0).uniform(low, high, size)
    assert str(own.value) == str(theirs.value)


def test_arrays_of_bounds_are_numpys():
    low = np.array([0.0, 10.0])
    assert (Bits(4).uniform(low, low + 1) == np.random.default_rng(4).uniform(low, low + 1)).all()


def test_without_a_seed_two_differ():
    assert Bits().state != Bits().state


FRESH = """
import sys
from microtensor.core.operations import bits
own = bits.Bits(5)
own.permutations(4, {passes})
assert ("numpy.random" in sys.modules) is {loaded}, sorted(sys.modules)
import numpy.random
theirs = numpy.random.default_rng(5)
theirs.permuted(numpy.tile(numpy.arange(4), ({passes}, 1)), axis=1)
assert own.permutation(9).tolist() == theirs.permutation(9).tolist()
assert own._numpy is not None
"""


@pytest.mark.parametrize(
    ("passes", "loaded"), [(bits.FEW // 4, False), (bits.FEW // 4 + 1, True)], ids=["few", "many"]
)
def test_numpy_random_is_loaded_for_many_numbers(passes, loaded):
    code = FRESH.format(passes=passes, loaded=loaded)
    path = str(Path(mt.__file__).parent.parent)
    environment = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, env=environment)


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match=r"a seed is an integer from 0; got -1\."):
        spread([3, -1], 4)


def test_a_function_that_is_called_amid_a_draw_may_draw():
    """A signal's, say: it has no one to wait for."""
    own, drawn = Bits(5), []

    class Amid(int):
        def __mul__(self, other):
            own._state = int(self)
            drawn.append(own.word())
            return int(self) * other

    own._state = Amid(own._state)
    own.uniform(0, 1, (2,))
    assert len(drawn) == 1
