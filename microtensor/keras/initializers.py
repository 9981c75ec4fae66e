"""`keras.initializers`."""

from ..nn.initializers import Constant as Constant
from ..nn.initializers import GlorotUniform as GlorotUniform
from ..nn.initializers import Initializer as Initializer
from ..nn.initializers import Ones as Ones
from ..nn.initializers import RandomNormal as RandomNormal
from ..nn.initializers import RandomUniform as RandomUniform
from ..nn.initializers import Zeros as Zeros
from ..nn.initializers import get as get
