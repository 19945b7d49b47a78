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
    if anchor is None or not anchor.exists():
        return []
    findings = []
    for line in anchor.read_text(encoding="utf-8").splitlines():
        row, digest, _ = line.split(" ", 2)
        known = digests.get(int(row))
        if known != digest:
            fault = Fault.SEAL_MISSING if known is None else Fault.ANCHOR_DIFFERS
            findings.append(Finding(fault=fault, first_row=int(row), last_row=int(row)))
    return findings
