"""Python starts, imports microtensor, and ends."""

import microtensor  # noqa: F401
