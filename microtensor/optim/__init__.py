"""Optimizers: how a gradient changes a weight. Each is one pure rule, `(w, g, slots) -> (w, slots)`."""

from .adam import Adam as Adam
from .lookup import get as get
from .optimizer import Optimizer as Optimizer
from .rmsprop import RMSprop as RMSprop
from .sgd import SGD as SGD
