"""`keras.layers`."""

from ..nn import Activation as Activation
from ..nn import Dense as Dense
from ..nn import Input as Input
from ..nn import InputLayer as InputLayer
from ..nn import Layer as Layer
