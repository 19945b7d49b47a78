"""Checking the audit log: does every seal still fit its rows, and the anchor its seals."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from servicetray.audit import purging
from servicetray.audit.models import AuditPurge, AuditRow, AuditRowSubject, AuditSeal
from servicetray.audit.operations import HASHED, START, digest_of, subjects_in
from servicetray.core.db import db


class Fault(StrEnum):
    """What is wrong with a sealed run of rows."""

    ROWS_CHANGED = "rows_changed"
    ROWS_MISSING = "rows_missing"
    SUBJECTS_DIFFER = "subjects_differ"
    SEAL_MISSING = "seal_missing"
    SEAL_WEAKER = "seal_weaker"
    PURGE_FORGED = "purge_forged"
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
    purged: int
    """Seals whose rows were deleted at the end of their term."""
    findings: tuple[Finding, ...]


def verify(*, anchor: Path | None) -> Verification:
    """Recompute every seal and compare it, and the anchor outside the database if there is one."""
    findings: list[Finding] = []
    previous, end, rows_seen, version = START, 0, 0, HASHED
    seals = db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)).all()
    purges = {row.seal_id: row for row in db.session.scalars(select(AuditPurge)).all()}
    for seal in seals:
        rows = db.session.scalars(
            select(AuditRow).where(AuditRow.id > end, AuditRow.id <= seal.last_row).order_by(AuditRow.id)
        ).all()
        rows_seen += len(rows)
        fault = _fault_of(seal, rows, previous=previous, purge=purges.get(seal.id), weakest=version)
        if fault is not None:
            findings.append(Finding(fault=fault, first_row=end + 1, last_row=seal.last_row))
        previous, end, version = seal.digest, seal.last_row, max(version, seal.version)
        db.session.expunge_all()
    findings += _against_anchor(anchor, {seal.last_row: seal.digest for seal in seals})
    return Verification(rows=rows_seen, seals=len(seals), purged=len(purges), findings=tuple(findings))


def _fault_of(
    seal: AuditSeal, rows: Sequence[AuditRow], *, previous: str, purge: AuditPurge | None, weakest: int
) -> Fault | None:
    if seal.version < weakest:
        # Anybody can make a seal without a key: once there are better ones, none of the old kind follows.
        return Fault.SEAL_WEAKER
    if purge is not None:
        return None if purging.is_genuine(purge, seal) and not rows else Fault.PURGE_FORGED
    if len(rows) != seal.rows:
        return Fault.ROWS_MISSING
    if digest_of(rows, previous, version=seal.version) != seal.digest:
        return Fault.ROWS_CHANGED
    return (
        None
        if _listed(rows) == {row.id: keys for row in rows if (keys := subjects_in(row))}
        else (Fault.SUBJECTS_DIFFER)
    )


def _listed(rows: Sequence[AuditRow]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    entries = db.session.execute(
        select(AuditRowSubject.row_id, AuditRowSubject.subject_key).where(
            AuditRowSubject.row_id >= rows[0].id, AuditRowSubject.row_id <= rows[-1].id
        )
    )
    for row_id, key in entries:
        found.setdefault(row_id, set()).add(key)
    return {row_id: frozenset(keys) for row_id, keys in found.items()}


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
