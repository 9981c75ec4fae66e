"""`keras.initializers`."""

from ..nn.absent_names import answering as _answering
from ..nn.initializers import Constant as Constant
from ..nn.initializers import GlorotNormal as GlorotNormal
from ..nn.initializers import GlorotUniform as GlorotUniform
from ..nn.initializers import HeNormal as HeNormal
from ..nn.initializers import HeUniform as HeUniform
from ..nn.initializers import Identity as Identity
from ..nn.initializers import Initializer as Initializer
from ..nn.initializers import LecunNormal as LecunNormal
from ..nn.initializers import LecunUniform as LecunUniform
from ..nn.initializers import Ones as Ones
from ..nn.initializers import Orthogonal as Orthogonal
from ..nn.initializers import RandomNormal as RandomNormal
from ..nn.initializers import RandomUniform as RandomUniform
from ..nn.initializers import TruncatedNormal as TruncatedNormal
from ..nn.initializers import VarianceScaling as VarianceScaling
from ..nn.initializers import Zeros as Zeros
from ..nn.initializers import deserialize as deserialize
from ..nn.initializers import get as get
from ..nn.initializers import serialize as serialize

constant = Constant
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
identity = Identity
lecun_normal = LecunNormal
lecun_uniform = LecunUniform
ones = Ones
orthogonal = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
truncated_normal = TruncatedNormal
variance_scaling = VarianceScaling
zeros = Zeros
IdentityInitializer = Identity
OrthogonalInitializer = Orthogonal

__getattr__ = _answering("initializers")
