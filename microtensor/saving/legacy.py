"""Whole models and weights in one `.h5` file, as Keras 1 and 2 wrote them, and Keras 3 still does.

The one idea: the weights of a layer stand under the layer's name, in the order of `layer.weights`; the model
and how it was compiled are JSON in two attributes of the file.

    model_config, training_config          JSON
    model_weights/ layer_names             attribute: in the order of the model
    model_weights/dense/ weight_names      attribute: ["sequential/dense/kernel", ...]; older "dense/kernel:0"
    model_weights/dense/sequential/dense/kernel
    optimizer_weights/ weight_names
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..nn.model import Model
from ..serialization import allowance, deserialize_keras_object, get_registered_name
from . import hdf5, json_text
from .damage import FileDamagedError

SPARE = 16 << 20  # bytes of weights that a config may ask for beyond 4 times its file
LONGEST = 64512  # bytes of an HDF5 attribute; longer lists of names are split


# --- writing ---------------------------------------------------------------------------------------------


def write(model: Any, version: str, include_optimizer: bool = True) -> bytes:
    """The file of a whole model."""
    whole = io.BytesIO()
    with hdf5.library().File(whole, "w") as file:
        file.attrs["keras_version"] = version
        file.attrs["backend"] = "numpy"
        config = {"class_name": get_registered_name(type(model)), "config": model.get_config()}
        file.attrs["model_config"] = json_text.write(config)
        optimizer = getattr(model, "optimizer", None) if include_optimizer else None
        if optimizer is not None and model.compiled:
            file.attrs["training_config"] = json_text.write(_training_config(model))
        weights = file.create_group("model_weights")
        weights.attrs["backend"] = b"numpy"
        weights.attrs["keras_version"] = version.encode()
        _write_names(weights, "layer_names", [layer.name for layer in model.layers])
        for layer in sorted(model.layers, key=lambda layer: layer.name):
            _write_weights(weights.create_group(layer.name), _legacy_weights(layer))
        _write_weights(weights.create_group("top_level_model_weights"), _top_level(model))
        if optimizer is not None and optimizer.variables:
            _write_weights(file.create_group("optimizer_weights"), optimizer.variables)
    return whole.getvalue()


def _training_config(model: Any) -> dict[str, Any]:
    config = dict(model.get_compile_config() or {})
    config.pop("optimizer", None)
    optimizer = model.optimizer
    kind = {"class_name": get_registered_name(type(optimizer)), "config": optimizer.get_config()}
    return {**config, "optimizer_config": kind}


def _write_weights(group: Any, variables: Sequence[Any]) -> None:
    paths = [str(getattr(v, "path", None) or v.name) for v in variables]
    _write_names(group, "weight_names", paths)
    for path, v in zip(paths, variables, strict=True):
        group.create_dataset(path, data=v.numpy(), track_times=False)


def _write_names(group: Any, key: str, names: Sequence[str]) -> None:
    encoded = [name.encode("utf-8") for name in names]
    parts = 1
    while any(np.asarray(each).nbytes > LONGEST for each in np.array_split(np.asarray(encoded), parts)):
        parts += 1
    if parts == 1:
        group.attrs[key] = encoded
        return
    for k, each in enumerate(np.array_split(np.asarray(encoded), parts)):
        group.attrs[f"{key}{k}"] = each


# --- reading ---------------------------------------------------------------------------------------------


def read_model(data: bytes, custom_objects: Any, compile: bool, safe_mode: bool, filepath: Any) -> Model:
    """The model of a file: its weights, and, if asked for, as it was compiled."""
    with hdf5.opened(data) as file:
        text = hdf5.text(file, "model_config")
        training = hdf5.text(file, "training_config") if compile else None
    if text is None:
        raise ValueError(f"No model config found in the file at {filepath}. It may hold weights alone.")
    config = json_text.parse_object(text, "model_config")
    with allowance(SPARE + 4 * len(data)):
        model = deserialize_keras_object(_modern(config), custom_objects, safe_mode)
    if not isinstance(model, Model):
        raise FileDamagedError(f"model_config describes a {type(model).__name__}, not a model.")
    load_weights(data, model)
    if training is not None:
        _compile(model, json_text.parse_object(training, "training_config"), custom_objects)
        _load_optimizer(data, model)
    return model


def load_weights(data: bytes, model: Any, skip_mismatch: bool = False, by_name: bool = False) -> None:
    """Assign the weights of a file of either kind: a whole model's, or weights alone.

    Args:
        by_name: take layers of the same name, and leave the others; otherwise by their order.

    Raises:
        ValueError: other counts or shapes. Then nothing has changed.
    """
    found, top = _read_weights(data)
    steps = _by_name(found, model, skip_mismatch) if by_name else _by_order(found, model)
    if top is not None and not (by_name and not top):
        mine = _top_level(model)
        if len(top) != len(mine):
            raise ValueError(
                "Weight count mismatch for top-level weights when loading weights from file. Model expects "
                f"{len(mine)} top-level weight(s). Received {len(top)} saved top-level weight(s)"
            )
        steps.append(("top-level model", mine, top))
    pairs = []
    for what, variables, arrays in steps:
        for v, array in zip(variables, arrays, strict=True):
            if tuple(v.shape) == array.shape:
                pairs.append((v, array))
                continue
            said = (
                f"{what}, weight {getattr(v, 'path', v.name)}: it expects shape {tuple(v.shape)}; received a "
                f"saved weight of shape {array.shape}"
            )
            if not skip_mismatch:
                raise ValueError(f"Shape mismatch in {said}")
            warnings.warn(f"Skipping loading weights due to mismatch in shape for {said}", stacklevel=3)
    for v, array in pairs:
        v.assign(array)


def _read_weights(data: bytes) -> tuple[list[tuple[str, list[np.ndarray]]], list[np.ndarray] | None]:
    with hdf5.opened(data) as file:
        group = file
        if "layer_names" not in file.attrs and "layer_names0" not in file.attrs and "model_weights" in file:
            group = hdf5.group(file, "model_weights")
        names = hdf5.texts(group, "layer_names")
        found = [(name, _arrays(hdf5.group(group, name))) for name in names]
        top = None
        if "top_level_model_weights" in group:
            top = _arrays(hdf5.group(group, "top_level_model_weights"))
    return found, top


def _arrays(group: Any) -> list[np.ndarray]:
    return [hdf5.dataset(group, name) for name in hdf5.texts(group, "weight_names")]


Steps = list[tuple[str, list[Any], list[np.ndarray]]]


def _by_order(found: list[tuple[str, list[np.ndarray]]], model: Any) -> Steps:
    layers = [layer for layer in model.layers if layer.weights]
    saved = [(name, arrays) for name, arrays in found if arrays]
    if len(saved) != len(layers):
        raise ValueError(
            f"Layer count mismatch when loading weights from file. Model expected {len(layers)} layers, "
            f"found {len(saved)} saved layers."
        )
    steps = []
    for k, (layer, (name, arrays)) in enumerate(zip(layers, saved, strict=True)):
        mine = _legacy_weights(layer)
        if len(arrays) != len(mine):
            raise ValueError(
                f"Weight count mismatch for layer #{k} (named {layer.name} in the current model, {name} in "
                f"the save file). Layer expects {len(mine)} weight(s). Received {len(arrays)} saved weight(s)"
            )
        steps.append((f"layer #{k} (named {layer.name})", mine, arrays))
    return steps


def _by_name(found: list[tuple[str, list[np.ndarray]]], model: Any, skip_mismatch: bool) -> Steps:
    steps = []
    for k, (name, arrays) in enumerate(found):
        for layer in (layer for layer in model.layers if layer.name == name):
            mine = _legacy_weights(layer)
            if len(arrays) == len(mine):
                steps.append((f"layer #{k} (named {name})", mine, arrays))
                continue
            said = (
                f"for layer #{k} (named {name}). Layer expects {len(mine)} weight(s). Received {len(arrays)} "
                "saved weight(s)"
            )
            if not skip_mismatch:
                raise ValueError(f"Weight count mismatch {said}")
            warnings.warn(f"Skipping loading of weights due to mismatch in number {said}", stacklevel=4)
    return steps


def _legacy_weights(layer: Any) -> list[Any]:
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def _top_level(model: Any) -> list[Any]:
    """The weights that stand in the model itself, not in a layer."""
    in_layers = {id(w) for layer in model.layers for w in layer.weights}
    return [w for w in _legacy_weights(model) if id(w) not in in_layers]


# --- older words for what is called otherwise today ------------------------------------------------------


def _modern(config: Any) -> Any:
    """A config of Keras 1 or 2 in today's words."""
    if isinstance(config, list):
        return [_modern(each) for each in config]
    if not isinstance(config, dict):
        return config
    made = {key: _modern(value) for key, value in config.items()}
    inner = made.get("config")
    if (
        isinstance(made.get("class_name"), str)
        and isinstance(inner, list)
        and made["class_name"] == "Sequential"
    ):
        made["config"] = {"layers": inner}  # Keras 1 and 2.1: the list of layers itself
    if isinstance(made.get("class_name"), str) and isinstance(inner, dict):
        shape = inner.pop("batch_input_shape", None)
        if shape is not None:
            inner["batch_shape" if made["class_name"] == "InputLayer" else "batch_input_shape"] = shape
        if isinstance(inner.get("axis"), list) and len(inner["axis"]) == 1:
            inner["axis"] = inner["axis"][0]  # of normalizations
    return made


def _compile(model: Any, config: dict[str, Any], custom_objects: Any) -> None:
    from ..serialization import custom_object_scope

    entry = config.get("optimizer_config")
    if not isinstance(entry, dict):
        raise FileDamagedError("training_config names no optimizer.")
    with custom_object_scope(custom_objects or {}):
        model.compile(
            optimizer=_optimizer(entry),
            loss=deserialize_keras_object(config.get("loss")),
            loss_weights=config.get("loss_weights"),
            metrics=_metrics(config.get("metrics")),
            weighted_metrics=_metrics(config.get("weighted_metrics")),
        )


def _optimizer(entry: dict[str, Any]) -> Any:
    """Keras 2 wrote settings that have no meaning any more: they are left out."""
    import inspect

    from .. import optim
    from ..serialization import lookup

    found = optim.get(str(entry.get("class_name")).lower()) if "registered_name" not in entry else None
    kind = type(found) if found is not None else lookup(entry)
    known = {
        name for base in kind.__mro__ if base is not object for name in inspect.signature(base).parameters
    }
    config = dict(entry.get("config") or {})
    if "lr" in config:
        config["learning_rate"] = config.pop("lr")
    return kind.from_config(
        {key: value for key, value in config.items() if key in known - {"self", "kwargs"}}
    )


def _metrics(config: Any) -> Any:
    """Keras 2 nests the metrics of its one output in a second list, and wraps functions into a class that
    files alone knew.
    """
    if isinstance(config, list):
        flat = config[0] if len(config) == 1 and isinstance(config[0], list) else config
        return [_metrics(each) for each in flat]
    if isinstance(config, dict) and config.get("class_name") == "MeanMetricWrapper":
        inner = config.get("config") or {}
        name = inner.get("name")
        return name if name in ("accuracy", "acc", "crossentropy", "ce") else inner.get("fn", name)
    return deserialize_keras_object(config) if isinstance(config, dict) and "class_name" in config else config


def _load_optimizer(data: bytes, model: Any) -> None:
    with hdf5.opened(data) as file:
        if "optimizer_weights" not in file:
            return
        group = hdf5.group(file, "optimizer_weights")
        names = hdf5.texts(group, "weight_names")
        arrays = [hdf5.dataset(group, name) for name in names]
    optimizer = model.optimizer
    optimizer.build(model.trainable_weights)
    variables = optimizer.variables
    ordered = _in_our_order(names, arrays, variables)
    if ordered is None:
        warnings.warn(
            "Error in loading the saved optimizer state: it has other variables than the optimizer of today. "
            "As a result, your model is starting with a freshly initialized optimizer.",
            stacklevel=5,
        )
        return
    for v, array in zip(variables, ordered, strict=True):
        if array is not None:
            v.assign(array)


def _in_our_order(names: list[str], arrays: list[np.ndarray], variables: list[Any]) -> list[Any] | None:
    """The arrays for the variables; None for each that the file has not. None alone: they do not fit.

    Keras 3 writes [iteration, learning_rate, slots weight by weight]. Keras 2 wrote no learning rate, and
    all first slots before all second ones: SGD/iter:0, Adam/dense/kernel/m:0, ..., Adam/dense/kernel/v:0.
    """
    if [tuple(v.shape) for v in variables] == [array.shape for array in arrays]:
        return list(arrays)
    head = [
        v for v in variables if (v.path if hasattr(v, "path") else v.name).endswith(("iteration", "rate"))
    ]
    slots = variables[len(head) :]
    old = [array for name, array in zip(names, arrays, strict=True) if not _is_count(name)]
    counts = [array for name, array in zip(names, arrays, strict=True) if _is_count(name)]
    if len(old) != len(slots) or len(counts) != 1:
        return None
    shapes = [tuple(v.shape) for v in slots]
    for each in range(1, len(slots) + 1):  # slots of each weight
        if len(slots) % each == 0:
            weights = len(slots) // each
            moved = [old[slot * weights + k] for k in range(weights) for slot in range(each)]
            if [array.shape for array in moved] == shapes and _slot_changes(names, weights):
                return [counts[0], *[None] * (len(head) - 1), *moved]
    return None


def _is_count(name: str) -> bool:
    return name.removesuffix(":0").rsplit("/", 1)[-1] in ("iter", "iteration", "iterations")


def _slot_changes(names: list[str], weights: int) -> bool:
    """Do the first `weights` slots have one name, and the next another?"""
    kinds = [name.removesuffix(":0").rsplit("/", 1)[-1] for name in names if not _is_count(name)]
    return all(len(set(kinds[k : k + weights])) == 1 for k in range(0, len(kinds), weights))
