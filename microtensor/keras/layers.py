"""`keras.layers`."""

from typing import TYPE_CHECKING

from ..lazy import lazily

if TYPE_CHECKING:
    from ..nn import Activation as Activation
    from ..nn import Dense as Dense
    from ..nn import Input as Input
    from ..nn import InputLayer as InputLayer
    from ..nn import Layer as Layer
    from ..nn.input_spec import InputSpec as InputSpec
    from ..nn.layers.activity import ActivityRegularization as ActivityRegularization
    from ..nn.layers.batch_normalization import BatchNormalization as BatchNormalization
    from ..nn.layers.concatenating import Concatenate as Concatenate
    from ..nn.layers.concatenating import concatenate as concatenate
    from ..nn.layers.dot import Dot as Dot
    from ..nn.layers.dot import dot as dot
    from ..nn.layers.dropout import Dropout as Dropout
    from ..nn.layers.dropout import SpatialDropout1D as SpatialDropout1D
    from ..nn.layers.dropout import SpatialDropout2D as SpatialDropout2D
    from ..nn.layers.dropout import SpatialDropout3D as SpatialDropout3D
    from ..nn.layers.elementwise import ELU as ELU
    from ..nn.layers.elementwise import LeakyReLU as LeakyReLU
    from ..nn.layers.elementwise import PReLU as PReLU
    from ..nn.layers.elementwise import ReLU as ReLU
    from ..nn.layers.elementwise import Softmax as Softmax
    from ..nn.layers.embedding import Embedding as Embedding
    from ..nn.layers.group_normalization import GroupNormalization as GroupNormalization
    from ..nn.layers.identity import Identity as Identity
    from ..nn.layers.lambda_layer import Lambda as Lambda
    from ..nn.layers.layer_normalization import LayerNormalization as LayerNormalization
    from ..nn.layers.lookup import deserialize as deserialize
    from ..nn.layers.lookup import serialize as serialize
    from ..nn.layers.masking import Masking as Masking
    from ..nn.layers.maxout import Maxout as Maxout
    from ..nn.layers.merging import Add as Add
    from ..nn.layers.merging import Average as Average
    from ..nn.layers.merging import Maximum as Maximum
    from ..nn.layers.merging import Minimum as Minimum
    from ..nn.layers.merging import Multiply as Multiply
    from ..nn.layers.merging import Subtract as Subtract
    from ..nn.layers.merging import add as add
    from ..nn.layers.merging import average as average
    from ..nn.layers.merging import maximum as maximum
    from ..nn.layers.merging import minimum as minimum
    from ..nn.layers.merging import multiply as multiply
    from ..nn.layers.merging import subtract as subtract
    from ..nn.layers.noise import AlphaDropout as AlphaDropout
    from ..nn.layers.noise import GaussianDropout as GaussianDropout
    from ..nn.layers.noise import GaussianNoise as GaussianNoise
    from ..nn.layers.rescaling import Rescaling as Rescaling
    from ..nn.layers.rms_normalization import RMSNormalization as RMSNormalization
    from ..nn.layers.shaping import Flatten as Flatten
    from ..nn.layers.shaping import Permute as Permute
    from ..nn.layers.shaping import RepeatVector as RepeatVector
    from ..nn.layers.shaping import Reshape as Reshape
    from ..nn.layers.spectral_normalization import SpectralNormalization as SpectralNormalization
    from ..nn.layers.standardizing import Normalization as Normalization
    from ..nn.layers.steps import Cropping1D as Cropping1D
    from ..nn.layers.steps import UpSampling1D as UpSampling1D
    from ..nn.layers.steps import ZeroPadding1D as ZeroPadding1D
    from ..nn.layers.unit_normalization import UnitNormalization as UnitNormalization

__getattr__, __dir__ = lazily(__name__, absent="..nn.layers.absent")
