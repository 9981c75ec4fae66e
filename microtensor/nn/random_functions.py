"""The functions of `keras.random`: tensors of random numbers, from a seed, a SeedGenerator, or the library.

The one idea: an integer seed gives the same numbers at each call, a SeedGenerator the next ones, None those
of the library's own generator (`keras.utils.set_random_seed`). They are operations: a captured step draws
anew each time that it runs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Operation, Tensor
from ..core.operations import random as _random
from ..core.operations.random import bernoulli
from ..settings import floatx
from .initializers.initializer import sizes
from .initializers.random import cut_normal
from .seed_generator import stream_of


def _drawn(name: str, draw: Any) -> Operation:
    """An operation that draws with draw(numpy generator, shape, *parameters)."""
    return Operation(
        name,
        lambda *xs, shape=(), dtype="float32", generator=None: np.asarray(
            draw(_random._bits(None, generator).numpy, shape, *xs)
        ).astype(dtype),
        random=True,
        formula=f"{name}(shape)",
        doc=f"Random numbers: {name}; no gradient.",
    )


def _of(operation: Operation, shape: Any, dtype: Any, seed: Any, *parameters: Any) -> Tensor:
    given = [x if isinstance(x, Tensor) else Tensor(np.asarray(x)) for x in parameters]
    return operation(
        *given, shape=sizes(shape), dtype=np.dtype(dtype or floatx()).name, generator=stream_of(seed)
    )


def normal(shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None) -> Tensor:
    """N(mean, stddev²): the bell curve. Source: `keras.random.normal`."""
    return _of(_NORMAL, shape, _floating("normal", dtype), seed, mean, stddev)


def uniform(shape: Any, minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, seed: Any = None) -> Tensor:
    """Evenly spread from minval on, below maxval. ValueError unless dtype is of floats. Source:
    `keras.random.uniform`.

    >>> uniform((2,), seed=1).tolist() == uniform((2,), seed=1).tolist()
    True
    """
    return _of(_UNIFORM, shape, _floating("uniform", dtype), seed, minval, maxval)


def truncated_normal(
    shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None
) -> Tensor:
    """The bell curve, drawn again where it is more than two stddev off. Source:
    `keras.random.truncated_normal`.
    """
    return _of(_CUT, shape, _floating("truncated_normal", dtype), seed, mean, stddev)


def randint(shape: Any, minval: Any, maxval: Any, dtype: Any = "int32", seed: Any = None) -> Tensor:
    """Integers from minval on, below maxval. ValueError unless dtype is of integers. Source:
    `keras.random.randint`.
    """
    if np.dtype(dtype).kind not in "iu":
        raise ValueError(f"`keras.random.randint` requires an integer `dtype`. Received: dtype={dtype}")
    return _of(_RANDINT, shape, dtype, seed, minval, maxval)


def gamma(shape: Any, alpha: Any, dtype: Any = None, seed: Any = None) -> Tensor:
    """The gamma distribution of shape alpha and scale 1. Source: `keras.random.gamma`."""
    return _of(_GAMMA, shape, _floating("gamma", dtype), seed, alpha)


def beta(shape: Any, alpha: Any, beta: Any, dtype: Any = None, seed: Any = None) -> Tensor:
    """The beta distribution: from 0 to 1, its mean alpha / (alpha + beta). Source: `keras.random.beta`."""
    return _of(_BETA, shape, _floating("beta", dtype), seed, alpha, beta)


def binomial(shape: Any, counts: Any, probabilities: Any, dtype: Any = None, seed: Any = None) -> Tensor:
    """How many of `counts` tries succeed, each with a probability. Source: `keras.random.binomial`."""
    return _of(_BINOMIAL, shape, _floating("binomial", dtype), seed, counts, probabilities)


def categorical(logits: Any, num_samples: int, dtype: Any = "int32", seed: Any = None) -> Tensor:
    """For each row of logits, `num_samples` classes drawn with the probabilities softmax(logits). Source:
    `keras.random.categorical`.

    Raises:
        ValueError: logits that are no matrix (batch, classes).
    """
    scores = logits if isinstance(logits, Tensor) else Tensor(logits)
    if scores.ndim != 2:
        raise ValueError(
            "`logits` should be a 2-D tensor with shape [batch_size, num_classes]. Received: logits of shape "
            f"{scores.shape}"
        )
    return _of(_CATEGORICAL, (scores.shape[0], int(num_samples)), dtype, seed, scores)


def dropout(inputs: Any, rate: float, noise_shape: Any = None, seed: Any = None) -> Tensor:
    """Each element 0 with probability `rate`, the others divided by 1 − rate. Along an axis of length 1 in
    `noise_shape` (None: as long as the inputs') all share one fate. Source: `keras.random.dropout`.
    """
    if not 0 <= rate <= 1:
        raise ValueError(
            "Invalid value received for argument `rate`. Expected a float value between 0 and 1. Received: "
            f"rate={rate}"
        )
    x = inputs if isinstance(inputs, Tensor) else Tensor(inputs)
    shape = x.shape
    if noise_shape is not None:
        shape = tuple(m if n is None else int(n) for n, m in zip(noise_shape, x.shape, strict=True))
    keep = bernoulli(shape, p=1 - rate, dtype=x.dtype.name, generator=stream_of(seed))
    return x * (keep * (1 / (1 - rate) if rate < 1 else 0.0))


def shuffle(x: Any, axis: int = 0, seed: Any = None) -> Tensor:
    """The slices along an axis in a random order. Source: `keras.random.shuffle`."""
    x = x if isinstance(x, Tensor) else Tensor(x)
    order = _random.permutation(x.shape[axis], generator=stream_of(seed))
    return np.take(x, order, axis=axis)  # type: ignore[return-value]


def _floating(name: str, dtype: Any) -> Any:
    if dtype is not None and np.dtype(dtype).kind != "f":
        raise ValueError(f"`keras.random.{name}` requires a floating point `dtype`. Received: dtype={dtype}")
    return dtype


def _softly(bits: np.random.Generator, shape: tuple[int, ...], logits: Any) -> Any:
    """Gumbel's trick: the largest of logits + noise is drawn with the probabilities softmax(logits)."""
    noise = bits.gumbel(size=(*shape, logits.shape[1]))
    return np.argmax(logits[:, None, :] + noise, axis=-1)


_NORMAL = _drawn("normal", lambda bits, shape, mean, stddev: bits.normal(size=shape) * stddev + mean)
_UNIFORM = _drawn("uniform", lambda bits, shape, low, high: bits.random(shape) * (high - low) + low)
_CUT = _drawn("truncated_normal", lambda bits, shape, mean, stddev: cut_normal(bits, shape) * stddev + mean)
_RANDINT = _drawn("randint", lambda bits, shape, low, high: bits.integers(low, high, shape))
_GAMMA = _drawn("gamma", lambda bits, shape, alpha: bits.gamma(alpha, size=shape))
_BETA = _drawn("beta", lambda bits, shape, a, b: bits.beta(a, b, size=shape))
_BINOMIAL = _drawn("binomial", lambda bits, shape, n, p: bits.binomial(n.astype(np.int64), p, shape))
_CATEGORICAL = _drawn("categorical", _softly)
