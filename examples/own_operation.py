"""An operation of your own, in five lines; and one line that checks its derivatives."""

import numpy as np

import microtensor as mt
from microtensor.testing import check_grads

# mish(x) = x · tanh(log(1 + eˣ)) (Misra, 2019). Its derivative: t + x · (1 − t²) · σ(x), with t = tanh(log(1
# + eˣ)). Both are plain NumPy. On arrays the lines compute; on tensors they record, so mish can be
# differentiated twice.


def mish_derivative(x):
    t = np.tanh(np.log(1 + np.exp(x)))
    return t + x * (1 - t * t) / (1 + np.exp(-x))


mish = mt.Operation(
    "mish",
    lambda x: x * np.tanh(np.log(1 + np.exp(x))),
    lambda g, y, x: g * mish_derivative(x),
    formula="x * tanh(log(1 + exp(x)))",
    elementwise=True,
)

x = mt.Tensor([-2.0, 0.0, 2.0], requires_grad=True)
y = mish(x)
y.sum().backward()
print(mish)
print("mish  ", y.numpy())
print("mish' ", x.grad.numpy())

check_grads(mish, np.linspace(-3, 3, 7))  # first and second derivatives, against differences
print("The derivatives are right, the first and the second.")
