"""Activations and losses as functions, under the field's names and with the lecture's defaults.

`leaky_relu` has slope 0.1, as on the slide; Keras' own default (0.2) is in `keras.activations`.
"""

from ..core.operations.activation import elu as elu
from ..core.operations.activation import identity as identity
from ..core.operations.activation import leaky_relu as leaky_relu
from ..core.operations.activation import maxout as maxout
from ..core.operations.activation import relu as relu
from ..core.operations.activation import sigmoid as sigmoid
from ..core.operations.activation import softmax as softmax
from ..core.operations.activation import softplus as softplus
from ..core.operations.activation import step as step
from ..core.operations.elementary import tanh as tanh
from ..core.operations.loss import mse as mse

linear = identity
mse_loss = mean_squared_error = mse
