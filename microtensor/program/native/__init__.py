"""Native: the rows of a program as machine code, through a C compiler."""

from __future__ import annotations

from .compiler import CompilerError
from .loop import NativeLoop, native_loop

__all__ = ["CompilerError", "NativeLoop", "native_loop"]
