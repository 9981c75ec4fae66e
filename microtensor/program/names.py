"""Names: identifiers for generated source. What a user called a layer becomes a word, and never a line."""

from __future__ import annotations

import builtins
import keyword
import re


class Names:
    """Hands out identifiers, each one once.

    >>> names = Names()
    >>> names.free("sequential/dense/kernel"), names.free("Dense kernel!"), names.free("lambda")
    ('dense_kernel', 'dense_kernel_1', 'lambda_1')
    """

    def __init__(self) -> None:
        self.taken = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins)}
        self.taken |= {"empty", "array", "asarray", "copyto", "lo", "hi"}

    def free(self, wanted: str) -> str:
        """An identifier like `wanted`, of a path its last two parts, that was not given away yet."""
        parts = "_".join(wanted.lower().rsplit("/", 2)[-2:])
        plain = re.sub(r"[^a-z0-9_]+", "_", parts).strip("_")[:60] or "value"
        plain = f"v{plain}" if plain[0].isdigit() else plain
        free, k = plain, 0
        while free in self.taken:
            k += 1
            free = f"{plain}_{k}"
        self.taken.add(free)
        return free


def one_line(text: str) -> str:
    """A name for a comment: printable, on one line, not long."""
    return "".join(c if c.isprintable() else "?" for c in text)[:80]
