"""Initializers: the numbers that weights start with."""

from .constant import Constant as Constant
from .constant import Identity as Identity
from .constant import Ones as Ones
from .constant import Zeros as Zeros
from .initializer import Initializer as Initializer
from .lookup import deserialize as deserialize
from .lookup import get as get
from .lookup import serialize as serialize
from .random import GlorotNormal as GlorotNormal
from .random import GlorotUniform as GlorotUniform
from .random import HeNormal as HeNormal
from .random import HeUniform as HeUniform
from .random import LecunNormal as LecunNormal
from .random import LecunUniform as LecunUniform
from .random import Orthogonal as Orthogonal
from .random import RandomNormal as RandomNormal
from .random import RandomUniform as RandomUniform
from .random import TruncatedNormal as TruncatedNormal
from .random import VarianceScaling as VarianceScaling
from .random import fans as fans

compute_fans = fans  # Keras' name
