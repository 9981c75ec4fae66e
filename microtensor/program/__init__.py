"""Program: a step of computation as data. Captured once, improved by small passes, printed as source, run.

The one idea: a step that trains is a list of rows, and each thing that is done with it (a pass, a source, a
picture) is a function of that list.
"""

from typing import TYPE_CHECKING

from ..lazy import lazily
from .capture import Captured as Captured
from .capture import CaptureError as CaptureError
from .capture import capture as capture

if TYPE_CHECKING:
    from .choice import using as using
    from .ir import Program as Program
    from .ir import Row as Row
    from .ir import Value as Value
    from .jitted import jit as jit
    from .passes import improved as improved
    from .passes import stages as stages
    from .semantics import ProgramError as ProgramError
    from .semantics import interpret as interpret
    from .semantics import typecheck as typecheck

__getattr__, __dir__ = lazily(__name__)
