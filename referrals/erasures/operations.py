"""Noting what was erased, and telling it to the file outside the database.

The note is written in the transaction of the erasing; the worker appends it to the file after that has been
committed, and marks it. Broken off between the two, a line comes twice: reading it twice does no harm.
"""

import datetime as dt
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import select

from referrals.erasures.models import Erased as Erased
from referrals.erasures.models import Erasure
from servicetray.core.db import db, transaction
from servicetray.core.settings import current_settings

BATCH: Final = 1000


class Decided(StrEnum):
    """What a data protection officer decided of a record; it has to outlive a restore as an erasure has."""

    CORRECTED = "corrected"
    RESTRICTED = "restricted"
    UNRESTRICTED = "unrestricted"
    HELD = "held"
    LET_GO = "let-go"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the file: ``2026-03-10T09:00:00+00:00 referral 6f1c… -``.

    A decision has the referral's id, the controller, and as a fifth word what was decided, sealed.
    """

    at: dt.datetime
    what: Erased | Decided
    object_id: uuid.UUID
    by: str = ""
    sealed: str = ""

    def __str__(self) -> str:
        plain = f"{self.at.isoformat()} {self.what.value} {self.object_id} {self.by or '-'}"
        return f"{plain} {self.sealed}" if self.sealed else plain


def line_from(text: str) -> Line:
    """Read one line.

    Raises:
        ValueError: if it is none of ours.
    """
    at, what, object_id, by, *sealed = text.split(" ")
    is_decision = what in set(Decided)
    if len(sealed) != int(is_decision):
        raise ValueError(text)
    return Line(
        at=dt.datetime.fromisoformat(at),
        what=Decided(what) if is_decision else Erased(what),
        object_id=uuid.UUID(object_id),
        by="" if by == "-" else by,
        sealed="".join(sealed),
    )


class BrokenLogError(Exception):
    """A line of the file can't be read, so nothing was applied: a half-read log would leave data behind."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number} of the erasure log can't be read")
        self.number = number


def note(what: Erased, object_ids: Iterable[uuid.UUID], *, now: dt.datetime, by: str = "") -> None:
    """Note in the current transaction that these were erased, withdrawn or restored."""
    db.session.add_all(Erasure(what=what, object_id=each, at=now, by=by) for each in object_ids)
    db.session.flush()


def write_log(now: dt.datetime) -> int:
    """Append to the file what has been committed since; return how many lines. Without a file, nothing."""
    path = current_settings().erasure_log
    if path is None:
        return 0
    written = 0
    while True:
        with transaction():
            rows = db.session.scalars(
                select(Erasure)
                .where(Erasure.written_at.is_(None))
                .order_by(Erasure.id)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            ).all()
            if rows:
                append(path, [line_of(row) for row in rows])
            for row in rows:
                row.written_at = now
        written += len(rows)
        if len(rows) < BATCH:
            return written


def line_of(row: Erasure) -> Line:
    """Return what the file says of a row."""
    return Line(at=row.at, what=row.what, object_id=row.object_id, by=row.by)


def read_log(path: Path) -> Iterator[Line]:
    """Read the file, oldest line first; a last line that was broken off in the middle is passed over.

    Raises:
        BrokenLogError: if another line is not one of ours.
    """
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            yield line_from(line)
        except ValueError as error:
            if number == len(lines) and not text.endswith("\n"):
                return
            raise BrokenLogError(number) from error


def append(path: Path, lines: Iterable[Line]) -> None:
    """Append lines to the file, and see to it that they are on the disk."""
    with path.open("r+b" if path.exists() else "x+b") as file:
        # Half a line, left by a full disk or a power cut, would spoil the next one: it is written anew.
        end = file.seek(0, os.SEEK_END)
        while end and not _ends_line(file, end):
            end -= 1
        file.truncate(end)
        file.seek(end)
        file.write("".join(f"{line}\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())


def _ends_line(file: BinaryIO, end: int) -> bool:
    file.seek(end - 1)
    return file.read(1) == b"\n"
