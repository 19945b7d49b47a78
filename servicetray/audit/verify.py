"""Checking the audit log: does every seal still fit its rows, and the anchor its seals."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from servicetray.audit.models import AuditRow, AuditSeal
from servicetray.audit.operations import START, digest_of
from servicetray.core.db import db


class Fault(StrEnum):
    """What is wrong with a sealed run of rows."""

    ROWS_CHANGED = "rows_changed"
    ROWS_MISSING = "rows_missing"
    SEAL_MISSING = "seal_missing"
    ANCHOR_DIFFERS = "anchor_differs"
    ANCHOR_MISSING = "anchor_missing"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fault and the rows it concerns, both ends included."""

    fault: Fault
    first_row: int
    last_row: int


@dataclass(frozen=True, kw_only=True)
class Verification:
    """The result over the whole log."""

    rows: int
    seals: int
    findings: tuple[Finding, ...]


def verify(*, anchor: Path | None) -> Verification:
    """Recompute every seal and compare it, and the anchor outside the database if there is one."""
    findings: list[Finding] = []
    previous, end, rows_seen = START, 0, 0
    seals = db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)).all()
    for seal in seals:
        rows = db.session.scalars(
            select(AuditRow).where(AuditRow.id > end, AuditRow.id <= seal.last_row).order_by(AuditRow.id)
        ).all()
        rows_seen += len(rows)
        if len(rows) != seal.rows:
            findings.append(Finding(fault=Fault.ROWS_MISSING, first_row=end + 1, last_row=seal.last_row))
        elif digest_of(rows, previous) != seal.digest:
            findings.append(Finding(fault=Fault.ROWS_CHANGED, first_row=end + 1, last_row=seal.last_row))
        previous, end = seal.digest, seal.last_row
        db.session.expunge_all()
    findings += _against_anchor(anchor, {seal.last_row: seal.digest for seal in seals})
    return Verification(rows=rows_seen, seals=len(seals), findings=tuple(findings))


def _against_anchor(anchor: Path | None, digests: dict[int, str]) -> list[Finding]:
    if anchor is None:
        return []
    if not anchor.exists():
        whole = Finding(
            fault=Fault.ANCHOR_MISSING, first_row=min(digests, default=0), last_row=max(digests, default=0)
        )
        return [whole] if digests else []
    findings = []
    for line in anchor.read_text(encoding="utf-8").splitlines():
        number, _, rest = line.partition(" ")
        # A line that is no line of ours (cut off, edited) concerns no row that could be named: 0.
        row = int(number) if number.isdecimal() else 0
        known = digests.get(row)
        if known is None or known != rest.partition(" ")[0]:
            fault = Fault.ANCHOR_DIFFERS if known or not row else Fault.SEAL_MISSING
            findings.append(Finding(fault=fault, first_row=row, last_row=row))
    return findings
