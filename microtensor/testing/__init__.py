"""The test kit: are the derivatives of an operation right? For our own table, and for operations of your own.

>>> import microtensor as mt
>>> from microtensor.testing import check_grads, sample
>>> mish = mt.Operation("mish", lambda x: x * mt.tanh(mt.softplus(x)).numpy(), lambda g, y, x: g)
>>> check_grads(mish, sample((3, 2)))  # the vjp was forgotten
Traceback (most recent call last):
    ...
AssertionError: mish, with respect to input 0 of shape (3, 2): the derivative is wrong.
...

`gradients` holds the check, `diagnosis` the words for a wrong one, `sampling` and `samples` the inputs that
every operation of the table is tried on, `strategies` inputs drawn by hypothesis.
"""

from .gradients import check_grads
from .samples import samples
from .sampling import CONDITION, POSITIVE, REAL, Domain, Sample, sample
from .strategies import LAYOUTS, arrays, broadcastable_shapes, laid_out, shapes

__all__ = [
    "CONDITION",
    "LAYOUTS",
    "POSITIVE",
    "REAL",
    "Domain",
    "Sample",
    "arrays",
    "broadcastable_shapes",
    "check_grads",
    "laid_out",
    "sample",
    "samples",
    "shapes",
]
