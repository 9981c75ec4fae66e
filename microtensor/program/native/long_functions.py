"""Long functions: what keeps a compiler quick when a net has a hundred layers, since its time grows faster
than a function does; and what gives a long loop all registers.

The one idea: fifty layers of one size are fifty times the same loops over other arrays, which need to be
compiled only once:

    for (int64_t i = 0; i < 8192; i++) { ... v6 ... v9 ... }        part0(v6, v9);
    for (int64_t i = 0; i < 8192; i++) { ... v11 ... v14 ... }      part0(v11, v14);

Hundreds of addresses are better looked up where they are needed than kept in registers that there are not.
And a long loop over many arrays (Adam's rule reads and writes seven) is a function of its own in any case:
amid a step, compilers keep its numbers in memory (it took half as long again).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

ARRAY, LOCAL = re.compile(r"\b(?:v|copy|from)\d+\b"), re.compile(r"\bx\d+\b")
POINTER = re.compile(r" *((?:const )?\w+) \*(?:restrict )?(\w+\d) = (.+);")
LONG = 300  # lines: a shorter function is better left as it is
SHORTEST = 3  # lines: fewer are not worth a call
MANY = 64  # addresses
MANY_ARRAYS = 5  # of a loop: their addresses, and what is made of their numbers, fill the registers


class Part(NamedTuple):
    """Lines that may move elsewhere, as a whole."""

    comments: list[str]
    form: str  # its text with names that say only which array is which
    arrays: tuple[str, ...]  # the names that it has here


def once(
    lines: Sequence[str],
    spans: Sequence[tuple[int, int]],
    types: Mapping[str, str],
    prefix: str = "",
    wide: Collection[tuple[int, int]] = (),
) -> tuple[list[str], list[str]]:
    """(functions, lines): what is repeated in a long function, or needs all registers, as functions, and the
    lines with calls of them.

    Args:
        lines: of the body of a function.
        spans: (start, stop) of the lines that belong together, in order, none inside of another.
        types: the C type of each array's elements.
        prefix: of the names of the functions: those of two functions of one file differ.
        wide: those of the spans that are long loops.
    """
    some = spans if len(lines) >= LONG else [span for span in spans if span in wide]
    parts = {span: part for span in some if (part := _part(lines[slice(*span)], types)) is not None}
    forms = [part.form for part in parts.values()]
    alone = {part.form for span, part in parts.items() if span in wide and len(part.arrays) >= MANY_ARRAYS}
    moved = [form for form in dict.fromkeys(forms) if form in alone or forms.count(form) > 1]
    names = {form: f"{prefix}part{k}" for k, form in enumerate(moved)}
    functions = [form.replace("PART", name, 1) for form, name in names.items()]
    found: list[str] = []
    at = 0
    for span, part in parts.items():
        if part.form in names:
            start, stop = span
            indent = " " * (len(lines[start]) - len(lines[start].lstrip()))
            call = f"{indent}{names[part.form]}({', '.join(part.arrays)});"
            found += [*lines[at:start], *part.comments, call]
            at = stop
    return functions, [*found, *lines[at:]]


def _part(lines: Sequence[str], types: Mapping[str, str]) -> Part | None:
    """None: these lines are short, or need something of the function in which they stand."""
    comments = [line for line in lines if line.lstrip().startswith("//")]
    body = [line for line in lines if not line.lstrip().startswith("//")]
    text = "\n".join(body)
    arrays = tuple(dict.fromkeys(ARRAY.findall(text)))
    if len(body) < SHORTEST or "goto" in text or "gemm(" in text or not types.keys() >= set(arrays):
        return None
    new = {name: f"v{k}" for k, name in enumerate(arrays)}
    new |= {name: f"x{k}" for k, name in enumerate(dict.fromkeys(LOCAL.findall(text)))}
    for pattern in (ARRAY, LOCAL):
        text = pattern.sub(lambda match: new[match.group()], text)
    given = ", ".join(f"{types[name]} *{new[name]}" for name in arrays)
    outer = len(body[0]) - len(body[0].lstrip()) - 4
    inner = "\n".join(line[outer:] for line in text.split("\n"))
    return Part(comments, f"SEPARATE void PART({given}) {{\n{inner}\n}}", arrays)


def looked_up(declarations: Sequence[str]) -> tuple[list[str], list[str]]:
    """(declarations, last lines): if there are many pointers, each is a macro for where its address is."""
    pointers = [POINTER.fullmatch(line) for line in declarations]
    if sum(match is not None for match in pointers) <= MANY:
        return list(declarations), []
    found = [
        line if match is None else "#define {1} (({0} *)({2}))".format(*match.groups())
        for line, match in zip(declarations, pointers, strict=True)
    ]
    return found, [f"#undef {match[2]}" for match in pointers if match is not None]
