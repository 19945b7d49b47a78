"""Figures that proofs record: printed at the end of a run and, by ``--figures``, written as a report.

A test takes the fixture ``figure`` and calls ``figure("rows lost", 0, "rows")``. The report names each proof
by the first line of its docstring.
"""

import datetime as dt
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

PROPERTY = "figure"
PROOF = "proof"


class Figure(Protocol):
    """Record a figure: what was measured, its value, its unit (may be empty)."""

    def __call__(self, name: str, value: object, unit: str = "") -> None: ...


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One proof of a run: its words, how it ended, and what it measured."""

    node: str
    words: str
    outcome: str
    seconds: float
    figures: tuple[tuple[str, str], ...]


class Notebook:
    """The pytest plugin that gathers proofs and writes the report."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.proofs: list[Proof] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what a test recorded, when it has run or was skipped."""
        properties = dict(report.user_properties)
        if PROOF not in properties or not (report.when == "call" or report.skipped):
            return
        self.proofs.append(
            Proof(
                node=report.nodeid,
                words=str(properties[PROOF]),
                outcome={"passed": "held", "failed": "BROKEN", "skipped": "not run"}[report.outcome],
                seconds=report.duration,
                figures=tuple(_pairs(report)),
            )
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the figures; write the report where one is wanted."""
        if not self.proofs:
            return
        terminalreporter.section("figures of the proofs")
        for proof in self.proofs:
            terminalreporter.line(f"{proof.outcome}: {proof.words}")
            for name, value in proof.figures:
                terminalreporter.line(f"    {name}: {value}")
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(report_of(self.proofs), encoding="utf-8")
            terminalreporter.line(f"Written to {self.path}.")


def report_of(proofs: list[Proof]) -> str:
    """Return the report as Markdown: a table of the proofs, then the figures of each."""
    today = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    held = sum(proof.outcome == "held" for proof in proofs)
    made = (
        f"Made by `./dev trust` on {today}: {held} of {len(proofs)} proofs held. "
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors."
    )
    lines = [
        "# Trust report",
        "",
        made,
        "",
        "| proof | | seconds |",
        "|---|---|---:|",
        *(f"| {_cell(proof.words)} | {proof.outcome} | {proof.seconds:.1f} |" for proof in proofs),
    ]
    for proof in proofs:
        if proof.figures:
            lines += ["", f"## {proof.words}", "", f"`{proof.node}`", "", "| figure | value |", "|---|---:|"]
            lines += [f"| {_cell(name)} | {_cell(value)} |" for name, value in proof.figures]
    return "\n".join(lines) + "\n"


def _pairs(report: pytest.TestReport) -> Iterator[tuple[str, str]]:
    for name, value in report.user_properties:
        # A report of another process carries its tuples as lists.
        if name == PROPERTY and isinstance(value, (tuple, list)):
            yield str(value[0]), str(value[1])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
