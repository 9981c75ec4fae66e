"""microtensor: automatic differentiation made visible.

import microtensor as mt

x = mt.Variable(3.0)
y = x * x
y.backward()
x.grad        # 6.0
"""

from .core import GradientError, Operation, StaleGraphError, Tensor, autograd

__version__ = "0.1.0"
