"""JSON from a file that nobody vouches for.

The one idea: how deep it nests is counted, and how long it is compared, before a parser sees it.
"""

from __future__ import annotations

from typing import Any

from .damage import FileDamagedError

LARGEST = 64 << 20  # bytes; a model of a thousand layers has one of them
DEEPEST = 100  # no model nests like that, a hostile file may


def parse(text: bytes | str, what: str = "the JSON") -> Any:
    """The value of a JSON text. `FileDamagedError` for one too long, too deep, or that is none."""
    import json

    if len(text) > LARGEST:
        raise FileDamagedError(f"{what} has {len(text)} bytes; at most {LARGEST} are read.")
    try:
        plain = text.decode("utf-8") if isinstance(text, bytes) else text
        check_depth(plain, what)
        return json.loads(plain)
    except FileDamagedError:
        raise
    except (ValueError, RecursionError) as error:
        raise FileDamagedError(f"{what} is no JSON: {str(error)[:120]}.") from error


def parse_object(text: bytes | str, what: str = "the JSON") -> dict[str, Any]:
    """The same, for a text that must be an object, {"key": value}."""
    value = parse(text, what)
    if not isinstance(value, dict):
        raise FileDamagedError(f"{what} must be an object, {{...}}; it is a {type(value).__name__}.")
    return value


def check_depth(text: str, what: str) -> None:
    """Brackets outside of strings, counted. `FileDamagedError` if they nest deeper than `DEEPEST`."""
    import re

    depth, inside = 0, False
    for token in re.finditer(r'\\.|["\[\]{}]', text, re.DOTALL):
        mark = token[0]
        if mark == '"':
            inside = not inside
        elif not inside:
            depth += (mark in "[{") - (mark in "]}")
            if depth > DEEPEST:
                raise FileDamagedError(f"{what} nests deeper than {DEEPEST} levels; no model does.")


def write(value: Any) -> bytes:
    """The text of a plain value, in one line, as Keras writes it."""
    import json

    return json.dumps(value).encode("utf-8")
