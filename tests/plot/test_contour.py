"""Regions and outlines on a grid: areas that are known, holes, saddles, edges, and any grid at all."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from microtensor.plot.contour import outline, region
from microtensor.plot.path import thinned

SIDE = np.linspace(-1.0, 1.0, 81)
RADIUS = np.hypot(*np.meshgrid(SIDE, SIDE))
WINDOW = (-1.0, 1.0)


def area(loops):
    """With its sign: outlines go round one way, those of holes the other."""
    total = 0.0
    for x, y in (loop.T for loop in loops):
        total += float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2
    return total


def inside(x, y, loops):
    """By the even-odd rule: how often does a ray to the right cross the loops?"""
    crossings = 0
    for loop in loops:
        for (x0, y0), (x1, y1) in itertools.pairwise(loop):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                crossings += 1
    return crossings % 2 == 1


def test_a_disc_has_the_area_of_a_disc():
    (loop,) = region(-RADIUS, -0.6, WINDOW, WINDOW, "high").loops
    assert abs(area([loop])) == pytest.approx(np.pi * 0.36, rel=2e-3)
    assert loop[0].tolist() == loop[-1].tolist()


def test_a_ring_has_a_hole():
    loops = region(0.2 - np.abs(RADIUS - 0.6), 0.0, WINDOW, WINDOW, "high").loops
    assert len(loops) == 2
    assert abs(area(loops)) == pytest.approx(np.pi * (0.64 - 0.16), rel=5e-3)
    assert not inside(0.0, 0.0, loops)
    assert inside(0.6, 0.0, loops)


@pytest.mark.parametrize(("level", "whole"), [(-9.0, 4.0), (9.0, 0.0)])
def test_everywhere_and_nowhere(level, whole):
    assert abs(area(region(RADIUS, level, WINDOW, WINDOW, "high").loops)) == pytest.approx(whole)
    assert outline(RADIUS, level, WINDOW, WINDOW) == ()


def test_a_region_at_the_edge_ends_at_the_edge():
    loops = region(np.tile(SIDE, (81, 1)), 0.5, WINDOW, WINDOW, "high").loops
    assert abs(area(loops)) == pytest.approx(0.5 * 2.0)
    assert np.concatenate(loops).max() <= 1.0


def test_a_straight_line_is_two_points_and_lies_where_it_should():
    across, up = np.meshgrid(SIDE, SIDE)
    (line,) = outline(across + up, 0.3, WINDOW, WINDOW)
    assert len(line) == 2
    assert line.sum(axis=1) == pytest.approx([0.3, 0.3])


def test_a_saddle_is_two_lines_that_do_not_cross():
    lines = outline(np.array([[1.0, 0.0], [0.0, 1.0]]), 0.5, (0.0, 1.0), (0.0, 1.0))
    assert sorted(len(line) for line in lines) == [2, 2]
    ends = {tuple(point) for line in lines for point in line.tolist()}
    assert ends == {(0.5, 0.0), (0.0, 0.5), (1.0, 0.5), (0.5, 1.0)}


def test_nan_is_outside_and_infinity_is_somewhere():
    values = np.array([[np.nan, 0.0], [np.inf, -np.inf]])
    loops = region(values, 0.5, (0.0, 1.0), (0.0, 1.0), "high").loops
    assert inside(0.01, 0.95, loops)
    assert not inside(0.01, 0.05, loops)
    assert np.isfinite(np.concatenate(loops)).all()


@given(arrays(np.float64, st.tuples(st.integers(2, 7), st.integers(2, 7)), elements=st.integers(-3, 3)))
def test_every_point_of_any_grid_is_on_its_side(values):
    rows, columns = values.shape
    loops = region(values, 0.5, (0.0, columns - 1.0), (0.0, rows - 1.0), "high").loops
    for i in range(rows):
        for j in range(columns):
            x = np.clip(j, 0.04, columns - 1.04)  # points on the edge itself have no side
            y = np.clip(i, 0.041, rows - 1.041)
            assert inside(x, y, loops) == (values[i, j] > 0)


def test_thinning_keeps_the_shape_and_the_ends():
    x = np.linspace(0, 10, 5000)
    line = np.stack([x, np.sin(x)], axis=1)
    few = thinned(line, 0.01)
    assert len(few) < 120
    assert few[[0, -1]].tolist() == line[[0, -1]].tolist()
    assert np.abs(np.interp(x, few[:, 0], few[:, 1]) - np.sin(x)).max() < 0.02
