"""What was measured, as data: values by row, peer and round; goals; and the tables made of them.

The one idea: everything that is shown is computed from the single numbers of the rounds, which are kept. A
row "table | column" stands in that column of that table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

OURS = "microtensor"
JIT = "microtensor, jit_compile=True"
PROCESS = "process"  # the row of a whole process, from start to exit


@dataclass
class Report:
    """What was measured: values[row][peer][round], in `unit` ("s", "MB", "kB")."""

    title: str
    rounds: int
    machine: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, dict[int, float]]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)  # of peers: what they printed
    skipped: dict[str, str] = field(default_factory=dict)  # peer: why
    samples: dict[str, int] = field(default_factory=dict)  # row: how many samples a step of it takes
    unit: str = "s"

    def add(self, row: str, peer: str, turn: int, value: float) -> None:
        """One measurement."""
        self.values.setdefault(row, {}).setdefault(peer, {})[turn] = value

    def prefixed(self, prefix: str) -> Report:
        """The same, each row's name begun by a word."""
        self.values = {f"{prefix}{row}": peers for row, peers in self.values.items()}
        return self

    def median(self, row: str, peer: str) -> float | None:
        """Of the rounds; None: it was not measured."""
        found = self.values.get(row, {}).get(peer)
        return median(found.values()) if found else None

    def ratios(self, one: tuple[str, str], other: tuple[str, str], minus: bool = False) -> list[float]:
        """One (row, peer) over another, round by round; minus: less the other."""
        a, b = (self.values.get(row, {}).get(peer, {}) for row, peer in (one, other))
        return [a[k] - b[k] if minus else a[k] / b[k] for k in a if k in b]

    def text(self, row: str, value: float) -> str:
        """A value with its unit, and the samples a second."""
        shown = duration(value) if self.unit == "s" else f"{value:,.1f} {self.unit}"
        return f"{shown} ({self.samples[row] / value:,.0f}/s)" if row in self.samples else shown

    def as_json(self) -> dict[str, Any]:
        """Everything."""
        return dict(vars(self))

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> Report:
        """The report that `as_json` gave; JSON's keys are texts."""
        report = cls(**told)
        for peers in report.values.values():
            for peer, rounds in peers.items():
                peers[peer] = {int(turn): value for turn, value in rounds.items()}
        return report


class Goal(NamedTuple):
    """A number that ours has to reach: in `row`, alone or against another row or peer (ratio, or `minus`).

    against = "all": against the fastest of the peers in this row. `also`: other rows that have to reach it as
    well; the worst of all is shown. A row "" in `against` is the one that is judged.
    """

    text: str
    row: str
    at_most: float
    against: tuple[str, str] | str = ""
    peer: str = OURS
    minus: bool = False
    but: tuple[str, ...] = ()  # peers that "all" leaves out: they are no libraries
    also: tuple[str, ...] = ()

    def reached(self, report: Report) -> list[float]:
        """The numbers of the rounds that are held against `at_most`; [] where something is missing."""
        if self.also:
            each = (self._replace(row=row, also=()).reached(report) for row in (self.row, *self.also))
            return max((found for found in each if found), key=median, default=[])
        own = self.row, self.peer
        if isinstance(self.against, tuple):
            return report.ratios(own, (self.against[0] or self.row, self.against[1]), self.minus)
        if self.against == "all":
            others = [p for p in report.values.get(self.row, {}) if not p.startswith(OURS)]
            found = [report.ratios(own, (self.row, p)) for p in others if p not in self.but]
            return max((r for r in found if r), key=median, default=[])
        return list(report.values.get(self.row, {}).get(self.peer, {}).values())

    def judged(self, report: Report) -> str:
        """As a line of a table: | text | goal | measured | verdict |."""
        found = self.reached(report)
        relative = (isinstance(self.against, tuple) and not self.minus) or self.against == "all"

        def shown(value: float) -> str:
            return f"{value:.3g}" if relative else report.text("", value)

        if not found:
            return f"| {self.text} | ≤ {shown(self.at_most)} | | not measured |"
        low, middle, high = shown(min(found)), shown(median(found)), shown(max(found))
        verdict = "reached" if median(found) <= self.at_most else "**missed**"
        return f"| {self.text} | ≤ {shown(self.at_most)} | {middle} ({low} .. {high}) | {verdict} |"


class Plot(NamedTuple):
    """A picture of some rows: x by row, one line for each peer."""

    name: str
    title: str
    x_label: str
    points: dict[str, float]  # row: where it stands on the x axis
    peers: tuple[str, ...]


def duration(seconds: float) -> str:
    """0.0000012 as "1.20 us"."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if abs(seconds) >= size:
            return f"{seconds / size:.3g} {unit}" if seconds >= 10 * size else f"{seconds / size:.2f} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def spread(ratios: Sequence[float]) -> str:
    """The median of some ratios, and how far they are apart."""
    return f"{median(ratios):.3g} ({min(ratios):.3g} .. {max(ratios):.3g})" if ratios else ""


def as_text(report: Report, titles: dict[str, str], goals: Sequence[Goal] = ()) -> str:
    """For a terminal: a table for each row that was measured, then the goals."""
    lines = [f"{report.title}; rounds: {report.rounds}", ""]
    lines += [f"  {what}: {is_}" for what, is_ in report.machine.items()]
    for row, peers in report.values.items():
        lines += ["", f"{row}: {titles[row]}" if row in titles else row]
        lines.append(f"  {'':34}{'median':>10}   {OURS} / peer (min .. max)")
        for peer, found in peers.items():
            note = f"   {report.notes[peer]}" if report.notes.get(peer) else ""
            ratio = "" if peer == OURS else spread(report.ratios((row, OURS), (row, peer)))
            value = report.text(row, median(found.values()))
            lines.append(f"  {peer:34}{value:>10}   {ratio:24}{note}".rstrip())
    lines += ["", *(f"  skipped: {peer}, {why}" for peer, why in report.skipped.items())]
    lines += ["", *(goal.judged(report) for goal in goals)]
    return "\n".join(lines).rstrip()


def as_markdown(report: Report, titles: dict[str, str]) -> str:
    """The tables: peers down, columns across; in a cell the median, and microtensor's over it."""
    lines: list[str] = []
    tables: dict[str, list[str]] = {}
    for row in report.values:
        tables.setdefault(row.split(" | ")[0], []).append(row)
    for table, rows in tables.items():
        columns = [row.partition(" | ")[2] or "median" for row in rows]
        lines += ["", f"**{table}**" + (f": {titles[table]}" if table in titles else ""), ""]
        lines += ["| | " + " | ".join(f"{c} | ours / peer" for c in columns) + " |"]
        lines += ["|---" * (1 + 2 * len(columns)) + "|"]
        for peer in dict.fromkeys(peer for row in rows for peer in report.values[row]):
            cells = []
            for row in rows:
                value = report.median(row, peer)
                cells.append("" if value is None else report.text(row, value))
                same = peer == OURS
                cells.append("" if same else spread(report.ratios((row, OURS), (row, peer))))
            lines.append(f"| {peer} | " + " | ".join(cells) + " |")
    notes = [f"{peer}: {note}" for peer, note in report.notes.items() if note]
    lines += ["", "Notes: " + "; ".join(notes) + "."] if notes else []
    lines += ["", *(f"- {peer} is left out, {why}." for peer, why in report.skipped.items())]
    return "\n".join(lines)
