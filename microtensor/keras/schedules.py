"""`keras.optimizers.schedules`."""

from ..optim.schedules import CosineDecay as CosineDecay
from ..optim.schedules import CosineDecayRestarts as CosineDecayRestarts
from ..optim.schedules import ExponentialDecay as ExponentialDecay
from ..optim.schedules import InverseTimeDecay as InverseTimeDecay
from ..optim.schedules import LearningRateSchedule as LearningRateSchedule
from ..optim.schedules import PiecewiseConstantDecay as PiecewiseConstantDecay
from ..optim.schedules import PolynomialDecay as PolynomialDecay
from ..optim.schedules import deserialize as deserialize
from ..optim.schedules import serialize as serialize
