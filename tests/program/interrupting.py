"""Interrupting: Ctrl-C at a chosen line, for tests that try every moment."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from typing import Any


def stopped_at(line: int, act: Callable[[], Any], error: type[BaseException]) -> bool:
    """Run it, and raise at the n-th line of this library or of generated text. False: it has fewer."""
    count = 0

    def trace(frame: Any, event: str, arg: Any) -> Any:
        nonlocal count
        file = frame.f_code.co_filename
        if "microtensor" not in file or "tests" in file:
            return None
        # Leaving a `with` block is a line event too, but no moment at which Ctrl-C is heard.
        if event == "line" and not linecache.getline(file, frame.f_lineno).strip().startswith("with "):
            count += 1
            if count == line:
                sys.settrace(None)
                raise error
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    except error:
        return True
    finally:
        sys.settrace(before)
    return False
