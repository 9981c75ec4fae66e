"""Metrics: numbers that are shown, and not trained on."""

from typing import TYPE_CHECKING

from ...lazy import lazily

if TYPE_CHECKING:
    from .accuracies import Accuracy as Accuracy
    from .accuracies import BinaryAccuracy as BinaryAccuracy
    from .accuracies import CategoricalAccuracy as CategoricalAccuracy
    from .accuracies import SparseCategoricalAccuracy as SparseCategoricalAccuracy
    from .accuracies import SparseTopKCategoricalAccuracy as SparseTopKCategoricalAccuracy
    from .accuracies import TopKCategoricalAccuracy as TopKCategoricalAccuracy
    from .accuracies import binary_accuracy as binary_accuracy
    from .accuracies import categorical_accuracy as categorical_accuracy
    from .accuracies import sparse_categorical_accuracy as sparse_categorical_accuracy
    from .accuracies import sparse_top_k_categorical_accuracy as sparse_top_k_categorical_accuracy
    from .accuracies import top_k_categorical_accuracy as top_k_categorical_accuracy
    from .auc import AUC as AUC
    from .confusion import FalseNegatives as FalseNegatives
    from .confusion import FalsePositives as FalsePositives
    from .confusion import Precision as Precision
    from .confusion import Recall as Recall
    from .confusion import TrueNegatives as TrueNegatives
    from .confusion import TruePositives as TruePositives
    from .correlations import ConcordanceCorrelation as ConcordanceCorrelation
    from .correlations import PearsonCorrelation as PearsonCorrelation
    from .correlations import concordance_correlation as concordance_correlation
    from .correlations import pearson_correlation as pearson_correlation
    from .distances import BinaryCrossentropy as BinaryCrossentropy
    from .distances import CategoricalCrossentropy as CategoricalCrossentropy
    from .distances import CategoricalHinge as CategoricalHinge
    from .distances import CosineSimilarity as CosineSimilarity
    from .distances import Hinge as Hinge
    from .distances import KLDivergence as KLDivergence
    from .distances import LogCoshError as LogCoshError
    from .distances import MeanAbsoluteError as MeanAbsoluteError
    from .distances import MeanAbsolutePercentageError as MeanAbsolutePercentageError
    from .distances import MeanSquaredError as MeanSquaredError
    from .distances import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
    from .distances import Poisson as Poisson
    from .distances import RootMeanSquaredError as RootMeanSquaredError
    from .distances import SparseCategoricalCrossentropy as SparseCategoricalCrossentropy
    from .distances import SquaredHinge as SquaredHinge
    from .f_scores import F1Score as F1Score
    from .f_scores import FBetaScore as FBetaScore
    from .iou import BinaryIoU as BinaryIoU
    from .iou import IoU as IoU
    from .iou import MeanIoU as MeanIoU
    from .iou import OneHotIoU as OneHotIoU
    from .iou import OneHotMeanIoU as OneHotMeanIoU
    from .lookup import as_metric as as_metric
    from .lookup import deserialize as deserialize
    from .lookup import for_compile as for_compile
    from .lookup import get as get
    from .lookup import get_all as get_all
    from .lookup import serialize as serialize
    from .means import Mean as Mean
    from .means import MeanMetricWrapper as MeanMetricWrapper
    from .means import Sum as Sum
    from .metric import Metric as Metric
    from .metric import restore_state as restore_state
    from .metric import state_of as state_of
    from .operating_points import PrecisionAtRecall as PrecisionAtRecall
    from .operating_points import RecallAtPrecision as RecallAtPrecision
    from .operating_points import SensitivityAtSpecificity as SensitivityAtSpecificity
    from .operating_points import SpecificityAtSensitivity as SpecificityAtSensitivity
    from .r2 import R2Score as R2Score
    from .result import Number as Number

__getattr__, __dir__ = lazily(__name__)
