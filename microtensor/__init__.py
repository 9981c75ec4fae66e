"""microtensor: automatic differentiation made visible.

>>> import microtensor as mt
>>> x = mt.Variable(3.0)
>>> y = x * x
>>> y.backward()
>>> float(x.grad)
6.0

For a Keras user, `import microtensor as tf` is enough: `tf.keras.Sequential`, `tf.matmul`, `tf.GradientTape`.
"""

# fmt: off
# ruff: noqa: I001 - the lists are dense, so that they can be read
import typing as _typing

from numpy import bool_ as bool
from numpy import float16, float32, float64, int32, int64

from .core import GradientError, Operation, StaleGraphError, Tensor, autograd
from .core.state import enable_grad, no_grad, scope
from .lazy import lazily as _lazily, on_call as _on_call

__version__ = "0.1.0"

Tensor._repr_mimebundle_ = _on_call(__name__, ".notebook:mimebundle")  # type: ignore[attr-defined]

if _typing.TYPE_CHECKING:
    from . import graph, keras, linalg, nn, optim, plot, program, testing
    from .core.operations import random
    from .core.operations.activation import (
        celu, elu, identity, leaky_relu, log_sigmoid, log_softmax, maxout, prelu, relu, selu, sigmoid,
        softmax, softplus, softsign, squareplus, step,
    )
    from .core.operations.arithmetic import (
        abs, add, cbrt, clip, divide, float_power, floor_divide, fmax, fmin, hypot, maximum, minimum,
        multiply, negative, positive, power, reciprocal, remainder, sign, square, subtract,
    )
    from .core.operations.comparison import (
        equal, greater, greater_equal, less, less_equal, not_equal, where,
    )
    from .core.operations.convolution import (
        avg_pool2d, conv1d, conv2d, max_pool2d,
    )
    from .core.operations.elementary import (
        exp, exp2, expm1, log, log10, log1p, log2, logaddexp, sqrt, tanh,
    )
    from .core.operations.gating import (
        gelu, glu, mish, silu,
    )
    from .core.operations.indexing import (
        argsort, diag, diagonal, getitem, searchsorted, sort, take, take_along_axis, unique,
    )
    from .core.operations.joining import (
        array_split, concatenate, hstack, meshgrid, pad_as as pad, repeat, split, stack, tile, vstack,
    )
    from .core.operations.likelihood import (
        binary_crossentropy, categorical_crossentropy, kl_divergence, one_hot, poisson,
        sparse_categorical_crossentropy,
    )
    from .core.operations.linalg import (
        dot, einsum, inner, kron, outer, tensordot, trace, vdot,
    )
    from .core.operations.loss import (
        cosine_similarity, huber, log_cosh, mae, mse,
    )
    from .core.operations.margin import (
        categorical_hinge, hinge, squared_hinge,
    )
    from .core.operations.piecewise import (
        clipped_relu, hard_shrink, hard_sigmoid, hard_silu, hard_tanh, relu6, soft_shrink, sparse_plus,
        sparse_sigmoid, sparsemax, tanh_shrink, threshold,
    )
    from .core.operations.reduction import (
        all, any, argmax, argmin, count_nonzero, max, mean, min, sum,
    )
    from .core.operations.rounding import (
        ceil, floor, isfinite, isinf, isnan, logical_and, logical_not, logical_or, logical_xor, rint, round,
        trunc,
    )
    from .core.operations.shape import (
        astype, atleast_1d, broadcast_to, expand_dims, flip, moveaxis, ones_like, ravel, reshape, roll,
        squeeze, swapaxes, transpose, tril, triu, zeros_like,
    )
    from .core.operations.special import (
        erf, erfc,
    )
    from .core.operations.statistics import (
        average, cumprod, cumsum, logsumexp, median, prod, std, var,
    )
    from .core.operations.trigonometry import (
        arccos, arccosh, arcsin, arcsinh, arctan, arctan2, arctanh, cos, cosh, sin, sinc, sinh, tan,
    )
    from .nn.parameter import Parameter, Parameter as Variable
    from .seeds import set_random_seed
    from .tf import (
        cast, constant, convert_to_tensor, matmul, ones, reduce_max, reduce_mean, reduce_min, reduce_sum,
        zeros,
    )
    from .checkpointing import checkpoint
    from .program import jit
    from .tape import GradientTape
    from .transforms import (
        custom_vjp, elementwise_grad, grad, hessian, hvp, jacobian, jvp, stop_gradient, value_and_grad, vjp,
    )


__getattr__, __dir__ = _lazily(
    __name__, modules=("keras", "naming", "nn", "optim", "seeds", "serialization", "tf")
)


__all__ = [
    "GradientError",
    "GradientTape",
    "Operation",
    "Parameter",
    "StaleGraphError",
    "Tensor",
    "Variable",
    "__version__",
    "abs",
    "add",
    "all",
    "any",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "argmax",
    "argmin",
    "argsort",
    "array_split",
    "astype",
    "atleast_1d",
    "autograd",
    "average",
    "avg_pool2d",
    "binary_crossentropy",
    "bool",
    "broadcast_to",
    "cast",
    "categorical_crossentropy",
    "categorical_hinge",
    "cbrt",
    "ceil",
    "celu",
    "checkpoint",
    "clip",
    "clipped_relu",
    "concatenate",
    "constant",
    "conv1d",
    "conv2d",
    "convert_to_tensor",
    "cos",
    "cosh",
    "cosine_similarity",
    "count_nonzero",
    "cumprod",
    "cumsum",
    "custom_vjp",
    "diag",
    "diagonal",
    "divide",
    "dot",
    "einsum",
    "elementwise_grad",
    "elu",
    "enable_grad",
    "equal",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expand_dims",
    "expm1",
    "flip",
    "float16",
    "float32",
    "float64",
    "float_power",
    "floor",
    "floor_divide",
    "fmax",
    "fmin",
    "gelu",
    "getitem",
    "glu",
    "grad",
    "graph",
    "greater",
    "greater_equal",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "hessian",
    "hinge",
    "hstack",
    "huber",
    "hvp",
    "hypot",
    "identity",
    "inner",
    "int32",
    "int64",
    "isfinite",
    "isinf",
    "isnan",
    "jacobian",
    "jit",
    "jvp",
    "keras",
    "kl_divergence",
    "kron",
    "leaky_relu",
    "less",
    "less_equal",
    "linalg",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_cosh",
    "log_sigmoid",
    "log_softmax",
    "logaddexp",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "logsumexp",
    "mae",
    "matmul",
    "max",
    "max_pool2d",
    "maximum",
    "maxout",
    "mean",
    "median",
    "meshgrid",
    "min",
    "minimum",
    "mish",
    "moveaxis",
    "mse",
    "multiply",
    "negative",
    "nn",
    "no_grad",
    "not_equal",
    "one_hot",
    "ones",
    "ones_like",
    "optim",
    "outer",
    "pad",
    "plot",
    "poisson",
    "positive",
    "power",
    "prelu",
    "prod",
    "program",
    "random",
    "ravel",
    "reciprocal",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_sum",
    "relu",
    "relu6",
    "remainder",
    "repeat",
    "reshape",
    "rint",
    "roll",
    "round",
    "scope",
    "searchsorted",
    "selu",
    "set_random_seed",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinc",
    "sinh",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sort",
    "sparse_categorical_crossentropy",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "split",
    "sqrt",
    "square",
    "squared_hinge",
    "squareplus",
    "squeeze",
    "stack",
    "std",
    "step",
    "stop_gradient",
    "subtract",
    "sum",
    "swapaxes",
    "take",
    "take_along_axis",
    "tan",
    "tanh",
    "tanh_shrink",
    "tensordot",
    "testing",
    "threshold",
    "tile",
    "trace",
    "transpose",
    "tril",
    "triu",
    "trunc",
    "unique",
    "value_and_grad",
    "var",
    "vdot",
    "vjp",
    "vstack",
    "where",
    "zeros",
    "zeros_like",
]
# fmt: on
