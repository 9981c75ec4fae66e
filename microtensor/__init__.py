"""microtensor: automatic differentiation made visible.

>>> import microtensor as mt
>>> x = mt.Variable(3.0)
>>> y = x * x
>>> y.backward()
>>> float(x.grad)
6.0

For a Keras user, `import microtensor as tf` is enough: `tf.keras.Sequential`, `tf.matmul`, `tf.GradientTape`.
"""

import importlib as _importlib
import typing as _typing

from numpy import bool_ as bool
from numpy import float16, float32, float64, int32, int64

from . import keras, nn, optim
from .checkpointing import checkpoint
from .core import GradientError, Operation, StaleGraphError, Tensor, autograd
from .core.operations import random
from .core.operations.activation import (
    elu,
    identity,
    leaky_relu,
    maxout,
    relu,
    sigmoid,
    softmax,
    softplus,
    step,
)
from .core.operations.arithmetic import (
    abs,
    add,
    divide,
    maximum,
    minimum,
    multiply,
    negative,
    power,
    sign,
    square,
    subtract,
)
from .core.operations.comparison import (
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    not_equal,
    where,
)
from .core.operations.elementary import exp, log, sqrt, tanh
from .core.operations.loss import mse
from .core.operations.reduction import all, any, argmax, argmin, max, mean, min, sum
from .core.operations.shape import (
    astype,
    broadcast_to,
    concatenate,
    expand_dims,
    reshape,
    squeeze,
    stack,
    swapaxes,
    transpose,
)
from .core.state import enable_grad, no_grad, scope
from .nn.parameter import Parameter
from .seeds import set_random_seed
from .tape import GradientTape
from .tf import (
    cast,
    constant,
    convert_to_tensor,
    matmul,
    ones,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_sum,
    zeros,
)
from .transforms import (
    custom_vjp,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    stop_gradient,
    value_and_grad,
    vjp,
)

__version__ = "0.1.0"

Variable = Parameter  # TensorFlow's name

if _typing.TYPE_CHECKING:
    from . import graph, testing


def __getattr__(name: str) -> _typing.Any:
    """The rooms that training does not need are imported when they are first used."""
    if name in ("graph", "testing"):
        return _importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# fmt: off
__all__ = [
    "GradientError", "GradientTape", "Operation", "Parameter", "StaleGraphError", "Tensor", "Variable",
    "__version__", "abs", "add", "all", "any", "argmax", "argmin", "astype", "autograd", "bool",
    "broadcast_to", "cast", "checkpoint", "concatenate", "constant", "convert_to_tensor", "custom_vjp",
    "divide", "elementwise_grad", "elu", "enable_grad", "equal", "exp", "expand_dims", "float16",
    "float32", "float64", "grad", "graph", "greater", "greater_equal", "hessian", "hvp", "identity",
    "int32", "int64", "jacobian", "jvp", "keras", "leaky_relu", "less", "less_equal", "log", "matmul",
    "max", "maximum", "maxout", "mean", "min", "minimum", "mse", "multiply", "negative", "nn",
    "no_grad", "not_equal", "ones", "optim", "power", "random", "reduce_max", "reduce_mean",
    "reduce_min", "reduce_sum", "relu", "reshape", "scope", "set_random_seed", "sigmoid", "sign",
    "softmax", "softplus", "sqrt", "square", "squeeze", "stack", "step", "stop_gradient", "subtract",
    "sum", "swapaxes", "tanh", "testing", "transpose", "value_and_grad", "vjp", "where", "zeros",
]
# fmt: on
