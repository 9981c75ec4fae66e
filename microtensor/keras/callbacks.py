"""`keras.callbacks`."""

from ..nn.callbacks import Callback as Callback
from ..nn.callbacks import History as History
