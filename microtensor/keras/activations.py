"""`keras.activations`."""

from ..nn.activations import elu as elu
from ..nn.activations import get as get
from ..nn.activations import leaky_relu as leaky_relu
from ..nn.activations import linear as linear
from ..nn.activations import relu as relu
from ..nn.activations import serialize as serialize
from ..nn.activations import sigmoid as sigmoid
from ..nn.activations import softmax as softmax
from ..nn.activations import softplus as softplus
from ..nn.activations import tanh as tanh
