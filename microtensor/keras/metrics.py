"""`keras.metrics`."""

from ..nn.metrics import BinaryAccuracy as BinaryAccuracy
from ..nn.metrics import MeanAbsoluteError as MeanAbsoluteError
from ..nn.metrics import MeanSquaredError as MeanSquaredError
from ..nn.metrics import Metric as Metric
from ..nn.metrics import get as get
