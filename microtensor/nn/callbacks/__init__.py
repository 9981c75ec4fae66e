"""Callbacks: what happens around training, besides training."""

from typing import TYPE_CHECKING

from ...lazy import lazily

if TYPE_CHECKING:
    from .backup import BackupAndRestore as BackupAndRestore
    from .callback import HOOKS as HOOKS
    from .callback import Callback as Callback
    from .callback_list import CallbackList as CallbackList
    from .callback_list import checked_callbacks as checked_callbacks
    from .csv_logger import CSVLogger as CSVLogger
    from .early_stopping import EarlyStopping as EarlyStopping
    from .history import History as History
    from .lambda_callback import LambdaCallback as LambdaCallback
    from .learning_rates import LearningRateScheduler as LearningRateScheduler
    from .learning_rates import ReduceLROnPlateau as ReduceLROnPlateau
    from .model_checkpoint import ModelCheckpoint as ModelCheckpoint
    from .monitor import MonitorCallback as MonitorCallback
    from .progress_logger import ProgbarLogger as ProgbarLogger
    from .swap_averages import SwapEMAWeights as SwapEMAWeights
    from .terminate_on_nan import TerminateOnNaN as TerminateOnNaN

__getattr__, __dir__ = lazily(__name__)
