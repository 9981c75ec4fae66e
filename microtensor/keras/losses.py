"""`keras.losses`."""

from ..nn.losses import Loss as Loss
from ..nn.losses import MeanAbsoluteError as MeanAbsoluteError
from ..nn.losses import MeanSquaredError as MeanSquaredError
from ..nn.losses import get as get
from ..nn.losses import mean_absolute_error as mean_absolute_error
from ..nn.losses import mean_squared_error as mean_squared_error
