"""Linear algebra under NumPy's names: `mt.linalg.inv(x)` is what `np.linalg.inv` is on tensors."""

from .core.operations.decompositions import cholesky, eigh, eigvalsh, qr, svd, svdvals
from .core.operations.inverse import inv, lstsq, matrix_power, pinv, solve
from .core.operations.measures import det, norm, slogdet

# fmt: off
__all__ = [
    "cholesky", "det", "eigh", "eigvalsh", "inv", "lstsq", "matrix_power", "norm", "pinv", "qr", "slogdet",
    "solve", "svd", "svdvals",
]
# fmt: on
