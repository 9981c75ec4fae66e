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
from ..tree import leaves_of, map_tree
from .calling import accepts, argument_names
from .keras_tensor import KerasTensor
from .promises import as_tensors, promised_mask

_NESTED = (list, tuple, dict)
_SETTINGS = {"training"}


def masks_in(inputs: Any) -> Any:
    """The mask of a tensor; for a structure of tensors a structure of masks; None if there are none."""
    if not isinstance(inputs, _NESTED):
        return getattr(inputs, "_keras_mask", None)
    if all(getattr(leaf, "_keras_mask", None) is None for leaf in leaves_of(inputs)):
        return None
    return map_tree(masks_in, inputs)


def hand_over(layer: Any, x: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The mask of the first input, or the one that was given; `kwargs` gets those that `call` takes."""
    call, mask = type(layer).call, masks_in(x)
    if mask is None and not args and kwargs.keys() <= _SETTINGS:  # the way of training
        return None
    first, *others = argument_names(call) or ("inputs",)
    placed = dict(zip(others, args, strict=False))
    given = placed | kwargs
    inputs = {first: x} | {key: value for key, value in given.items() if _is_input(key, value)}
    for key, value in inputs.items():
        wanted, found = "mask" if len(inputs) == 1 else f"{key}_mask", masks_in(value)
        if found is not None and given.get(wanted) is None and wanted not in placed and accepts(call, wanted):
            given[wanted] = kwargs[wanted] = found
    said = given.get("mask")
    return mask if said is None else said


def _is_input(name: str, value: Any) -> bool:
    tensors = any(isinstance(leaf, Tensor | KerasTensor) for leaf in leaves_of(value))
    return tensors and not name.endswith("mask")


def carry(layer: Any, x: Any, y: Any, mask: Any) -> None:
    """Put what `compute_mask` says of the outputs on those that carry no mask yet."""
    from .layer import Layer

    outputs = leaves_of(y)
    if all(getattr(output, "_keras_mask", None) is not None for output in outputs):
        return  # the layers inside have seen to it
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
    symbolic = any(isinstance(output, KerasTensor) for output in outputs)
    found = promised_mask(layer, x, mask) if symbolic and own else layer.compute_mask(x, mask)
    masks = [as_tensors(found)] if len(outputs) == 1 else leaves_of(found)
    for output, each in zip(outputs, masks, strict=False):
        carries = isinstance(output, Tensor | KerasTensor) and getattr(output, "_keras_mask", None) is None
        if carries and each is not None:
            output._keras_mask = each
