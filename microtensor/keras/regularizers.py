"""`keras.regularizers`."""

from ..nn.regularizers import L1 as L1
from ..nn.regularizers import L1L2 as L1L2
from ..nn.regularizers import L2 as L2
from ..nn.regularizers import OrthogonalRegularizer as OrthogonalRegularizer
from ..nn.regularizers import Regularizer as Regularizer
from ..nn.regularizers import deserialize as deserialize
from ..nn.regularizers import get as get
from ..nn.regularizers import l1 as l1
from ..nn.regularizers import l1_l2 as l1_l2
from ..nn.regularizers import l2 as l2
from ..nn.regularizers import orthogonal_regularizer as orthogonal_regularizer
from ..nn.regularizers import serialize as serialize
