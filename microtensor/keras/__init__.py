"""Keras' own module names, for what lives in `nn`, `optim`, `saving` and the engine: nothing is defined
here.
"""

from typing import TYPE_CHECKING

from ..lazy import lazily
from ..nn.parameter import Parameter as Variable

if TYPE_CHECKING:
    from ..nn import Input as Input
    from ..nn import InputLayer as InputLayer
    from ..nn import Layer as Layer
    from ..nn import Model as Model
    from ..nn import Sequential as Sequential
    from ..nn.dtype_policy import DTypePolicy as DTypePolicy
    from ..nn.initializers import Initializer as Initializer
    from ..nn.input_spec import InputSpec as InputSpec
    from ..nn.keras_tensor import KerasTensor as KerasTensor
    from ..nn.losses import Loss as Loss
    from ..nn.metrics import Metric as Metric
    from ..nn.regularizers import Regularizer as Regularizer
    from ..optim import Optimizer as Optimizer
    from . import activations as activations
    from . import backend as backend
    from . import callbacks as callbacks
    from . import config as config
    from . import constraints as constraints
    from . import dtype_policies as dtype_policies
    from . import initializers as initializers
    from . import layers as layers
    from . import losses as losses
    from . import metrics as metrics
    from . import models as models
    from . import ops as ops
    from . import optimizers as optimizers
    from . import random as random
    from . import regularizers as regularizers
    from . import saving as saving
    from . import tree as tree
    from . import utils as utils

_HOMES = {
    "DTypePolicy": "..nn.dtype_policy",
    "Initializer": "..nn.initializers",
    "Input": "..nn",
    "InputLayer": "..nn",
    "InputSpec": "..nn.input_spec",
    "KerasTensor": "..nn.keras_tensor",
    "Layer": "..nn",
    "Loss": "..nn.losses",
    "Metric": "..nn.metrics",
    "Model": "..nn",
    "Optimizer": "..optim",
    "Regularizer": "..nn.regularizers",
    "Sequential": "..nn",
}
_ROOMS = (
    *("activations", "backend", "callbacks", "config", "constraints", "dtype_policies"),
    *("initializers", "layers", "losses", "metrics", "models", "ops"),
    *("optimizers", "random", "regularizers", "saving", "tree", "utils"),
)

__getattr__, __dir__ = lazily(__name__, _HOMES, _ROOMS)

__all__ = ["DTypePolicy", "Initializer", "Input", "InputLayer", "InputSpec", "KerasTensor", "Layer", "Loss"]
__all__ += ["Metric", "Model", "Optimizer", "Regularizer", "Sequential", "Variable"]
__all__ += ["activations", "backend", "callbacks", "config", "constraints", "dtype_policies", "initializers"]
__all__ += ["layers", "losses", "metrics", "models", "ops", "optimizers", "random", "regularizers", "saving"]
__all__ += ["utils"]
