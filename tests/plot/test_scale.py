"""Numbers along an axis are round, few, and where they belong."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microtensor.plot.panel import Line, Panel, limits
from microtensor.plot.scale import Scale
from microtensor.plot.svg import apart, frame


def test_ticks_are_the_numbers_people_count_in():
    assert [text for _, text in Scale((0.0, 2000.0), 0, 1).ticks(5)] == ["0", "500", "1000", "1500", "2000"]
    assert [text for _, text in Scale((-0.02, 0.31), 0, 1).ticks(4)] == ["0.0", "0.1", "0.2", "0.3"]
    assert [text for _, text in Scale((-5.0, 5.0), 0, 1).ticks(2)] == ["−5", "0", "5"]
    assert [text for _, text in Scale((1e-5, 2.0), 0, 1, log=True).ticks(5)] == ["1e-5", "0.0001", "0.001",
                                                                             "0.01", "0.1", "1"]  # fmt: skip


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12), st.integers(1, 12))
def test_any_limits_have_some_ticks_within_them(low, span, wanted):
    high = low + span
    if high - low < abs(low) * 1e-9:  # no room between two numbers
        return
    ticks = [value for value, _ in Scale((low, high), 0, 1).ticks(wanted)]
    assert len(ticks) <= wanted + 1
    assert all(low - span * 1e-6 <= value <= high + span * 1e-6 for value in ticks)
    assert ticks == sorted(ticks)


def test_what_is_counted_has_ticks_at_whole_numbers():
    def ticks(*limits):
        return [text for _, text in Scale(limits, 0, 1, counted=True).ticks()]

    assert ticks(0.0, 3.0) == ["0", "1", "2", "3"], "there is no epoch 0.5"
    assert ticks(1.0, 1.4) == ["1"]
    assert ticks(0.0, 2000.0) == ["0", "500", "1000", "1500", "2000"]


def test_places_are_linear_or_logarithmic():
    assert Scale((0.0, 10.0), 100.0, 0.0)(np.array([0.0, 5.0, 10.0])).tolist() == [100.0, 50.0, 0.0]
    assert Scale((0.01, 1.0), 0.0, 2.0, log=True)(np.array([0.01, 0.1, 1.0])) == pytest.approx(
        [0.0, 1.0, 2.0]
    )
    assert np.isnan(Scale((0.01, 1.0), 0.0, 2.0, log=True)(np.array([0.0, -1.0, np.nan]))).all()
    assert np.isnan(Scale((0.0, 1.0), 0.0, 2.0)(np.array([np.inf, np.nan]))).all()


def test_both_axes_of_a_panel_may_be_logarithmic():
    line = Line(np.array([1.0, 10.0, 100.0]), np.array([1.0, 10.0, 100.0]))
    panel = Panel("growth", (1.0, 100.0), (1.0, 100.0), lines=(line,), log=True, log_x=True)
    at = frame(panel, 0.0, 0.0, 300.0, 200.0)
    assert at.x(line.x)[1] == pytest.approx((at.left + at.right) / 2)
    assert at.y(line.y)[1] == pytest.approx((at.top + at.bottom) / 2)


@pytest.mark.parametrize("values", [[], [np.nan], [3.0], [0.0, 0.0], [-1e300, 1e300], [1.0, np.inf]])
def test_limits_of_anything_are_a_range(values):
    for log in (False, True):
        low, high = limits(np.array(values), log=log)
        assert np.isfinite([low, high]).all()
        assert low < high
        assert low > 0 or not log


@given(st.lists(st.floats(0, 100), max_size=8))
def test_names_of_lines_are_moved_apart_and_stay_in_the_frame(heights):
    placed = apart(sorted(heights), 11.0, 0.0, 100.0)
    assert len(placed) == len(heights)
    assert all(b - a >= 11.0 - 1e-9 for a, b in itertools.pairwise(placed))
    assert all(-1e-9 <= height <= 100.0 + 1e-9 for height in placed)
