"""Cloning: the same model again, with layers and weights of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..tree import map_tree
from .inputs import Input, KerasTensor
from .layer import Layer
from .model import Model
from .sequential import Sequential


def clone_model(
    model: Any,
    input_tensors: Any = None,
    clone_function: Callable[[Layer], Layer] | None = None,
    call_function: Any = None,
    recursive: bool = False,
    **kwargs: Any,
) -> Any:
    """The same layers under the same names, with new weights; a compiled Sequential's clone is compiled
    likewise. Source: `keras.models.clone_model`.

    Args:
        model: a Sequential, or a model of your own whose `get_config` says how to make it again.
        input_tensors: a KerasTensor: the clone is built for its shape instead.
        clone_function: makes a layer's clone; None: `type(layer).from_config(layer.get_config())`.
        recursive: clone the layers of nested models one by one, too?

    Raises:
        ValueError: what is no model.
    """
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments passed to clone_model: {kwargs}")
    if not isinstance(model, Model):
        raise ValueError(f"clone_model takes a Model; got {model!r} of type {type(model).__name__}.")
    if call_function is not None:
        raise ValueError("`call_function` is for functional models, which are not part of this library.")
    if clone_function is not None and not callable(clone_function):
        raise ValueError(f"`clone_function` must be a function of a layer; got {clone_function!r}.")
    if not isinstance(model, Sequential):
        if input_tensors is not None or clone_function is not None:
            raise ValueError(
                "Arguments `clone_function` and `input_tensors` are only supported for Sequential models. "
                f"Received model of type '{type(model).__name__}'."
            )
        return type(model).from_config(model.get_config())

    def cloned(layer: Any) -> Any:
        if recursive and isinstance(layer, Sequential):
            return clone_model(layer, clone_function=clone_function, recursive=True)
        if clone_function is not None:
            return clone_function(layer)
        return type(layer).from_config(layer.get_config())

    layers = [cloned(layer) for layer in model.layers]
    clone = Sequential(name=model.name, trainable=model.trainable)
    shape = _shape_of(input_tensors) if input_tensors is not None else model._input_shape
    if shape is not None:
        clone.add(Input(batch_shape=shape))
    for layer in layers:
        clone.add(layer)
    if model.compiled and type(model).compile is Model.compile:
        clone.compile(**map_tree(_copied, model._compile_arguments))
    return clone


def _copied(thing: Any) -> Any:
    """An optimizer, loss or metric with a state of its own; names and functions as they are."""
    return type(thing).from_config(thing.get_config()) if hasattr(thing, "get_config") else thing


def _shape_of(given: Any) -> Any:
    given = given[0] if isinstance(given, list | tuple) and given else given
    if not isinstance(given, KerasTensor):
        raise ValueError(f"`input_tensors` must be a KerasTensor, from keras.Input; got {given!r:.80}.")
    return given.shape
