"""Optimizers: how a gradient changes a weight. Each is one pure rule, `(w, g, slots) -> (w, slots)`."""

from typing import TYPE_CHECKING

from ..lazy import lazily

if TYPE_CHECKING:
    from . import schedules as schedules
    from .adadelta import Adadelta as Adadelta
    from .adafactor import Adafactor as Adafactor
    from .adagrad import Adagrad as Adagrad
    from .adam import Adam as Adam
    from .adamax import Adamax as Adamax
    from .adamw import AdamW as AdamW
    from .ftrl import Ftrl as Ftrl
    from .lamb import Lamb as Lamb
    from .lion import Lion as Lion
    from .lookup import deserialize as deserialize
    from .lookup import get as get
    from .lookup import serialize as serialize
    from .loss_scale import LossScaleOptimizer as LossScaleOptimizer
    from .muon import Muon as Muon
    from .nadam import Nadam as Nadam
    from .optimizer import Optimizer as Optimizer
    from .rmsprop import RMSprop as RMSprop
    from .schedule_free import ScheduleFreeAdamW as ScheduleFreeAdamW
    from .several import MultiOptimizer as MultiOptimizer
    from .several import OptimizerMap as OptimizerMap
    from .sgd import SGD as SGD

__getattr__, __dir__ = lazily(__name__)
