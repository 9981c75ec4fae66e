"""The layers, by name. One idea a file; `Dense`, `Activation` and the base `Layer` are next door, in `nn`."""

from typing import TYPE_CHECKING

from ...lazy import lazily

if TYPE_CHECKING:
    from .activity import ActivityRegularization as ActivityRegularization
    from .batch_normalization import BatchNormalization as BatchNormalization
    from .concatenating import Concatenate as Concatenate
    from .concatenating import concatenate as concatenate
    from .dot import Dot as Dot
    from .dot import dot as dot
    from .dropout import Dropout as Dropout
    from .dropout import SpatialDropout1D as SpatialDropout1D
    from .dropout import SpatialDropout2D as SpatialDropout2D
    from .dropout import SpatialDropout3D as SpatialDropout3D
    from .elementwise import ELU as ELU
    from .elementwise import LeakyReLU as LeakyReLU
    from .elementwise import PReLU as PReLU
    from .elementwise import ReLU as ReLU
    from .elementwise import Softmax as Softmax
    from .embedding import Embedding as Embedding
    from .group_normalization import GroupNormalization as GroupNormalization
    from .identity import Identity as Identity
    from .lambda_layer import Lambda as Lambda
    from .layer_normalization import LayerNormalization as LayerNormalization
    from .lookup import deserialize as deserialize
    from .lookup import serialize as serialize
    from .masking import Masking as Masking
    from .maxout import Maxout as Maxout
    from .merging import Add as Add
    from .merging import Average as Average
    from .merging import Maximum as Maximum
    from .merging import Minimum as Minimum
    from .merging import Multiply as Multiply
    from .merging import Subtract as Subtract
    from .merging import add as add
    from .merging import average as average
    from .merging import maximum as maximum
    from .merging import minimum as minimum
    from .merging import multiply as multiply
    from .merging import subtract as subtract
    from .noise import AlphaDropout as AlphaDropout
    from .noise import GaussianDropout as GaussianDropout
    from .noise import GaussianNoise as GaussianNoise
    from .rescaling import Rescaling as Rescaling
    from .rms_normalization import RMSNormalization as RMSNormalization
    from .shaping import Flatten as Flatten
    from .shaping import Permute as Permute
    from .shaping import RepeatVector as RepeatVector
    from .shaping import Reshape as Reshape
    from .spectral_normalization import SpectralNormalization as SpectralNormalization
    from .standardizing import Normalization as Normalization
    from .steps import Cropping1D as Cropping1D
    from .steps import UpSampling1D as UpSampling1D
    from .steps import ZeroPadding1D as ZeroPadding1D
    from .unit_normalization import UnitNormalization as UnitNormalization

__getattr__, __dir__ = lazily(__name__)
