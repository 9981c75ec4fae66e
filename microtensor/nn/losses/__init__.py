"""Losses: what training makes small. Functions give one number for each sample, classes one for the batch."""

from typing import TYPE_CHECKING

from ...lazy import lazily

if TYPE_CHECKING:
    from .crossentropies import binary_crossentropy as binary_crossentropy
    from .crossentropies import binary_focal_crossentropy as binary_focal_crossentropy
    from .crossentropies import categorical_crossentropy as categorical_crossentropy
    from .crossentropies import categorical_focal_crossentropy as categorical_focal_crossentropy
    from .crossentropies import categorical_generalized_cross_entropy as categorical_generalized_cross_entropy
    from .crossentropies import kl_divergence as kl_divergence
    from .crossentropies import poisson as poisson
    from .crossentropies import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from .distances import CosineSimilarity as CosineSimilarity
    from .distances import Huber as Huber
    from .distances import LogCosh as LogCosh
    from .distances import MeanAbsoluteError as MeanAbsoluteError
    from .distances import MeanAbsolutePercentageError as MeanAbsolutePercentageError
    from .distances import MeanSquaredError as MeanSquaredError
    from .distances import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
    from .distances import cosine_similarity as cosine_similarity
    from .distances import huber as huber
    from .distances import log_cosh as log_cosh
    from .distances import mean_absolute_error as mean_absolute_error
    from .distances import mean_absolute_percentage_error as mean_absolute_percentage_error
    from .distances import mean_squared_error as mean_squared_error
    from .distances import mean_squared_logarithmic_error as mean_squared_logarithmic_error
    from .lookup import as_loss as as_loss
    from .lookup import deserialize as deserialize
    from .lookup import for_compile as for_compile
    from .lookup import serialize as serialize
    from .loss import Loss as Loss
    from .loss import LossFunctionWrapper as LossFunctionWrapper
    from .margins import CategoricalHinge as CategoricalHinge
    from .margins import Hinge as Hinge
    from .margins import SquaredHinge as SquaredHinge
    from .margins import categorical_hinge as categorical_hinge
    from .margins import hinge as hinge
    from .margins import squared_hinge as squared_hinge
    from .overlap import Dice as Dice
    from .overlap import Tversky as Tversky
    from .overlap import dice as dice
    from .overlap import tversky as tversky
    from .pairing import as_float as as_float
    from .pairing import matched_shape as matched_shape
    from .pairing import matching as matching
    from .probabilities import BinaryCrossentropy as BinaryCrossentropy
    from .probabilities import BinaryFocalCrossentropy as BinaryFocalCrossentropy
    from .probabilities import CategoricalCrossentropy as CategoricalCrossentropy
    from .probabilities import CategoricalFocalCrossentropy as CategoricalFocalCrossentropy
    from .probabilities import CategoricalGeneralizedCrossEntropy as CategoricalGeneralizedCrossEntropy
    from .probabilities import KLDivergence as KLDivergence
    from .probabilities import Poisson as Poisson
    from .probabilities import SparseCategoricalCrossentropy as SparseCategoricalCrossentropy
    from .sequences import CTC as CTC
    from .sequences import ctc as ctc
    from .similarity import Circle as Circle
    from .similarity import circle as circle

__getattr__, __dir__ = lazily(__name__)
