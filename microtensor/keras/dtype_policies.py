"""`keras.dtype_policies`. What is absent says why."""

from ..nn.absent_names import answering as _answering
from ..nn.dtype_policy import DTypePolicy as DTypePolicy
from ..nn.policies import deserialize as deserialize
from ..nn.policies import get as get
from ..nn.policies import serialize as serialize

FloatDTypePolicy = DTypePolicy

__getattr__ = _answering("dtype_policies")
