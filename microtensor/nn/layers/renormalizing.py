"""Batch renormalization: what a batch says, corrected to what the layer has seen before.

The one idea: with x̂ r + d, where r = σ / σ_seen and d = (μ − μ_seen) / σ_seen, training normalizes as the
finished network will, also with small batches. r and d are taken as constants; clipped, they come in gently.
Source: Ioffe, 2017.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.state import no_grad
from .affine import narrow, wide

CLIPS = ("rmax", "rmin", "dmax")


def checked_clipping(clipping: Any) -> dict[str, Any]:
    """The bounds of r and d. ValueError for unknown ones, or such that nothing fits."""
    bounds = dict(clipping or {})
    if set(bounds) - set(CLIPS):
        raise ValueError(
            f"Received invalid keys for `renorm_clipping` argument: {bounds}. Supported values: "
            f"{list(CLIPS)}."
        )
    rmax, rmin, dmax = (bounds.get(key) for key in CLIPS)
    if rmax is not None and rmin is not None and rmax < rmin:
        raise ValueError(
            "rmax should be greater than rmin in the `renorm_clipping` argument. Received: "
            f"rmax={rmax}, rmin={rmin}."
        )
    if dmax is not None and dmax < 0:
        raise ValueError(
            f"dmax should be non-negative in the `renorm_clipping` argument. Received: dmax={dmax}."
        )
    return bounds


def add_statistics(layer: Any, sizes: tuple[int, ...]) -> None:
    """Make moving_stddev, renorm_mean and renorm_stddev; deviations start with the root of the variance."""

    def root(shape: Any, dtype: Any = None) -> Any:
        return np.sqrt(layer.moving_variance_initializer(shape, dtype=dtype))

    starts = {
        "moving_stddev": root,
        "renorm_mean": layer.moving_mean_initializer,
        "renorm_stddev": root,
    }
    for name, start in starts.items():
        setattr(layer, name, layer.add_weight(sizes, start, trainable=False, name=name))


def renormalized(layer: Any, x: Any, mean: Any, variance: Any, shape: Any) -> Any:
    """x̂ r + d of a batch with this mean and variance; the layer remembers both."""
    deviation = np.sqrt(variance + layer.epsilon)
    with no_grad():
        now, centre = wide(layer, deviation), wide(layer, mean)
        seen_mean, seen = (
            np.reshape(wide(layer, v), shape) for v in (layer.renorm_mean, layer.renorm_stddev)
        )
        seen = np.maximum(seen, layer.epsilon**0.5)
        r, d = now / seen, (centre - seen_mean) / seen
        rmax, rmin, dmax = (layer.renorm_clipping.get(key) for key in CLIPS)
        r = np.clip(r, -np.inf if rmin is None else rmin, np.inf if rmax is None else rmax)
        d = d if dmax is None else np.clip(d, -dmax, dmax)
        for moving, new, momentum in (
            (layer.renorm_mean, centre, layer.renorm_momentum),
            (layer.renorm_stddev, now, layer.renorm_momentum),
            (layer.moving_mean, centre, layer.momentum),
            (layer.moving_stddev, now, layer.momentum),
        ):
            layer.remember(moving, new, momentum)
        variance_of_all = np.maximum(wide(layer, layer.moving_stddev) ** 2 - layer.epsilon, 0.0)
        layer.moving_variance.assign(narrow(layer, variance_of_all))
    return (x - mean) / deviation * r + d
