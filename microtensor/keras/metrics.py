"""`keras.metrics`."""

from typing import TYPE_CHECKING

from ..lazy import declared, lazily
from .short_names import HOMES

if TYPE_CHECKING:
    from ..nn.losses import binary_crossentropy as binary_crossentropy
    from ..nn.losses import binary_focal_crossentropy as binary_focal_crossentropy
    from ..nn.losses import categorical_crossentropy as categorical_crossentropy
    from ..nn.losses import categorical_focal_crossentropy as categorical_focal_crossentropy
    from ..nn.losses import categorical_hinge as categorical_hinge
    from ..nn.losses import hinge as hinge
    from ..nn.losses import huber as huber
    from ..nn.losses import kl_divergence as kl_divergence
    from ..nn.losses import log_cosh as log_cosh
    from ..nn.losses import mean_absolute_error as mean_absolute_error
    from ..nn.losses import mean_absolute_percentage_error as mean_absolute_percentage_error
    from ..nn.losses import mean_squared_error as mean_squared_error
    from ..nn.losses import mean_squared_logarithmic_error as mean_squared_logarithmic_error
    from ..nn.losses import poisson as poisson
    from ..nn.losses import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from ..nn.losses import squared_hinge as squared_hinge
    from ..nn.metrics import AUC as AUC
    from ..nn.metrics import Accuracy as Accuracy
    from ..nn.metrics import BinaryAccuracy as BinaryAccuracy
    from ..nn.metrics import BinaryCrossentropy as BinaryCrossentropy
    from ..nn.metrics import BinaryIoU as BinaryIoU
    from ..nn.metrics import CategoricalAccuracy as CategoricalAccuracy
    from ..nn.metrics import CategoricalCrossentropy as CategoricalCrossentropy
    from ..nn.metrics import CategoricalHinge as CategoricalHinge
    from ..nn.metrics import ConcordanceCorrelation as ConcordanceCorrelation
    from ..nn.metrics import CosineSimilarity as CosineSimilarity
    from ..nn.metrics import F1Score as F1Score
    from ..nn.metrics import FalseNegatives as FalseNegatives
    from ..nn.metrics import FalsePositives as FalsePositives
    from ..nn.metrics import FBetaScore as FBetaScore
    from ..nn.metrics import Hinge as Hinge
    from ..nn.metrics import IoU as IoU
    from ..nn.metrics import KLDivergence as KLDivergence
    from ..nn.metrics import LogCoshError as LogCoshError
    from ..nn.metrics import Mean as Mean
    from ..nn.metrics import MeanAbsoluteError as MeanAbsoluteError
    from ..nn.metrics import MeanAbsolutePercentageError as MeanAbsolutePercentageError
    from ..nn.metrics import MeanIoU as MeanIoU
    from ..nn.metrics import MeanMetricWrapper as MeanMetricWrapper
    from ..nn.metrics import MeanSquaredError as MeanSquaredError
    from ..nn.metrics import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
    from ..nn.metrics import Metric as Metric
    from ..nn.metrics import OneHotIoU as OneHotIoU
    from ..nn.metrics import OneHotMeanIoU as OneHotMeanIoU
    from ..nn.metrics import PearsonCorrelation as PearsonCorrelation
    from ..nn.metrics import Poisson as Poisson
    from ..nn.metrics import Precision as Precision
    from ..nn.metrics import PrecisionAtRecall as PrecisionAtRecall
    from ..nn.metrics import R2Score as R2Score
    from ..nn.metrics import Recall as Recall
    from ..nn.metrics import RecallAtPrecision as RecallAtPrecision
    from ..nn.metrics import RootMeanSquaredError as RootMeanSquaredError
    from ..nn.metrics import SensitivityAtSpecificity as SensitivityAtSpecificity
    from ..nn.metrics import SparseCategoricalAccuracy as SparseCategoricalAccuracy
    from ..nn.metrics import SparseCategoricalCrossentropy as SparseCategoricalCrossentropy
    from ..nn.metrics import SparseTopKCategoricalAccuracy as SparseTopKCategoricalAccuracy
    from ..nn.metrics import SpecificityAtSensitivity as SpecificityAtSensitivity
    from ..nn.metrics import SquaredHinge as SquaredHinge
    from ..nn.metrics import Sum as Sum
    from ..nn.metrics import TopKCategoricalAccuracy as TopKCategoricalAccuracy
    from ..nn.metrics import TrueNegatives as TrueNegatives
    from ..nn.metrics import TruePositives as TruePositives
    from ..nn.metrics import binary_accuracy as binary_accuracy
    from ..nn.metrics import categorical_accuracy as categorical_accuracy
    from ..nn.metrics import concordance_correlation as concordance_correlation
    from ..nn.metrics import deserialize as deserialize
    from ..nn.metrics import get as get
    from ..nn.metrics import pearson_correlation as pearson_correlation
    from ..nn.metrics import serialize as serialize
    from ..nn.metrics import sparse_categorical_accuracy as sparse_categorical_accuracy
    from ..nn.metrics import sparse_top_k_categorical_accuracy as sparse_top_k_categorical_accuracy
    from ..nn.metrics import top_k_categorical_accuracy as top_k_categorical_accuracy

__getattr__, __dir__ = lazily(__name__, {**declared(__name__), **HOMES})
