"""Keras' model: layers, the trainer, losses, metrics. Activations are here too, as TensorFlow's users
expect.
"""

from ..core.operations.activation import elu as elu
from ..core.operations.activation import relu as relu
from ..core.operations.activation import sigmoid as sigmoid
from ..core.operations.activation import softmax as softmax
from ..core.operations.activation import softplus as softplus
from ..core.operations.elementary import tanh as tanh
from . import functional as functional
from .activation_layer import Activation as Activation
from .activations import leaky_relu as leaky_relu
from .callbacks import Callback as Callback
from .callbacks import History as History
from .dense import Dense as Dense
from .inputs import Input as Input
from .inputs import InputLayer as InputLayer
from .layer import Layer as Layer
from .model import Model as Model
from .parameter import Parameter as Parameter
from .sequential import Sequential as Sequential
