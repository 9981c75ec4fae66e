"""Text: the terms of a step as a page of Python.

The one idea: what is used once stands where it is used, and what is used again has a name. So the page reads
like the formulas of a book, and no work is done twice.

    # dense
    dense_0 = 1.0 / (1.0 + exp(-(x_0 * dense_kernel_0_0 + x_1 * dense_kernel_1_0 + dense_bias_0)))
    dense_1 = 1.0 / (1.0 + exp(-(x_0 * dense_kernel_0_1 + x_1 * dense_kernel_1_1 + dense_bias_1)))
"""

from __future__ import annotations

import builtins
import itertools
import keyword
import math
import textwrap
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from .ir import Program, Row, Value
from .loop import Plan
from .scalar_terms import Term, Terms

WIDTH = 100
LARGEST = 24  # names and numbers in one expression: longer ones are no longer read, and parsers have limits
WORDS = (  # the page's own
    *("steps", "epochs", "samples", "ends", "states", "kept", "each", "packed", "Struct"),
    *("float32", "float32s", "abs", "float", "index", "int", "max", "min"),
)
IN_WORDS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
BETWEEN = str.maketrans(dict.fromkeys("()[]{},;:=+-*/%<>!&|^~@#'\"\\`$?\n\t", " "))  # no part of a word
ASSIGNED = ("= ", "+= ", "-= ", "*= ")
_RESERVED = {*keyword.kwlist, *keyword.softkwlist, *dir(math), *WORDS}

_FLOAT32 = """\
from struct import Struct


def float32(x, pack=Struct("f").pack, unpack=Struct("f").unpack):
    \"\"\"The float32 number that is nearest to x.\"\"\"
    return unpack(pack(x))[0]


"""


def source_of(plan: Plan, exact: bool) -> tuple[str, tuple[int, ...]]:
    """The text of a function that runs a step for each sample; and those of `plan.steps` that it is given:
    the others are not used.
    """
    page = _Page(plan, exact)
    return page.text(), page.given


class _Page:
    def __init__(self, plan: Plan, exact: bool) -> None:
        self.plan, self.program, self.exact = plan, plan.program, exact
        self.given: tuple[int, ...] = ()  # those of plan.steps that are used
        self.taken = set(_RESERVED)
        self.rows = by_scope(self.program)
        self.terms = Terms(self.program, self.rows, exact)
        for v in (*self.program.inputs, *self.program.states):
            self.terms.name(v, self._names(v))
        for row in self.rows:
            self.terms.write(row)
        known = self.terms.known
        self.outputs = [term for v in self.program.outputs for term in known[v].flat]
        self.updates = [
            pair
            for state, v in self.program.updates
            for pair in zip(known[state].flat, known[v].flat, strict=True)
            if pair[0] is not pair[1]
        ]

    # --- names -------------------------------------------------------------------------------------------

    def free(self, wanted: str) -> str:
        """The name, or `name_a`, ... if it is taken already."""
        name, k = wanted, 0
        while name in self.taken:
            k += 1
            name = f"{wanted}_{_letters(k)}"
        self.taken.add(name)
        return name

    def _names(self, v: Value) -> list[str]:
        """One for each element: kernel_0_1. What has one element needs no numbers."""
        names = [other.name for other in (*self.program.inputs, *self.program.states)]
        base = word(shortest(v.name, names))
        places = itertools.product(*map(range, v.shape))
        return [self.free(base + _numbers(place, v.shape)) for place in places]

    def _name_terms(self, named: Sequence[Term]) -> None:
        """The last value of a layer has the layer's name, those before it their operation's too."""
        last: dict[str, Row] = {}
        for term in named:
            if term.row is not None:
                last[term.row.scope] = term.row
        for term in named:
            row = term.row
            assert row is not None  # it has inputs, so a row made it
            layer = layer_of(row.scope)
            base = (
                layer
                if last[row.scope] is row and layer
                else "_".join(filter(None, (layer, row.operation.name)))
            )
            term.text = self.free(base + _numbers(term.place, row.result.shape))

    # --- lines -------------------------------------------------------------------------------------------

    def text(self) -> str:
        """The whole page."""
        named = self._counted()
        self._name_terms(named)
        lines = [(scope_of(term), term.text, filled(term)) for term in named]
        changes = [(scope_of(new), state.text, changed(state, new)) for state, new in self.updates]
        keep = [self.free(f"keep_{term.text}" if term.inputs else "keep") for term in self.outputs]
        calls = [
            ("what is kept", "", f"{each}({shown(x)})") for each, x in zip(keep, self.outputs, strict=True)
        ]
        if not keep:  # the steps that are done are counted all the same
            keep = [self.free("keep")]
            calls = [("what is kept", "", f"{keep[0]}(None)")]
        old = {state.text for state, _ in self.updates}
        early = [line for line, term in zip(calls, self.outputs, strict=False) if term.text in old]
        late = [line for line in calls if line not in early]
        lines, changes, late = in_place([*lines, *early], changes, late)
        body = _wrapped([*lines, *together(changes, self.free), *late])

        states = [term.text for v in self.program.states for term in self.terms.known[v].flat]
        after = [term.text for v, _ in self.program.updates for term in self.terms.known[v].flat]
        used = names_in("\n".join(body))
        numbers = {k: self.terms.known[self.program.inputs[k]].flat[0].text for k in self.plan.steps}
        self.given = tuple(k for k, name in numbers.items() if name in used)
        functions = sorted(used & (set(dir(math)) - set(dir(builtins)) | {"pow"}))  # -1 ** 0.5 is complex
        rounded = self._rounded()
        head = [f"from math import {', '.join(functions)}"] if functions else []
        head += ["from struct import Struct"] if rounded else []
        head += [""] if head else []
        if states:
            head += _block("", [_tuple(states)], " = states")
        head += _block("", [_tuple(keep)], " = (each.append for each in kept)")
        loop = _block("for ", [self._sample()], " in samples:")
        where_epochs_end = []
        if rounded:
            head.append(f'float32s = Struct("{len(rounded)}f")')
            pack = _block("packed = float32s.pack(", [", ".join(rounded)], ")")
            unpack = _block("", [_tuple(rounded)], " = float32s.unpack(packed)")
            where_epochs_end = [
                "if ends:  # the states, as float32 holds them",
                *_indented([*pack, *unpack], 4),
            ]
        end = _block("return ", [_tuple(after)], "")
        page = [
            "def steps(epochs, states, kept):",
            '    """One step for each sample, on numbers of Python; what the states have become."""',
            *_indented(head, 4),
            "    for samples, ends in epochs:",
            *_indented(loop, 8),
            *_indented(body or ["pass"], 12),
            *_indented(where_epochs_end, 8),
            *_indented(end, 4),
        ]
        return (_FLOAT32 if self.exact else "") + "\n".join(line.rstrip() for line in page) + "\n"

    def _rounded(self) -> list[str]:
        """The names of the states that become what float32 holds where an epoch ends."""
        single = np.dtype("float32")
        dtypes = {id(term): v.dtype for v in self.program.states for term in self.terms.known[v].flat}
        return [] if self.exact else [old.text for old, _ in self.updates if dtypes[id(old)] == single]

    def _sample(self) -> str:
        """What a step is given, as the target of `for`: x_0, x_1, y, learning_rate."""
        known, inputs = self.terms.known, self.program.inputs
        parts: list[str] = []
        rows = [known[inputs[k]] for k in self.plan.rows]
        if rows:
            samples = [[term.text for x in rows for term in x[b, ...].flat] for b in range(len(rows[0]))]
            parts += [_tuple(names, inside=True) for names in samples] if len(samples) > 1 else samples[0]
        parts += [known[inputs[k]].flat[0].text for k in self.given]
        return _tuple(parts) if parts else "_"

    def _counted(self) -> list[Term]:
        """The terms that need a name, in the order in which they can be computed."""
        order = {id(term): k for k, term in enumerate(self.terms.made.values())}
        ends = [*self.outputs, *(new for _, new in self.updates)]
        found: dict[int, Term] = {}
        waiting = list(ends)
        while waiting:
            term = waiting.pop()
            term.uses += 1
            if id(term) not in found:
                found[id(term)] = term
                for k, x in enumerate(term.inputs):
                    waiting.extend([x] * term.form.text.count(f"{{{k}}}"))
        made = sorted((t for t in found.values() if t.inputs), key=lambda t: order[id(t)])
        kept = {id(term) for term in self.outputs}
        weight: dict[int, int] = {}  # how many names and numbers stand in its expression
        named = {id(term) for term in made if term.uses > 1 or id(term) in kept}
        for term in made:
            parts = {id(x): 1 if id(x) in named else weight.get(id(x), 1) for x in term.inputs}
            for x in term.inputs:  # what one layer hands to another is named, if it is more than a product
                if parts[id(x)] > 2 and scope_of(x) != scope_of(term):
                    named.add(id(x))
                    parts[id(x)] = 1
            while sum(parts.values()) > LARGEST and max(parts.values()) > 1:
                largest = max(parts, key=parts.__getitem__)
                named.add(largest)
                parts[largest] = 1
            weight[id(term)] = sum(parts.values())
        return [term for term in made if id(term) in named]


# --- expressions -----------------------------------------------------------------------------------------


def shown(term: Term) -> str:
    """Its name, or its expression."""
    return term.text or filled(term)


def filled(term: Term) -> str:
    """Its expression. What has no name inside is never deeper than LARGEST."""
    parts = []
    for x, need in zip(term.inputs, _needs(term), strict=True):
        text, level = (x.text, x.form.level if not x.inputs else 99) if x.text else (filled(x), x.form.level)
        parts.append(text if level >= need else f"({text})")
    return term.form.text.format(*parts)


def _needs(term: Term) -> tuple[int, ...]:
    needs = term.form.needs
    return (needs + needs[-1:] * len(term.inputs))[: len(term.inputs)]


def changed(state: Term, new: Term) -> str:
    """`= expression`, or `-= the rest` where a state is changed by something."""
    if not new.text and new.inputs[0] is state and len(new.inputs) == 2:
        sign = {"{0} + {1}": "+=", "{0} - {1}": "-=", "{0} * {1}": "*="}.get(new.form.text)
        if sign:
            return f"{sign} {shown(new.inputs[1])}"
    return f"= {shown(new)}"


Line = tuple[str, str, str]  # scope, the name that is assigned or "", the expression


def in_place(
    lines: list[Line], changes: list[Line], late: list[Line]
) -> tuple[list[Line], list[Line], list[Line]]:
    """Where a state is read no more, the line that makes its new value writes into it."""
    last: dict[str, int] = {}  # where a name is read last
    words = [names_in(text) for _, _, text in (*lines, *changes)]
    for k, found in enumerate(words):
        last.update(dict.fromkeys(found, k))
    place = {name: k for k, (_, name, _) in enumerate(lines) if name}
    renamed: dict[str, str] = {}
    left = []
    for scope, state, text in changes:
        new = text.removeprefix("= ")
        if new in place and new not in renamed and last.get(state, -1) <= place[new]:
            renamed[new] = state
        else:
            left.append((scope, state, text))

    lines, left, late = (
        [(scope, renamed.get(name, name), renamed_in(text, renamed)) for scope, name, text in some]
        for some in (lines, left, late)
    )
    return lines, left, late


def together(changes: list[Line], free: Callable[[str], str]) -> list[Line]:
    """The changes of the states as lines. What a later one reads and an earlier one writes is kept before."""
    written: set[str] = set()
    old: dict[str, str] = {}
    lines = []
    for scope, state, text in changes:
        old.update({name: free(f"old_{name}") for name in sorted(names_in(text) & written - {*old})})
        lines.append((scope, "", f"{state} {renamed_in(text, old if written else {})}"))
        written.add(state)
    return [("before the changes", name, state) for state, name in old.items()] + lines


def names_in(text: str) -> set[str]:
    """The words in lines of the page, comments included; of `a.b` the first, and of numbers none."""
    parts = [each.partition(".")[0] for each in text.translate(BETWEEN).split()]
    return {each for each in parts if not each[:1].isdigit()}


def renamed_in(text: str, names: dict[str, str]) -> str:
    """An expression with other names."""
    if not names:
        return text
    import re  # it would take half a millisecond of every start

    return re.sub(r"(?<![\w.])[A-Za-z_]\w*", lambda found: names.get(found[0], found[0]), text)


def _wrapped(lines: Iterable[Line]) -> list[str]:
    """Lines of at most WIDTH columns, with a comment where another layer begins."""
    text, before = [], ""
    for scope, name, expression in lines:
        if scope != before:
            before = scope
            text.append(f"# {title(scope)}")
        head, _, rest = f"{name} = {expression}".partition("= ") if name else ("", "", expression)
        line = f"{head}= {rest}" if name else rest
        if len(line) <= WIDTH:
            text.append(line)
        elif name or line.partition(" ")[2].startswith(ASSIGNED):
            target, _, value = line.partition("= ")
            text += _block(f"{target}= (", [value], ")")
        else:
            text += _block("", [line], "")
    return text


def _indented(lines: Sequence[str], columns: int) -> list[str]:
    return textwrap.indent("\n".join(lines), " " * columns).split("\n") if lines else []


def _block(opening: str, parts: Sequence[str], closing: str) -> list[str]:
    """`opening parts closing` in one line, or in as many as it needs: between words, inside parentheses."""
    inner = " ".join(parts)
    if len(opening) + len(inner) + len(closing) <= WIDTH:
        return [f"{opening}{inner}{closing}"]
    if not opening.endswith("("):
        opening, closing = f"{opening}(", f"){closing}"
    for sign in "*/%":  # a product stays in one line
        inner = inner.replace(f" {sign} ", f"\u00a0{sign}\u00a0")
    lines = textwrap.wrap(inner, WIDTH - 8, break_long_words=False, break_on_hyphens=False)
    return [opening, *(f"    {line}".replace("\u00a0", " ") for line in lines), closing]


# --- names from the program ------------------------------------------------------------------------------


def word(name: str) -> str:
    """Any text as an identifier. `dense_1` becomes `dense1`: what follows `_` are an element's places."""
    parts = "".join([c if c in IN_WORDS else " " for c in name.lower()]).split()
    plain = "_".join(parts)[:40]
    plain = "".join([part if part[:1].isdigit() else f"_{part}" for part in plain.split("_")]).strip("_")
    return plain if plain and not plain[0].isdigit() else f"v{plain}"


def title(scope: str) -> str:
    """Any text as a comment: one line, of characters that are seen."""
    layer = "".join(c for c in scope.removesuffix("'") if c.isprintable())[:60]
    return f"{layer}, backward" if scope.endswith("'") else layer or "outside of layers"


def layer_of(scope: str) -> str:
    """What the values of a layer are called: dense1, and d_dense1 in its backward."""
    name = scope.removesuffix("'").rsplit("/", 1)[-1]
    if not name:
        return "d" if scope else ""
    return f"d_{word(name)}" if scope.endswith("'") else word(name)


def scope_of(term: Term) -> str:
    """The layer that a term belongs to."""
    return term.row.scope if term.row is not None else ""


def shortest(name: str, names: Sequence[str]) -> str:
    """The last parts of a path, as many as are needed to tell it from the others."""
    parts = name.split("/")
    for k in range(1, len(parts)):
        tail = "/".join(parts[-k:])
        if sum(other == tail or other.endswith(f"/{tail}") for other in names) == 1:
            return tail
    return name


def _tuple(names: Sequence[str], inside: bool = False) -> str:
    """(x,) or `x, y`, which is (x, y) inside of another."""
    if len(names) < 2:
        return f"({names[0]},)" if names else "()"
    return f"({', '.join(names)})" if inside else ", ".join(names)


def _numbers(place: Sequence[int], shape: Sequence[int]) -> str:
    return "".join(f"_{k}" for k, n in zip(place, shape, strict=True) if n > 1)


def _letters(k: int) -> str:
    """1: a, 2: b, ..., 27: aa."""
    text = ""
    while k:
        k, digit = divmod(k - 1, 26)
        text = chr(97 + digit) + text
    return text


# --- the order of rows -----------------------------------------------------------------------------------


def by_scope(program: Program) -> list[Row]:
    """The rows layer by layer, as far as their inputs allow, so that the page has few headings."""
    rows = program.rows
    place = {row.result: k for k, row in enumerate(rows)}
    needs = [{place[x] for x in row.values if x in place} for row in rows]
    depth: list[int] = []
    rank: dict[str, int] = {}  # how late a layer's last row can run
    for row, before in zip(rows, needs, strict=True):
        depth.append(1 + max((depth[k] for k in before), default=0))
        rank[row.scope] = max(rank.get(row.scope, 0), depth[-1])
    users: list[list[int]] = [[] for _ in rows]
    for k, before in enumerate(needs):
        for j in before:
            users[j].append(k)
    waits = list(map(len, needs))
    ready: dict[str, list[int]] = {}
    for k, count in enumerate(waits):
        if not count:
            ready.setdefault(rows[k].scope, []).append(k)
    ordered: list[Row] = []
    scope = ""
    while ready:
        scope = scope if scope in ready else min(ready, key=lambda s: rank[s])
        k = min(ready[scope])
        ready[scope].remove(k)
        if not ready[scope]:
            del ready[scope]
        ordered.append(rows[k])
        for user in users[k]:
            waits[user] -= 1
            if not waits[user]:
                ready.setdefault(rows[user].scope, []).append(user)
    return ordered
