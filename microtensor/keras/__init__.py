"""Keras' own module names, for what lives in `nn`, `optim` and the engine. Nothing is defined here."""

from ..nn import Input as Input
from ..nn import InputLayer as InputLayer
from ..nn import Layer as Layer
from ..nn import Model as Model
from ..nn import Sequential as Sequential
from ..nn.parameter import Parameter as Variable
from . import activations as activations
from . import backend as backend
from . import callbacks as callbacks
from . import initializers as initializers
from . import layers as layers
from . import losses as losses
from . import metrics as metrics
from . import models as models
from . import optimizers as optimizers
from . import utils as utils

__all__ = ["Input", "InputLayer", "Layer", "Model", "Sequential", "Variable"]
__all__ += ["activations", "backend", "callbacks", "initializers", "layers", "losses", "metrics", "models"]
__all__ += ["optimizers", "utils"]
