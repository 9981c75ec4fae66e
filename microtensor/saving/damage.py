"""FileDamagedError: the one error for a file that is not what it says it is.

The one idea: whatever a reader stumbles over in a file, a flipped bit or a trap, is told in the same way; a
half read model is never returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class FileDamagedError(ValueError):
    """A file that is truncated, changed, or was made to do harm. Nothing of it was used."""


@contextmanager
def reading(filepath: Any) -> Iterator[None]:
    """Inside, whatever goes wrong while a file is taken apart is a `FileDamagedError` that names the file.

    Sentences that were meant for the caller (ValueError, TypeError, ImportError) pass, and so does what says
    that the file cannot be reached: a missing file is not a damaged one.
    """
    try:
        yield
    except (ValueError, TypeError, ImportError, NotImplementedError, FileNotFoundError, PermissionError):
        raise
    except Exception as error:  # zipfile, zlib, struct, h5py and deep nesting each have errors of their own
        raise FileDamagedError(
            f"{filepath} cannot be read: {type(error).__name__}: {str(error)[:200] or 'no details'}. It is "
            "damaged, or was not written by save(): use another copy of it."
        ) from error
