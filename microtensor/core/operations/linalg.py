"""Products of vectors, matrices and arrays by `einsum`, for all that `product.matmul` is not for.

The one idea: the derivative of a sum of products is a sum of products. So `einsum` has one vjp for every
pattern: the gradient takes the place of the input that is differentiated, and the labels say where its axes
go. Everything else is made of it and of `matmul`.
"""

from __future__ import annotations

import functools
import itertools
import math
from typing import Any

import numpy as np

from .indexing import diagonal
from .table import composed, operation, tensor

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"  # `string` compiles a pattern to say so


@functools.lru_cache(maxsize=1024)
def _labels(subscripts: str, ranks: tuple[int, ...]) -> tuple[tuple[str, ...], str]:
    """(the labels of each operand, those of the result): "...ij,...jk" of ranks 3 and 2 is aij, jk, aik."""
    text = subscripts.replace(" ", "") or ",".join(["..."] * len(ranks))
    inputs, arrow, result = text.partition("->")
    operands = inputs.split(",")
    strange = set(text.replace("...", "").replace("->", "", 1)) - {*LETTERS, ","}
    if strange or "," in result or any(part.count("...") > 1 for part in (*operands, result)):
        raise ValueError(
            f"subscripts are letters, commas, one '->' and at most one '...' for each operand, like "
            f"'...ij,jk->...ik'; got {subscripts!r}."
        )
    if len(operands) != len(ranks):
        raise ValueError(f"the subscripts {subscripts!r} are of {len(operands)} operands; got {len(ranks)}.")
    extra = []  # how many axes each "..." stands for
    for part, rank in zip(operands, ranks, strict=True):
        named = len(part.replace("...", ""))
        if named > rank or (named < rank and "..." not in part):
            raise ValueError(f"{part!r} of {subscripts!r} names {named} axes; its operand has {rank}.")
        extra.append(rank - named)
    widest = max(extra)
    dots = "".join(itertools.islice((c for c in LETTERS if c not in text), widest))
    found = tuple(
        part.replace("...", dots[widest - count :]) for part, count in zip(operands, extra, strict=True)
    )
    if not arrow:  # every label that stands once, in alphabetical order, after what "..." stands for
        written = inputs.replace("...", "").replace(",", "")
        result = "..." + "".join(sorted(c for c in set(written) if written.count(c) == 1))
    elif widest and "..." not in result:
        raise ValueError(f"the '...' of {subscripts!r} must stand in its result too.")
    result = result.replace("...", dots)
    for c in result:
        if result.count(c) > 1 or not any(c in part for part in found):
            raise ValueError(
                f"{c!r} in the result of {subscripts!r} must be the label of an operand, and stand once."
            )
    return found, result


def _contract(xs: tuple[Any, ...], subscripts: str) -> Any:
    operands, result = _labels(subscripts, tuple(map(np.ndim, xs)))
    lengths: dict[str, int] = {}
    for part, x in zip(operands, xs, strict=True):
        own: dict[str, int] = {}
        for label, n in zip(part, np.shape(x), strict=True):
            known = own.get(label, lengths.get(label, n))
            if n != known and (label in own or 1 not in (n, known)):  # a diagonal does not broadcast
                raise ValueError(f"the axes labelled {label!r} in {subscripts!r} are of {known} and of {n}.")
            own[label] = n
            lengths[label] = n if lengths.get(label, 1) == 1 else lengths[label]
    return np.einsum(f"{','.join(operands)}->{result}", *xs, optimize=len(xs) > 1)


def _contract_vjp(k: int, g: Any, y: Any, *xs: Any, subscripts: str = "") -> Any:
    """The same sum, with g in the place of input k and the labels of input k as the result."""
    shapes = [getattr(x, "shape", ()) for x in xs]  # np.shape would read a tensor's numbers
    parts, result = _labels(subscripts, tuple(map(len, shapes)))
    terms = [(result, g), *((parts[j], x) for j, x in enumerate(xs) if j != k)]
    lengths: dict[str, set[int]] = {}
    for part, shape in [(result, g.shape), *((parts[j], shapes[j]) for j in range(len(xs)) if j != k)]:
        for label, n in zip(part, shape, strict=True):
            lengths.setdefault(label, {1}).add(n)
    unused = (c for c in LETTERS if c not in result and all(c not in part for part in parts))
    wanted = ""
    for label, n in zip(parts[k], shapes[k], strict=True):
        if label in wanted:  # the diagonal of "ii": zeros everywhere else
            other = next(unused)
            terms.append((label + other, np.eye(n, dtype=g.dtype)))
            label = other
        elif n not in lengths.get(label, ()):  # summed in this input alone: each element gets the same
            terms.append((label, np.ones(n, g.dtype)))
        wanted += label
    written, arrays = zip(*terms, strict=True)
    return contract.on(*arrays, subscripts=f"{','.join(written)}->{wanted}")


contract = operation(
    "contract",
    lambda *xs, subscripts="": _contract(xs, subscripts),
    _contract_vjp,
    numpy=(),
    formula="einsum(x)",
    local="einsum(g, others)",
    doc="""Σ of the products of elements, over each label of `subscripts` that the result does not name.

    It is `einsum` with its tensors first. Without subscripts: the product, element by element.
    """,
)


@composed(np.einsum)
def einsum(*operands: Any, subscripts: str | None = None, optimize: Any = True) -> Any:
    """einsum("ij,jk->ik", a, b): Einstein's sum. Each axis has a label; what the result does not name is
    summed.

    Without "->" the result names, in alphabetical order, every label that stands once. "..." is any axes,
    which broadcast. "ii" is the trace, "ii->i" the diagonal. Any number of operands; `optimize` is taken
    for NumPy's sake: a good order is always looked for. ValueError for subscripts that do not fit.

    >>> einsum("ii", [[1, 2], [3, 4]])
    <tf.Tensor: shape=(), dtype=int32, numpy=5>
    """
    if subscripts is None:
        if not operands or not isinstance(operands[0], str):
            raise TypeError("einsum takes its subscripts first: einsum('ij,jk->ik', a, b).")
        subscripts, *operands = operands  # type: ignore[assignment]
    if not operands:
        raise TypeError(f"einsum of {subscripts!r} got no operands.")
    return contract(*map(tensor, operands), subscripts=subscripts)


@composed(np.dot)
def dot(a: Any, b: Any) -> Any:
    """Σ a b over the last axis of a and the last but one of b (the only one of a vector).

    (n, k) · (k, m) is the matrix product; with more axes each pair of matrices is multiplied, as in NumPy,
    where `matmul` takes pairs that stand at the same place. A number multiplies.
    """
    a, b = tensor(a), tensor(b)
    if not a.ndim or not b.ndim:
        return a * b
    return a @ b if b.ndim < 3 else tensordot(a, b, axes=(-1, -2))


@composed(np.vdot)
def vdot(a: Any, b: Any) -> Any:
    """Σ a b over all elements: the dot product of the two arrays as vectors."""
    return tensor(a).reshape(-1) @ tensor(b).reshape(-1)


@composed(np.inner)
def inner(a: Any, b: Any) -> Any:
    """Σ a b over the last axes: (…, k) and (---, k) give (…, ---). A number multiplies."""
    a, b = tensor(a), tensor(b)
    return tensordot(a, b, axes=(-1, -1)) if a.ndim and b.ndim else a * b


@composed(np.outer)
def outer(a: Any, b: Any) -> Any:
    """aᵢ bⱼ for every pair of elements: (n,) and (m,) give (n, m). More axes are flattened."""
    return tensor(a).reshape(-1, 1) * tensor(b).reshape(1, -1)


@composed(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """Σ a b over pairs of axes: the last `axes` of a with the first of b, or (axes of a, axes of b).

    The result has the other axes of a, then those of b. ValueError where paired axes differ in length.
    """
    a, b = tensor(a), tensor(b)
    if isinstance(axes, int | np.integer):
        axes = (tuple(range(a.ndim - axes, a.ndim)), tuple(range(axes)))
    of_a, of_b = ((k,) if isinstance(k, int | np.integer) else tuple(k) for k in axes)
    fits = len(of_a) == len(of_b) and all(
        -a.ndim <= i < a.ndim and -b.ndim <= j < b.ndim and a.shape[i] == b.shape[j]
        for i, j in zip(of_a, of_b, strict=True)
    )
    if not fits:
        raise ValueError(
            f"tensordot pairs the axes {of_a} of shape {a.shape} with {of_b} of {b.shape}: they must be "
            "as many, and of the same lengths."
        )
    free_a = [k for k in range(a.ndim) if k not in {i % a.ndim for i in of_a}]
    free_b = [k for k in range(b.ndim) if k not in {j % b.ndim for j in of_b}]
    rows, columns = tuple(a.shape[k] for k in free_a), tuple(b.shape[k] for k in free_b)
    n, common, m = math.prod(rows), math.prod(a.shape[k] for k in of_a), math.prod(columns)
    left = np.transpose(a, (*free_a, *of_a)).reshape((n, common))
    right = np.transpose(b, (*of_b, *free_b)).reshape((common, m))
    return (left @ right).reshape(rows + columns)


@composed(np.kron)
def kron(a: Any, b: Any) -> Any:
    """Kronecker's product: each element of a, times all of b, in its place. (n, m) and (k, l): (n k, m l)."""
    a, b = tensor(a), tensor(b)
    rank = max(a.ndim, b.ndim)
    n, m = ((1,) * (rank - x.ndim) + x.shape for x in (a, b))
    blocks = a.reshape([k for length in n for k in (length, 1)]) * b.reshape([k for j in m for k in (1, j)])
    return blocks.reshape(tuple(i * j for i, j in zip(n, m, strict=True)))


@composed(np.trace)
def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Σ xᵢᵢ: the sum of the diagonal (`offset` above the main one) of each matrix that the two axes make."""
    return diagonal(x, offset, axis1, axis2).sum(axis=-1)
