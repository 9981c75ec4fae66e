"""`keras.models`."""

from ..nn import Model as Model
from ..nn import Sequential as Sequential
