"""What is in a file of a whole model: metadata, a config, variables; and the model made of it.

The one idea: `.keras` and `.mt` are the same archive but for how the variables are stored, and a folder is
that archive unpacked. In this order: `metadata.json`, `config.json`, the variables.

Equal models are equal bytes, so the date in the metadata is zip's first day, not today; Keras reads neither.
How training goes on besides weights and optimizer (the order of the samples, random layers) stands in the
metadata too, under "microtensor": the model that is read back trains on bit for bit. So does the number of
variables: a damaged archive may have lost one's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..serialization import allowance, deserialize_keras_object, serialize_keras_object
from . import hdf5, json_text, layout, mt
from .damage import FileDamagedError

KERAS = "3.15.1"  # the version whose files these are
METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
FORMAT = 1  # of `.mt`
SPARE = 16 << 20  # bytes of weights that a config may ask for beyond 4 times its file


def members_of(model: Any, native: bool) -> dict[str, bytes]:
    """All members of a model's archive, in order. native: variables as `.npy`, not in HDF5."""
    entries = layout.gather(model)
    metadata = _metadata_of(entries, {"training": model.get_training_state()})
    members = {METADATA: metadata, CONFIG: json_text.write(serialize_keras_object(model))}
    return members | (mt.write(entries) if native else {WEIGHTS: hdf5.write(entries)})


def weights_of(model: Any, skip: Any = ()) -> dict[str, bytes]:
    """The members of an archive of variables alone."""
    entries = layout.gather(model, skip)
    return {METADATA: _metadata_of(entries, {}), **mt.write(entries)}


def wanted(name: str) -> bool:
    """Is it a member that is read? Others, such as the assets of layers that we do not have, are not."""
    return name in (METADATA, CONFIG, WEIGHTS) or mt.wanted(name)


def model_from(members: Mapping[str, bytes], custom_objects: Any, compile: bool, safe_mode: bool) -> Any:
    """The model of an archive, with its variables, as it was saved.

    Raises:
        ValueError: a damaged file, or variables that do not fit the config; TypeError: an unknown class.
    """
    if CONFIG not in members:
        raise FileDamagedError(f"the archive has no {CONFIG}: it holds weights alone, or is no model.")
    config = json_text.parse_object(members[CONFIG], CONFIG)
    state = _training_state(members)
    variables = variables_in(members)
    with allowance(SPARE + 4 * sum(map(len, members.values()))):
        model = model_of(config, custom_objects, compile, safe_mode)
    layout.restore(model, variables)
    if state is not None:
        try:
            model.set_training_state(state)
        except (LookupError, TypeError, AttributeError, ValueError, OverflowError) as error:
            raise FileDamagedError(
                f"{METADATA} says how training went on, in a wrong way: {error}."
            ) from error
    return model


def model_of(config: dict[str, Any], custom_objects: Any, compile: bool, safe_mode: bool) -> Any:
    """The model that a config describes, with new weights."""
    from ..nn.model import Model

    if not compile:
        config = {**config, "compile_config": None}
    model = deserialize_keras_object(config, custom_objects, safe_mode)
    if not isinstance(model, Model):
        raise FileDamagedError(f"the config describes a {type(model).__name__}, not a model.")
    return model


def variables_in(members: Mapping[str, bytes]) -> layout.Arrays:
    """The variables of an archive, however they are stored."""
    said = _metadata(members).get("variables") if WEIGHTS not in members or METADATA in members else None
    arrays = hdf5.read(members[WEIGHTS]) if WEIGHTS in members else mt.read(members)
    found = sum(map(len, arrays.values()))
    if said is not None and said != found:
        raise FileDamagedError(f"the archive has {found} variables, where {METADATA} says {str(said)[:20]}.")
    return arrays


def _metadata_of(entries: list[layout.Entry], more: dict[str, Any]) -> bytes:
    ours = {"format": FORMAT, "variables": sum(len(entry.arrays) for entry in entries), **more}
    return json_text.write({"keras_version": KERAS, "date_saved": "1980-01-01@00:00:00", "microtensor": ours})


def _training_state(members: Mapping[str, bytes]) -> Any:
    return _metadata(members).get("training") if METADATA in members else None


def _metadata(members: Mapping[str, bytes]) -> dict[str, Any]:
    """What this library wrote into the metadata; {} in a file of Keras."""
    if METADATA not in members:
        raise FileDamagedError(f"the archive has neither {WEIGHTS} nor {METADATA}: it is no model.")
    ours = json_text.parse_object(members[METADATA], METADATA).get("microtensor", {})
    if not isinstance(ours, dict) or ours.get("format", FORMAT) != FORMAT:
        raise FileDamagedError(
            f"{METADATA} says format {str(ours)[:60]}; this version reads format {FORMAT}. A newer "
            "microtensor may have written the file."
        )
    return ours
