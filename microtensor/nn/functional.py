"""Activations, losses, convolution and pooling as functions, under the field's names.

The defaults are the lecture's: `leaky_relu` has slope 0.1, as on the slide; Keras' own default (0.2) is in
`keras.activations`. Losses are called (prediction, target); Keras' order is in `keras.losses`.
"""

from ..core.operations.activation import celu as celu
from ..core.operations.activation import elu as elu
from ..core.operations.activation import identity as identity
from ..core.operations.activation import leaky_relu as leaky_relu
from ..core.operations.activation import log_sigmoid as log_sigmoid
from ..core.operations.activation import log_softmax as log_softmax
from ..core.operations.activation import maxout as maxout
from ..core.operations.activation import prelu as prelu
from ..core.operations.activation import relu as relu
from ..core.operations.activation import selu as selu
from ..core.operations.activation import sigmoid as sigmoid
from ..core.operations.activation import softmax as softmax
from ..core.operations.activation import softplus as softplus
from ..core.operations.activation import softsign as softsign
from ..core.operations.activation import squareplus as squareplus
from ..core.operations.activation import step as step
from ..core.operations.convolution import avg_pool2d as avg_pool2d
from ..core.operations.convolution import conv1d as conv1d
from ..core.operations.convolution import conv2d as conv2d
from ..core.operations.convolution import fold2d as fold2d
from ..core.operations.convolution import max_pool2d as max_pool2d
from ..core.operations.convolution import windows2d as windows2d
from ..core.operations.elementary import exp as exp
from ..core.operations.elementary import tanh as tanh
from ..core.operations.gating import gelu as gelu
from ..core.operations.gating import glu as glu
from ..core.operations.gating import mish as mish
from ..core.operations.gating import silu as silu
from ..core.operations.likelihood import binary_crossentropy as binary_crossentropy
from ..core.operations.likelihood import categorical_crossentropy as categorical_crossentropy
from ..core.operations.likelihood import kl_divergence as kl_divergence
from ..core.operations.likelihood import one_hot as one_hot
from ..core.operations.likelihood import poisson as poisson
from ..core.operations.likelihood import sparse_categorical_crossentropy as sparse_categorical_crossentropy
from ..core.operations.loss import cosine_similarity as cosine_similarity
from ..core.operations.loss import huber as huber
from ..core.operations.loss import log_cosh as log_cosh
from ..core.operations.loss import mae as mae
from ..core.operations.loss import mse as mse
from ..core.operations.margin import categorical_hinge as categorical_hinge
from ..core.operations.margin import hinge as hinge
from ..core.operations.margin import squared_hinge as squared_hinge
from ..core.operations.piecewise import clipped_relu as clipped_relu
from ..core.operations.piecewise import hard_shrink as hard_shrink
from ..core.operations.piecewise import hard_sigmoid as hard_sigmoid
from ..core.operations.piecewise import hard_silu as hard_silu
from ..core.operations.piecewise import hard_tanh as hard_tanh
from ..core.operations.piecewise import relu6 as relu6
from ..core.operations.piecewise import soft_shrink as soft_shrink
from ..core.operations.piecewise import sparse_plus as sparse_plus
from ..core.operations.piecewise import sparse_sigmoid as sparse_sigmoid
from ..core.operations.piecewise import sparsemax as sparsemax
from ..core.operations.piecewise import tanh_shrink as tanh_shrink
from ..core.operations.piecewise import threshold as threshold

linear = identity
exponential = exp
swish = silu
hard_swish = hard_silu
mse_loss = mean_squared_error = mse
mean_absolute_error = mae
