"""`keras.callbacks`."""

from typing import TYPE_CHECKING

from ..lazy import lazily

if TYPE_CHECKING:
    from ..nn.callbacks import BackupAndRestore as BackupAndRestore
    from ..nn.callbacks import Callback as Callback
    from ..nn.callbacks import CallbackList as CallbackList
    from ..nn.callbacks import CSVLogger as CSVLogger
    from ..nn.callbacks import EarlyStopping as EarlyStopping
    from ..nn.callbacks import History as History
    from ..nn.callbacks import LambdaCallback as LambdaCallback
    from ..nn.callbacks import LearningRateScheduler as LearningRateScheduler
    from ..nn.callbacks import ModelCheckpoint as ModelCheckpoint
    from ..nn.callbacks import MonitorCallback as MonitorCallback
    from ..nn.callbacks import ProgbarLogger as ProgbarLogger
    from ..nn.callbacks import ReduceLROnPlateau as ReduceLROnPlateau
    from ..nn.callbacks import SwapEMAWeights as SwapEMAWeights
    from ..nn.callbacks import TerminateOnNaN as TerminateOnNaN

__getattr__, __dir__ = lazily(__name__, absent="..nn.callbacks.absent")
