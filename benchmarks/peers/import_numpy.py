"""The floor: Python starts, imports NumPy, and ends."""

import numpy  # noqa: F401
