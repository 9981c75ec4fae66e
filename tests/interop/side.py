"""One side of the exchange of files: this runs with Keras, or with this library.

python -m tests.interop.side keras write FOLDER      make each model, train it, save it, note what it predicts
python -m tests.interop.side keras read FOLDER OUT   load each, note what it predicts, train on, note again
"""

from __future__ import annotations

import importlib
import json
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from .cases import CASES

BATCH = 4


def keras_of(side: str) -> Any:
    return importlib.import_module("keras" if side == "keras" else "microtensor.keras")


def plain(values: Any) -> Any:
    return [np.asarray(v.numpy() if hasattr(v, "numpy") else v).astype(float).tolist() for v in values]


def state(model: Any, x: Any) -> dict[str, Any]:
    return {
        "predict": np.asarray(model.predict(x, verbose=0)).tolist(),
        "weights": plain(model.weights),
        "optimizer": plain(model.optimizer.variables),
    }


def write(keras: Any, folder: Path) -> None:
    for name, make in CASES.items():
        with noting(folder / f"{name}.json") as noted:
            keras.utils.set_random_seed(7)
            model, x, y = make(keras)
            model.fit(x, y, batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
            model.save(folder / f"{name}.keras")
            model.save(folder / f"{name}.h5")
            model.save_weights(folder / f"{name}.weights.h5")
            noted.update(state(model, x))


def read(keras: Any, folder: Path, out: Path) -> None:
    for name, make in CASES.items():
        with noting(out / f"{name}.json") as noted:
            fresh, x, y = make(keras)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                model = keras.models.load_model(folder / f"{name}.keras")
                noted["keras"] = state(model, x)
                noted["warnings"] = [
                    text for text in (str(each.message) for each in caught) if "loading" in text
                ]
                # Keras cannot read how it compiled a model back from `.h5`, where a loss was a name
                old = keras.models.load_model(folder / f"{name}.h5", compile=False)
                noted["h5"] = {"predict": np.asarray(old.predict(x, verbose=0)).tolist()}
                fresh.load_weights(folder / f"{name}.weights.h5")
                noted["weights.h5"] = {"predict": np.asarray(fresh.predict(x, verbose=0)).tolist()}
                model.fit(x, y, batch_size=BATCH, epochs=1, shuffle=False, verbose=0)
                noted["trained on"] = state(model, x)


@contextmanager
def noting(path: Path) -> Iterator[dict[str, Any]]:
    """What is noted inside is written down, also that it failed."""
    noted: dict[str, Any] = {}
    try:
        yield noted
    except Exception:
        noted["error"] = traceback.format_exc()[-1500:]
    path.write_text(json.dumps(noted))


def main(side: str, task: str, *folders: str) -> None:
    keras = keras_of(side)
    if task == "write":
        write(keras, Path(folders[0]))
    else:
        read(keras, Path(folders[0]), Path(folders[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
