"""Measuring what is warm: all peers live at once, and are asked for the same row one right after the other.

The one idea: what is asked costs microseconds, what surrounds it (importing, compiling, 190 MB of data) costs
seconds; so a peer is started once and asked many times, and between two answers that are compared lies less
than a second. While it waits for a question, a peer sleeps. `peers/serve.py` is the other end.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence

from harness import Peer, command, environment, find, progress
from report import Report

PATIENCE = 300.0  # seconds for one answer, compilation included
QUIET = 0.2  # seconds: whose work is done by several threads lets them spin for a while, on our cores
SLOW = 5.0  # seconds: a counted answer that takes longer is not asked for again


class Conversation:
    """A peer that lives, and answers."""

    def __init__(self, peer: Peer, options: argparse.Namespace, threads: int, pinned: bool) -> None:
        self.peer, self.silent, self.gone = peer, set[str](), False
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self._process = subprocess.Popen(
            command(peer, options),
            env=environment(peer, threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        if pinned:
            # XLA's flags leave it a second thread, whatever they are named; a core is a core.
            os.sched_setaffinity(self._process.pid, {max(os.sched_getaffinity(0))})

    def ask(self, question: str) -> float | None:
        """Seconds; None: it does not do this. RuntimeError: it is gone, or says why it cannot."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        timer = threading.Timer(PATIENCE, self._process.kill)
        timer.start()
        try:
            self._process.stdin.write(question + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        if not line:
            self.gone = True
            self._errors.seek(0)
            said = self._errors.read().strip().splitlines()
            raise RuntimeError(said[-1] if said else f"it ended with code {self._process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("seconds")

    def end(self) -> None:
        """Let it go."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()


def converse(
    title: str,
    peers: Sequence[Peer],
    questions: Mapping[str, str],
    options: argparse.Namespace,
    threads: int = 1,
    samples: Mapping[str, int] | None = None,
    pin: bool = True,
) -> Report:
    """Ask all peers for all rows, in rounds. questions: {row: what the peers are asked for it}. pin: those
    that have one thread share one core.
    """
    report = Report(title, options.rounds, samples=dict(samples or {}))
    present = find(peers, options, report)
    pinned = threads == 1 and pin and hasattr(os, "sched_setaffinity")
    report.machine["threads"] = f"{threads} for each library{', on one core' if pinned else ''}"
    talks = [Conversation(peer, options, threads, pinned) for peer in present]
    try:
        for turn in range(options.rounds + 1):
            for row, question in questions.items():
                for talk in talks if turn % 2 else reversed(talks):  # nobody is always the first
                    if row not in talk.silent and not talk.gone:
                        progress(f"{title}: round {turn}/{options.rounds}: {row}: {talk.peer.name}")
                        time.sleep(QUIET if threads > 1 and not options.quick else 0)
                        _ask(talk, row, question, turn, report)
    finally:
        for talk in talks:
            talk.end()
    progress("")
    order = [peer.name for peer in present]
    found = report.values
    report.values = {
        row: {name: found[row][name] for name in order if name in found[row]}
        for row in questions
        if row in found
    }
    return report


def _ask(talk: Conversation, row: str, question: str, turn: int, report: Report) -> None:
    began = time.perf_counter()
    try:
        seconds = talk.ask(question)
    except RuntimeError as error:
        if not talk.peer.elsewhere:
            raise RuntimeError(f"{talk.peer.name} failed at {row!r}: {error}") from error
        report.skipped[f"{talk.peer.name} in {row!r}"] = f"where it failed: {error}"
        seconds = None
    if seconds is None or (turn and time.perf_counter() - began > SLOW):
        talk.silent.add(row)
    if seconds is not None and turn:
        report.add(row, talk.peer.name, turn, seconds)
