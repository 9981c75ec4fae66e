"""The engine. Read `tensor`, `operation`, `autograd`, `state`, in this order; then the table in
`operations/`.
"""

from . import operations as operations
from .autograd import GradientError as GradientError
from .autograd import StaleGraphError as StaleGraphError
from .operation import Operation as Operation
from .operations.table import registry as registry
from .tensor import Tensor as Tensor
