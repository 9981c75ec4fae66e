"""Nets in scikit-learn's MLPClassifier, which draws its first weights itself."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from serve import Case, serve
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

warnings.simplefilter("ignore", ConvergenceWarning)  # one epoch is no training, it says rightly


def net(case: Case, **how: Any) -> Any:
    return MLPClassifier(
        case.sizes[1:-1],
        solver=case.optimizer,
        batch_size=case.batch,
        learning_rate_init=case.rate,
        alpha=0.0,
        momentum=0.0,
        nesterovs_momentum=False,
        max_iter=1,
        **how,
    )


def step(case: Case) -> Callable[[], Any]:
    model, (x, y) = net(case), case.one_batch()
    classes = np.arange(case.sizes[-1])
    model.partial_fit(x, y, classes=classes)
    return lambda: model.partial_fit(x, y)


def fit(case: Case) -> Callable[[], Any]:
    model, (x, y) = net(case, warm_start=True), case.data()
    return lambda: model.fit(x, y)


serve(step=step, fit=fit)
