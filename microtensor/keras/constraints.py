"""`keras.constraints`."""

from ..nn.constraints import Constraint as Constraint
from ..nn.constraints import MaxNorm as MaxNorm
from ..nn.constraints import MinMaxNorm as MinMaxNorm
from ..nn.constraints import NonNeg as NonNeg
from ..nn.constraints import UnitNorm as UnitNorm
from ..nn.constraints import deserialize as deserialize
from ..nn.constraints import get as get
from ..nn.constraints import max_norm as max_norm
from ..nn.constraints import min_max_norm as min_max_norm
from ..nn.constraints import non_neg as non_neg
from ..nn.constraints import serialize as serialize
from ..nn.constraints import unit_norm as unit_norm
