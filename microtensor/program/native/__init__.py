"""Native: the rows of a program as machine code, through a C compiler.

`native_loop` runs many steps as one call, `native_step` one step.
"""

from __future__ import annotations

from .compiler import CompilerError
from .kernels import Kernel, group_kernel
from .loop import NativeLoop, native_loop
from .step import NativeStep, native_step

__all__ = [
    "CompilerError",
    "Kernel",
    "NativeLoop",
    "NativeStep",
    "group_kernel",
    "native_loop",
    "native_step",
]
