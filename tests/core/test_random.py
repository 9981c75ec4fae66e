"""Random numbers: whose they are, how they are spread, and what a gradient makes of them."""

from __future__ import annotations

import numpy as np
import pytest

import microtensor as mt
from microtensor.core.operations.random import Generator


def test_two_generators_of_one_seed_agree_and_do_not_disturb_each_other() -> None:
    a, b = Generator(3), Generator(3)
    first = a.uniform((4,))
    mt.random.normal((100,))  # somebody else draws
    np.testing.assert_array_equal(first, b.uniform((4,)))
    assert not np.array_equal(a.uniform((4,)), first)
    with pytest.raises(AttributeError, match=r"draws uniform, .* no 'poisson'"):
        a.poisson()


def test_the_library_s_own_generator_repeats_after_seed() -> None:
    drawn = []
    for _ in range(2):
        mt.random.seed(5)
        drawn.append((mt.random.uniform((2,)).tolist(), mt.random.permutation(9).tolist()))
    assert drawn[0] == drawn[1]
    mt.random.seed(None)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "1", True])
def test_what_is_no_seed_is_refused(seed: object) -> None:
    with pytest.raises(ValueError, match=r"[Ss]eed"):
        mt.random.seed(seed)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"[Ss]eed"):
        mt.random.uniform((2,), seed=seed)


def test_numbers_are_spread_as_they_should_be() -> None:
    n = 20_000
    flat = mt.random.uniform((n,), -1.0, 3.0, seed=1).numpy()
    assert flat.min() >= -1
    assert flat.max() < 3
    assert flat.mean() == pytest.approx(1, abs=0.05)
    bell = mt.random.normal((n,), 2.0, 0.5, seed=1).numpy()
    assert (bell.mean(), bell.std()) == (pytest.approx(2, abs=0.02), pytest.approx(0.5, rel=0.02))
    assert mt.random.bernoulli((n,), p=0.3, seed=1).numpy().mean() == pytest.approx(0.3, abs=0.02)
    assert sorted(mt.random.permutation(7, seed=1).tolist()) == list(range(7))
    assert set(mt.random.choice([1.0, 5.0], (50,), seed=1).tolist()) == {1.0, 5.0}
    assert sorted(mt.random.choice(np.arange(5.0), 5, replace=False, seed=1).tolist()) == list(range(5))


def test_dropout_keeps_the_mean_and_masks_the_gradient_alike() -> None:
    x = mt.Tensor(np.ones(10_000, np.float32), requires_grad=True)
    y = mt.random.dropout(x, 0.2, seed=4)
    assert set(np.unique(y.numpy())) == {np.float32(0), np.float32(1.25)}
    assert float(y.mean()) == pytest.approx(1, abs=0.03)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.numpy())
    np.testing.assert_array_equal(mt.random.dropout(x, 0.0), x.numpy())
    np.testing.assert_array_equal(mt.random.dropout(x, 1.0), 0 * x.numpy())
    with pytest.raises(ValueError, match=r"rate=1.5"):
        mt.random.dropout(x, 1.5)
