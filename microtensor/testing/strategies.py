"""Strategies for hypothesis: shapes, shapes that broadcast together, arrays in every memory layout.

hypothesis is imported when a strategy is asked for, so that the rest of the kit works without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .sampling import REAL, Domain, Shape, draw

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

LAYOUTS = ("C", "Fortran", "negative strides", "strided", "broadcast", "read-only", "byte-swapped")


def _hypothesis() -> Any:
    try:
        import hypothesis.strategies
    except ImportError:
        raise ImportError(
            'strategies need hypothesis, which is not installed here: pip install "microtensor[test]"'
        ) from None
    return hypothesis.strategies


def shapes(max_rank: int = 3, max_side: int = 3, min_side: int = 0) -> SearchStrategy[Shape]:
    """Shapes up to `max_rank` axes: 0-d, and with axes of length 0 if `min_side` is 0."""
    st = _hypothesis()
    return st.lists(st.integers(min_side, max_side), max_size=max_rank).map(tuple)  # type: ignore[no-any-return]


def broadcastable_shapes(
    count: int = 2, max_rank: int = 3, max_side: int = 3, min_side: int = 0
) -> SearchStrategy[tuple[Shape, ...]]:
    """`count` shapes that broadcast together: the result's, with axes left out or 1 instead."""
    st = _hypothesis()

    @st.composite  # type: ignore[untyped-decorator]
    def build(pick: Any) -> tuple[Shape, ...]:
        result = pick(shapes(max_rank, max_side, min_side))
        found = []
        for _ in range(count):
            tail = result[pick(st.integers(0, len(result))) :]
            found.append(tuple(1 if pick(st.booleans()) else n for n in tail))
        return tuple(found)

    return build()  # type: ignore[no-any-return]


def arrays(
    shape: Shape | SearchStrategy[Shape] | None = None,
    dtype: Any = np.float64,
    layout: str | None = None,
    domain: Domain = REAL,
    on_kinks: bool = False,
) -> SearchStrategy[np.ndarray]:
    """Arrays of numbers away from kinks (or on them), in one of `LAYOUTS`; None: in any of them."""
    st = _hypothesis()
    given = shapes() if shape is None else st.just(shape) if isinstance(shape, tuple) else shape
    kinds = st.sampled_from(LAYOUTS) if layout is None else st.just(layout)

    def build(shape: Shape, seed: int, kind: str) -> np.ndarray:
        return laid_out(draw([shape], [domain], seed, dtype, on_kinks)[0], kind)

    return st.builds(build, given, st.integers(0, 2**32 - 1), kinds)  # type: ignore[no-any-return]


def laid_out(array: np.ndarray, layout: str) -> np.ndarray:
    """The same numbers in another memory layout ("broadcast": the first row's numbers, in every row).

    >>> laid_out(np.arange(3.0), "negative strides").strides
    (-8,)
    """
    match layout:
        case "C":
            return np.ascontiguousarray(array).reshape(array.shape)
        case "Fortran":
            return np.array(array, order="F")
        case "negative strides":
            back = tuple(slice(None, None, -1) for _ in array.shape)
            return np.array(array[back])[back] if array.ndim else np.array(array)
        case "strided":
            return np.repeat(array, 2, axis=-1)[..., ::2] if array.ndim else np.array(array)
        case "broadcast":
            one = array[:1] if array.ndim else array
            return np.broadcast_to(one, array.shape)
        case "read-only":
            fixed = np.array(array)
            fixed.flags.writeable = False
            return fixed
        case "byte-swapped":
            return array.astype(array.dtype.newbyteorder("S"))
    raise ValueError(f"layout must be one of {', '.join(LAYOUTS)}; got {layout!r}")
