"""`keras.losses`."""

from typing import TYPE_CHECKING

from ..lazy import declared, lazily
from .short_names import HOMES

if TYPE_CHECKING:
    from ..nn.losses import CTC as CTC
    from ..nn.losses import BinaryCrossentropy as BinaryCrossentropy
    from ..nn.losses import BinaryFocalCrossentropy as BinaryFocalCrossentropy
    from ..nn.losses import CategoricalCrossentropy as CategoricalCrossentropy
    from ..nn.losses import CategoricalFocalCrossentropy as CategoricalFocalCrossentropy
    from ..nn.losses import CategoricalGeneralizedCrossEntropy as CategoricalGeneralizedCrossEntropy
    from ..nn.losses import CategoricalHinge as CategoricalHinge
    from ..nn.losses import Circle as Circle
    from ..nn.losses import CosineSimilarity as CosineSimilarity
    from ..nn.losses import Dice as Dice
    from ..nn.losses import Hinge as Hinge
    from ..nn.losses import Huber as Huber
    from ..nn.losses import KLDivergence as KLDivergence
    from ..nn.losses import LogCosh as LogCosh
    from ..nn.losses import Loss as Loss
    from ..nn.losses import LossFunctionWrapper as LossFunctionWrapper
    from ..nn.losses import MeanAbsoluteError as MeanAbsoluteError
    from ..nn.losses import MeanAbsolutePercentageError as MeanAbsolutePercentageError
    from ..nn.losses import MeanSquaredError as MeanSquaredError
    from ..nn.losses import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
    from ..nn.losses import Poisson as Poisson
    from ..nn.losses import SparseCategoricalCrossentropy as SparseCategoricalCrossentropy
    from ..nn.losses import SquaredHinge as SquaredHinge
    from ..nn.losses import Tversky as Tversky
    from ..nn.losses import binary_crossentropy as binary_crossentropy
    from ..nn.losses import binary_focal_crossentropy as binary_focal_crossentropy
    from ..nn.losses import categorical_crossentropy as categorical_crossentropy
    from ..nn.losses import categorical_focal_crossentropy as categorical_focal_crossentropy
    from ..nn.losses import categorical_generalized_cross_entropy as categorical_generalized_cross_entropy
    from ..nn.losses import categorical_hinge as categorical_hinge
    from ..nn.losses import circle as circle
    from ..nn.losses import cosine_similarity as cosine_similarity
    from ..nn.losses import ctc as ctc
    from ..nn.losses import deserialize as deserialize
    from ..nn.losses import dice as dice
    from ..nn.losses import hinge as hinge
    from ..nn.losses import huber as huber
    from ..nn.losses import kl_divergence as kl_divergence
    from ..nn.losses import log_cosh as log_cosh
    from ..nn.losses import mean_absolute_error as mean_absolute_error
    from ..nn.losses import mean_absolute_percentage_error as mean_absolute_percentage_error
    from ..nn.losses import mean_squared_error as mean_squared_error
    from ..nn.losses import mean_squared_logarithmic_error as mean_squared_logarithmic_error
    from ..nn.losses import poisson as poisson
    from ..nn.losses import serialize as serialize
    from ..nn.losses import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from ..nn.losses import squared_hinge as squared_hinge
    from ..nn.losses import tversky as tversky
    from ..nn.losses.lookup import get as get

__getattr__, __dir__ = lazily(__name__, {**declared(__name__), **HOMES})
