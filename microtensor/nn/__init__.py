"""Keras' model: layers, the trainer, losses, metrics. Activations are here too, as TensorFlow's users
expect.
"""

from typing import TYPE_CHECKING

from ..core.operations.activation import elu as elu
from ..core.operations.activation import relu as relu
from ..core.operations.activation import sigmoid as sigmoid
from ..core.operations.activation import softmax as softmax
from ..core.operations.activation import softplus as softplus
from ..core.operations.elementary import tanh as tanh
from ..lazy import lazily
from .parameter import Parameter as Parameter

if TYPE_CHECKING:
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
    from .sequential import Sequential as Sequential

_HOMES = {
    "Activation": ".activation_layer",
    "Callback": ".callbacks",
    "Dense": ".dense",
    "History": ".callbacks",
    "Input": ".inputs",
    "InputLayer": ".inputs",
    "Layer": ".layer",
    "Model": ".model",
    "Sequential": ".sequential",
    "leaky_relu": ".activations",
}
_ROOMS = (
    *("callbacks", "constraints", "functional", "initializers", "layers", "losses", "metrics"),
    "regularizers",
)

__getattr__, __dir__ = lazily(__name__, _HOMES, _ROOMS)
