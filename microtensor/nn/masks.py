"""Masks: which steps of a sequence count, and which only fill it up.

The one idea: a tensor carries its mask (`_keras_mask`). A layer's call takes it from the inputs, hands it to
`call` where that has an argument for it, and puts `layer.compute_mask(inputs, mask)` on the outputs. So it
travels from the `Embedding` that made it to the loss that leaves out what does not count.

    call(self, x, mask=None)                       # one input: its mask; a list of inputs: a list of masks
    call(self, a, b, a_mask=None, b_mask=None)     # several: each one's own
"""

from __future__ import annotations

import warnings
from typing import Any

from ..core import Tensor
from ..tree import leaves_of
from .calling import accepts, argument_names
from .keras_tensor import KerasTensor
from .promises import as_tensors, promised_mask

_SETTINGS = {"training"}


def masks_in(inputs: Any) -> Any:
    """The mask of a tensor; for a structure of tensors a structure of masks; None if there are none."""
    if isinstance(inputs, Tensor):
        return getattr(inputs, "_keras_mask", None)
    if isinstance(inputs, dict):
        found: Any = {key: masks_in(value) for key, value in inputs.items()}
        return found if any(mask is not None for mask in found.values()) else None
    if isinstance(inputs, list | tuple):
        found = [masks_in(value) for value in inputs]
        some = any(mask is not None for mask in found)
        return None if not some else tuple(found) if isinstance(inputs, tuple) else found
    return getattr(inputs, "_keras_mask", None)


def hand_over(layer: Any, x: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The mask of the first input, or the one that was given; `kwargs` gets those that `call` takes."""
    call, mask = type(layer).call, masks_in(x)
    if mask is None and not args and kwargs.keys() <= _SETTINGS:  # the way of training
        return None
    names = argument_names(call)
    inputs = {names[0]: x} if names else {}
    inputs.update(zip(names[1:], args, strict=False))
    inputs.update((key, value) for key, value in kwargs.items() if isinstance(value, Tensor | list | tuple))
    inputs = {key: value for key, value in inputs.items() if not key.endswith("mask")}
    for key, value in inputs.items():
        wanted, found = "mask" if len(inputs) == 1 else f"{key}_mask", masks_in(value)
        by_position = wanted in names[: len(args) + 1]
        if found is not None and not by_position and accepts(call, wanted) and kwargs.get(wanted) is None:
            kwargs[wanted] = found
    given = kwargs.get("mask")
    return mask if given is None else given


def carry(layer: Any, x: Any, y: Any, mask: Any) -> None:
    """Put what `compute_mask` says of the outputs on those that carry no mask yet."""
    from .layer import Layer

    own = type(layer).compute_mask is not Layer.compute_mask
    if not own and not layer.supports_masking:
        if not accepts(type(layer).call, "mask"):
            warnings.warn(
                f"Layer '{layer.name}' (of type {type(layer).__name__}) was passed an input with a mask "
                "attached to it. However, this layer does not support masking and will therefore destroy "
                "the mask information. Downstream layers will not see the mask.",
                UserWarning,
                stacklevel=3,
            )
        return
    outputs = leaves_of(y)
    if all(getattr(output, "_keras_mask", None) is not None for output in outputs):
        return
    symbolic = any(isinstance(output, KerasTensor) for output in outputs)
    found = promised_mask(layer, x, mask) if symbolic and own else layer.compute_mask(x, mask)
    masks = [as_tensors(found)] if len(outputs) == 1 else leaves_of(found)
    for output, each in zip(outputs, masks, strict=False):
        carries = isinstance(output, Tensor | KerasTensor) and getattr(output, "_keras_mask", None) is None
        if carries and each is not None:
            output._keras_mask = each
