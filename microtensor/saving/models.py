"""Saving and loading: what `model.save`, `save_weights`, `load_weights` and `keras.models` do.

The one idea: a file is read into memory as a whole, taken apart without trust, and only then becomes a model;
a model becomes bytes as a whole, and only then replaces a file. Loading runs no code that a file names and
touches no other file; see `archive`, `hdf5`, `npy`, `json_text` for what is refused.

| name | what | needs h5py |
|---|---|---|
| `x.keras` | Keras 3's archive of a whole model; Keras opens it | yes |
| `x.mt` | the same with `.npy` members: this library's own | no |
| `x.h5` | Keras 2's file of a whole model | yes |
| `x.weights.h5` | the variables alone, as Keras 3 writes them | yes |
| `x.weights.mt` | the same as an archive of `.npy` members | no |
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ..nn.model import Model
from .damage import FileDamagedError, reading

H5 = (".h5", ".hdf5")


def save_model(
    model: Any, filepath: Any, overwrite: bool = True, zipped: bool | None = None, **kwargs: Any
) -> None:
    """Write a model to a file: config, weights, how it was compiled, the optimizer's state.

    The same model gives the same bytes. At every moment the path holds the old file or the new one, whole.

    Args:
        model: a `Model`.
        filepath: ends in `.keras`, `.mt` or `.h5`; or an open binary file, which gets a `.keras` archive.
        overwrite: False: ask on the terminal before a file is replaced.
        zipped: False: a folder with the members of a `.keras` archive as files.
        include_optimizer: in `.h5`: False leaves out how the model was compiled.

    Raises:
        ValueError: another ending, or an unknown argument; OSError: the disk says no. Then the old file
            is as it was.

    Source: `keras.saving.save_model`.
    """
    include_optimizer = kwargs.pop("include_optimizer", True)
    if kwargs.pop("save_format", None) and not str(filepath).endswith((*H5, ".keras", ".mt")):
        raise ValueError(
            "The `save_format` argument is deprecated: the ending of the file path says the format. Use "
            f"`.keras`, `.mt` or `.h5`. Received: filepath={filepath}"
        )
    if kwargs:
        raise ValueError(f"The following argument(s) are not supported: {list(kwargs)}")
    if not isinstance(model, Model):
        raise ValueError(f"save_model takes a Model; got {model!r:.80} of type {type(model).__name__}.")
    if hasattr(filepath, "write"):
        filepath.write(_archive_of(model, native=False))
        return
    name = os.fspath(filepath) if isinstance(filepath, os.PathLike) else str(filepath)
    native = name.endswith(".mt")
    if zipped is False:
        from . import folder

        if name.endswith((*H5, ".keras", ".mt")):
            raise ValueError(
                f"When using `zipped=False`, the `filepath` argument should not end in `.keras`. Received: "
                f"filepath={name}"
            )
        if _may_write(name, overwrite):
            _warn_if_unbuilt(model)
            folder.write(model, name)
        return
    if not name.endswith((*H5, ".keras", ".mt")) or name.endswith(".weights.mt"):
        raise ValueError(
            "Invalid filepath extension for saving. Please add a `.keras` extension for Keras' own format, "
            "`.mt` for this library's, which needs no h5py, or `.h5` for Keras 2's. Received: "
            f"filepath={name}."
        )
    if not _may_write(name, overwrite):
        return
    if name.endswith(H5):
        from . import contents, legacy

        _note(
            "You are saving your model as an HDF5 file. This file format is considered legacy: prefer "
            "`model.save('my_model.keras')` or `model.save('my_model.mt')`."
        )
        _warn_if_unbuilt(model)
        data = legacy.write(model, contents.KERAS, include_optimizer)
        Path(name).absolute().parent.mkdir(parents=True, exist_ok=True)
        _replace(name, data)
        return
    _replace(name, _archive_of(model, native))


def load_model(
    filepath: Any, custom_objects: Any = None, compile: bool = True, safe_mode: bool = True
) -> Any:
    """The model that `save_model`, or Keras' own, wrote.

    Args:
        filepath: a `.keras`, `.mt` or `.h5` file, a folder, or an open binary file.
        custom_objects: classes and functions of yours that the file may name, {"Mine": Mine}; besides what
            `@keras.saving.register_keras_serializable()` registered.
        compile: make the optimizer, the loss and the metrics too?
        safe_mode: files that would have to be run to be understood (lambdas) are refused either way.

    Raises:
        ValueError: no such file, an unknown format, a damaged file (`FileDamagedError`); TypeError: a class
            that nothing is known of.

    Source: `keras.saving.load_model`.
    """
    from . import archive, contents, folder, legacy

    if hasattr(filepath, "read"):
        name, data = getattr(filepath, "name", "the open file"), filepath.read()
    else:
        name = os.fspath(filepath) if isinstance(filepath, os.PathLike) else str(filepath)
        if os.path.isdir(name) and os.path.exists(os.path.join(name, contents.CONFIG)):
            with reading(name):
                return contents.model_from(folder.read(name), custom_objects, compile, safe_mode)
        if not name.endswith((*H5, ".keras", ".mt")):
            raise ValueError(
                f"File format not supported: filepath={name}. What can be loaded are `.keras`, `.mt` and "
                "`.h5` files; TensorFlow's SavedModel is not among them."
            )
        if not os.path.isfile(name):
            raise _missing(name)
        data = Path(name).read_bytes()
    with reading(name):
        if str(name).endswith(H5):
            return legacy.read_model(data, custom_objects, compile, safe_mode, name)
        if not archive.is_archive(data):
            raise FileDamagedError(
                f"File not found: filepath={name} is there, but it is no archive. Please ensure the file is "
                "an accessible `.keras` zip file."
            )
        return contents.model_from(archive.unpack(data, contents.wanted), custom_objects, compile, safe_mode)


def save_weights(
    model: Any, filepath: Any, overwrite: bool = True, max_shard_size: Any = None, **kwargs: Any
) -> None:
    """Write the variables of a model, and of its optimizer, to a file.

    Args:
        filepath: ends in `.weights.h5` or `.weights.mt`.
        overwrite: False: ask on the terminal before a file is replaced.
        max_shard_size: GB; a file `.weights.json` that names several `.weights.h5`.
        objects_to_skip: layers that are left out.

    Raises:
        ValueError: another ending, or a model that is not built.

    Source: `keras.Model.save_weights`.
    """
    from . import archive, contents, hdf5, layout, shards

    skip = kwargs.pop("objects_to_skip", None) or ()
    if kwargs:
        raise ValueError(f"Invalid keyword arguments: {kwargs}")
    name = os.fspath(filepath) if isinstance(filepath, os.PathLike) else str(filepath)
    endings = (".weights.h5", ".weights.mt") if max_shard_size is None else ("weights.json", "weights.h5")
    if not name.endswith(endings):
        raise ValueError(f"The filename must end in `{'` or `'.join(endings)}`. Received: filepath={name}")
    if not model.built:
        raise ValueError(
            "You are saving a model that has not yet been built. Try building the model first by calling it "
            "on some data or by using `build()`."
        )
    if not _may_write(name, overwrite):
        return
    if max_shard_size is not None:
        shards.write(layout.gather(model, skip), name, max_shard_size)
    elif name.endswith(".mt"):
        _replace(name, archive.pack(contents.weights_of(model, skip)))
    else:
        _replace(name, hdf5.seal(hdf5.write(layout.gather(model, skip))))


def load_weights(model: Any, filepath: Any, skip_mismatch: bool = False, **kwargs: Any) -> None:
    """Assign the variables in a file to a model. If anything is wrong, nothing has changed.

    Args:
        filepath: what `save_weights` or `save_model` wrote; also Keras' own files.
        skip_mismatch: leave layers that do not fit as they are, with a warning.
        objects_to_skip: layers that are left as they are, in `.weights.h5` and `.weights.mt`.
        by_name: in a legacy `.h5`: by the layers' names, not by their order.

    Raises:
        ValueError: a damaged file, or variables that do not fit; FileNotFoundError.

    Source: `keras.Model.load_weights`.
    """
    from . import archive, contents, hdf5, layout, legacy, shards

    skip, by_name = kwargs.pop("objects_to_skip", None), kwargs.pop("by_name", None)
    if kwargs:
        raise ValueError(f"Invalid keyword arguments: {kwargs}")
    name = os.fspath(filepath) if isinstance(filepath, os.PathLike) else str(filepath)
    weights_alone = name.endswith((".weights.h5", ".weights.mt", ".weights.json"))
    old = name.endswith(H5) and not weights_alone
    if not weights_alone and not old and not name.endswith((".keras", ".mt")):
        raise ValueError(
            f"File format not supported: filepath={name}. Weights are in `.weights.h5`, `.weights.mt`, "
            "`.keras`, `.mt` or legacy `.h5` files."
        )
    if skip is not None and not weights_alone:
        raise ValueError(f"`objects_to_skip` only supports loading '.weights.h5' files. Received: {name}")
    if by_name is not None and not old:
        raise ValueError(f"`by_name` only supports loading legacy '.h5' or '.hdf5' files. Received: {name}")
    if not model.built:
        raise ValueError(
            "You are loading weights into a model that has not yet been built. Try building the model first "
            "by calling it on some data or by using `build()`."
        )
    if not os.path.isfile(name):
        raise FileNotFoundError(f"there is no file {name}.")
    data = Path(name).read_bytes()
    with reading(name):
        if old:
            legacy.load_weights(data, model, skip_mismatch, bool(by_name))
            return
        variables: layout.Arrays
        if name.endswith(".weights.h5"):
            variables = hdf5.read(data)
        elif name.endswith(".json"):
            variables = shards.read(data, name)
        else:
            variables = contents.variables_in(archive.unpack(data, contents.wanted))
        layout.restore(model, variables, skip_mismatch, skip or ())


def model_from_json(json_string: str, custom_objects: Any = None) -> Any:
    """The model that `model.to_json()` described, with new weights. Source: `keras.models.model_from_json`.

    >>> from microtensor.nn import Dense, Sequential
    >>> model = Sequential([Dense(2, input_shape=(3,), name="hidden")])
    >>> model_from_json(model.to_json()).layers
    [<Dense name=hidden, built=True>]
    """
    from . import contents, json_text

    return contents.model_of(json_text.parse_object(json_string, "the JSON"), custom_objects, True, True)


def _archive_of(model: Any, native: bool) -> bytes:
    from . import archive, contents

    _warn_if_unbuilt(model)
    return archive.pack(contents.members_of(model, native))


def _replace(name: str, data: bytes) -> None:
    from ..atomic import replace_file

    replace_file(name, data)


def _missing(name: str) -> Exception:
    if name.endswith(H5):
        return FileNotFoundError(f"there is no file {name}.")
    return ValueError(
        f"File not found: filepath={name}. Please ensure the file is an accessible `.keras` zip file."
    )


def _warn_if_unbuilt(model: Any) -> None:
    if not model.built:
        import warnings

        warnings.warn(
            "You are saving a model that has not yet been built. It might not contain any weights yet. "
            "Consider building the model first by calling it on some data.",
            stacklevel=4,
        )


def _may_write(name: str, overwrite: bool) -> bool:
    """True if nothing is there, or it may be replaced: as the caller says, or who sits at the terminal."""
    if overwrite or not os.path.exists(name):
        return True
    answer = input(f"[WARNING] {name} already exists - overwrite? [y/n]").strip().lower()
    while answer not in ("y", "n"):
        answer = input("Enter 'y' (overwrite) or 'n' (cancel).").strip().lower()
    return answer == "y"


def _note(sentence: str) -> None:
    import logging

    logging.getLogger("microtensor").warning(sentence)
