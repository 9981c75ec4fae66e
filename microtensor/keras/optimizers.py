"""`keras.optimizers`."""

from ..optim import SGD as SGD
from ..optim import Adam as Adam
from ..optim import Optimizer as Optimizer
from ..optim import RMSprop as RMSprop
from ..optim import get as get
