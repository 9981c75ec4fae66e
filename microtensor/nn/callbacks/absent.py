"""Callbacks of Keras that are not here, and what to do instead."""

from __future__ import annotations

_INSTEAD = {
    "TensorBoard": "it writes files of TensorFlow's; CSVLogger writes a table, history.history is a dict",
    "RemoteMonitor": "nothing here opens a connection; a LambdaCallback(on_epoch_end=...) may",
    "OrbaxCheckpoint": "it writes files of JAX's; ModelCheckpoint and BackupAndRestore save models",
}


def sentence_about(name: str) -> str:
    """Why `keras.callbacks` has no such name."""
    if name in _INSTEAD:
        return f"keras.callbacks has no {name} here: {_INSTEAD[name]}."
    return f"module 'keras.callbacks' has no attribute {name!r}"
