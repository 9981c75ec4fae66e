"""`keras.optimizers`."""

from typing import TYPE_CHECKING

from ..lazy import lazily

if TYPE_CHECKING:
    from ..optim import SGD as SGD
    from ..optim import Adadelta as Adadelta
    from ..optim import Adafactor as Adafactor
    from ..optim import Adagrad as Adagrad
    from ..optim import Adam as Adam
    from ..optim import Adamax as Adamax
    from ..optim import AdamW as AdamW
    from ..optim import Ftrl as Ftrl
    from ..optim import Lamb as Lamb
    from ..optim import Lion as Lion
    from ..optim import LossScaleOptimizer as LossScaleOptimizer
    from ..optim import MultiOptimizer as MultiOptimizer
    from ..optim import Muon as Muon
    from ..optim import Nadam as Nadam
    from ..optim import Optimizer as Optimizer
    from ..optim import OptimizerMap as OptimizerMap
    from ..optim import RMSprop as RMSprop
    from ..optim import ScheduleFreeAdamW as ScheduleFreeAdamW
    from ..optim import deserialize as deserialize
    from ..optim import get as get
    from ..optim import serialize as serialize
    from . import schedules as schedules

__getattr__, __dir__ = lazily(__name__)
