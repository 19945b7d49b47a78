"""The officers' decisions in the log outside the database: corrections, restrictions and holds outlive a restore.

Each leaves its audit row in its own transaction; the worker follows those rows and appends to the erasure log what
it finds, sealed, since a corrected value or a reason tells of the client. The key grows from the installation's
root, which no rotation changes. The words are wiped out of the file with the content that they belong to, and after
the term of the values before a correction; the line stays.
"""

import base64
import datetime as dt
import json
import os
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import select

from referrals.erasures.operations import Decided, Line, append, line_from
from referrals.holds.queries import holds_of, is_held
from referrals.log_report.scope import Reach
from referrals.municipality.queries import Case
from referrals.rights import correcting, operations
from referrals.rights.correcting import KEPT, NothingCorrectedError
from referrals.rights.models import Rectification
from referrals.rights.operations import AlreadyErasedError, RestrictionGround
from referrals.rights.records import COUNTY_HOLDER, Record, record_of
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.queries import LogRow, Part, Wanted, log_page
from servicetray.core import crypto
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.settings import current_settings

DECISIONS: Final = {
    Action.DATA_RECTIFIED: Decided.CORRECTED,
    Action.DATA_RESTRICTED: Decided.RESTRICTED,
    Action.RESTRICTION_LIFTED: Decided.UNRESTRICTED,
    Action.HOLD_SET: Decided.HELD,
    Action.HOLD_LIFTED: Decided.LET_GO,
}
RESTRICTING: Final = (Decided.RESTRICTED, Decided.UNRESTRICTED)
OVERLAP: Final = dt.timedelta(hours=1)
"""Rows that are committed later than younger ones are still seen: no request takes so long."""
MOST: Final = 10_000
"""Decisions of one kind that are looked at in one round; officers decide a few in a week."""
NONCE_BYTES: Final = 12
WIPED: Final = "."
_EXTENSION: Final = "referrals.rights.decisions"

Key = tuple[dt.datetime, Decided, uuid.UUID, str]


class UnreadableDecisionError(Exception):
    """What was decided can't be read any more: wiped, or of another installation."""


@dataclass(kw_only=True)
class _File:
    """What this process has read of the file: it only grows."""

    path: Path
    offset: int = 0
    known: set[Key] = field(default_factory=set)
    sealed: dict[int, Line] = field(default_factory=dict)
    """Lines whose words are still there, by where the words begin."""
    looked_until: dt.datetime | None = None

    def read(self) -> None:
        """Take in what has been appended since."""
        if not self.path.exists() or self.path.stat().st_size < self.offset:
            self.offset, self.known, self.sealed, self.looked_until = 0, set(), {}, None
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self.offset)
            whole = file.read()
        whole = whole[: whole.rfind(b"\n") + 1]
        for text in whole.splitlines(keepends=True):
            self._take(text.rstrip(b"\n").decode(), ends_at=self.offset + len(text) - 1)
            self.offset += len(text)

    def _take(self, text: str, *, ends_at: int) -> None:
        try:
            line = line_from(text)
        except ValueError:
            # Whoever reads the whole file to apply it says so.
            return
        if isinstance(line.what, Decided):
            self.known.add(_key(line))
            if line.sealed.strip(WIPED):
                self.sealed[ends_at - len(line.sealed)] = line


def write_log(now: dt.datetime) -> int:
    """Append the decisions since, and wipe words whose time is over; return how many lines. Without a file, nothing."""
    path = current_settings().erasure_log
    if path is None:
        return 0
    it: _File | None = current_app.extensions.get(_EXTENSION)
    if it is None or it.path != path:
        it = current_app.extensions[_EXTENSION] = _File(path=path)
    it.read()
    since = it.looked_until or max((key[0] for key in it.known), default=None)
    with transaction():
        rows = _rows(since=since - OVERLAP if since else None)
        lines = [line for row in rows if (line := _line(row, known=it.known)) is not None]
        over = [place for place, line in it.sealed.items() if _is_over(line, now=now)]
    if lines:
        append(path, lines)
        it.read()
    _wipe(it, over)
    it.looked_until = now
    return len(lines)


def make_again(lines: Iterable[Line]) -> tuple[int, Sequence[uuid.UUID]]:
    """Do again after a restore what the file tells of; return how many, and the referrals where it can't be done.

    Of restrictions and holds the last word counts. A second time there is nothing left to do.
    """
    corrections: list[Line] = []
    last: dict[tuple[bool, uuid.UUID, str], Line] = {}
    for line in lines:
        if line.what is Decided.CORRECTED:
            corrections.append(line)
        else:
            last[line.what in RESTRICTING, line.object_id, line.by] = line
    made, refused = 0, dict[uuid.UUID, None]()
    # Corrections first: a record that is restricted is still its officer's to correct, and so it was then.
    for line in (*corrections, *last.values()):
        try:
            with transaction():
                made += _made_again(line)
        except UnreadableDecisionError:
            refused[line.object_id] = None
    return made, tuple(refused)


def _made_again(line: Line) -> bool:
    try:
        record = _record(line.object_id, line.by, lock=True)
    except NotFoundError:
        # The backup is older than the referral.
        return False
    if not record.has_content or _stands(line, record):
        return False
    told = _opened(line)
    actor = accounts.user(uuid.UUID(told["actor"]))
    if actor is None:
        raise UnreadableDecisionError
    try:
        _do(line, record, told, actor)
    except (NothingCorrectedError, AlreadyErasedError):
        return False
    return True


def _stands(line: Line, record: Record) -> bool:
    """Whether the backup has it already."""
    match line.what:
        case Decided.HELD | Decided.LET_GO:
            held = is_held(record.referral_id, controller=record.controller)
            return held == (line.what is Decided.HELD)
        case Decided.RESTRICTED | Decided.UNRESTRICTED:
            return (record.restricted_at is not None) == (line.what is Decided.RESTRICTED)
        case _:
            return _correction(line) is not None


def _do(line: Line, record: Record, told: Mapping[str, Any], actor: User) -> None:
    # At its own time: terms count from the day on which the officer decided.
    match line.what:
        case Decided.HELD:
            operations.hold(record, reason=told["reason"], actor=actor, now=line.at)
        case Decided.LET_GO:
            operations.lift_hold(record, actor=actor, now=line.at)
        case Decided.RESTRICTED:
            ground = RestrictionGround(told["ground"])
            operations.restrict(record, ground=ground, actor=actor, now=line.at)
        case Decided.UNRESTRICTED:
            operations.lift_restriction(record, actor=actor, now=line.at)
        case _:
            _correct(line, record, told, actor)


def _correct(line: Line, record: Record, told: Mapping[str, Any], actor: User) -> None:
    if record.cases and str(correcting.corrected_case(record).id) != told["case"]:
        raise UnreadableDecisionError
    old = correcting.content(record)
    plain = {name: value for name, value in told["values"].items() if ":" not in name}
    new = type(old).model_validate({**old.model_dump(), **plain})
    correcting.rectify(
        record,
        values={name: getattr(new, name) for name in plain},
        noted={name: text for name, text in told["values"].items() if ":" in name},
        reason=told["reason"],
        actor=actor,
        now=line.at,
    )


def _rows(*, since: dt.datetime | None) -> list[LogRow]:
    """Return the audit rows of decisions, oldest first."""
    everything = Part(all_but=frozenset())
    found = [
        row
        for action in DECISIONS
        for row in log_page(Wanted(action=action, since=since), part=everything, before=None, limit=MOST)
    ]
    return sorted(found, key=lambda row: row.id)


def _line(row: LogRow, *, known: set[Key]) -> Line | None:
    """Return what the file is to say of an audit row, or None: it does already, or nothing is left of it."""
    place = _place(row)
    if place is None or row.actor_id is None:
        return None
    referral_id, controller = place
    bare = Line(at=row.at, what=DECISIONS[row.action], object_id=referral_id, by=controller)
    if _key(bare) in known:
        return None
    told = _told(bare, row)
    if told is None:
        return None
    sealed = _sealed(bare, {"actor": str(row.actor_id), **told})
    return Line(at=bare.at, what=bare.what, object_id=referral_id, by=controller, sealed=sealed)


def _place(row: LogRow) -> tuple[uuid.UUID, str] | None:
    """Return the referral and the controller that an audit row is about."""
    object_id = uuid.UUID(row.object_id)
    if "controller" in row.detail:
        return object_id, row.detail["controller"]
    if row.object_type == "referral":
        return object_id, crypto.COUNTY
    case = db.session.get(Case, object_id)
    return (case.referral_id, crypto.municipality_controller(case.municipality_code)) if case else None


def _told(line: Line, row: LogRow) -> dict[str, Any] | None:
    match line.what:
        case Decided.RESTRICTED:
            return {"ground": row.detail["ground"]}
        case Decided.HELD:
            holds = holds_of(line.object_id, controller=line.by)
            return next(({"reason": each.reason} for each in holds if each.set_at == line.at), None)
        case Decided.CORRECTED:
            return _told_of_correction(line)
        case _:
            return {}


def _told_of_correction(line: Line) -> dict[str, Any] | None:
    found = _correction(line)
    if found is None:
        return None
    record = _record(line.object_id, line.by)
    before = next((each.before for each in correcting.corrections_of(record) if each.at == line.at), None)
    if before is None or not record.has_content:
        return None
    if record.cases and correcting.corrected_case(record).id != found.case_id:
        # Another case has come since: the corrected one is over, and its words are not these.
        return None
    # As it stands now: a later correction of the same field has its own line.
    known = correcting.content(record).model_dump(mode="json")
    known |= {each.key: each.text for each in correcting.noted_of(record)}
    return {
        "reason": before.reason,
        "case": str(found.case_id or ""),
        "values": {name: known[name] for name in found.fields if name in known},
    }


def _correction(line: Line) -> Rectification | None:
    return db.session.scalars(
        select(Rectification).where(
            Rectification.referral_id == line.object_id,
            Rectification.controller == line.by,
            Rectification.at == line.at,
        )
    ).first()


def _record(referral_id: uuid.UUID, controller: str, *, lock: bool = False) -> Record:
    code = controller.removeprefix(crypto.municipality_controller(""))
    is_county = controller == crypto.COUNTY
    reach = Reach(county=is_county, municipalities=frozenset() if is_county else frozenset({code}))
    return record_of(referral_id, COUNTY_HOLDER if is_county else code, reach=reach, lock=lock)


def _is_over(line: Line, *, now: dt.datetime) -> bool:
    if line.at + KEPT <= now:
        return True
    try:
        return not _record(line.object_id, line.by).has_content
    except NotFoundError:
        return True


def _wipe(it: _File, places: Iterable[int]) -> None:
    """Write over the words of lines; their length stays, so nobody who appends meanwhile is disturbed."""
    found = list(places)
    if not found:
        return
    with it.path.open("r+b") as file:
        for place in found:
            file.seek(place)
            file.write(WIPED.encode() * len(it.sealed.pop(place).sealed))
        file.flush()
        os.fsync(file.fileno())


def _key(line: Line) -> Key:
    assert isinstance(line.what, Decided)
    return line.at, line.what, line.object_id, line.by


def _bound(line: Line) -> bytes:
    return "|".join((line.at.isoformat(), line.what.value, str(line.object_id), line.by)).encode()


def _cipher() -> AESGCM:
    return AESGCM(crypto.derived_key("rights.decisions"))


def _sealed(line: Line, told: Mapping[str, Any]) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = _cipher().encrypt(nonce, json.dumps(told).encode(), _bound(line))
    return base64.b64encode(nonce + body).decode()


def _opened(line: Line) -> dict[str, Any]:
    try:
        raw = base64.b64decode(line.sealed, validate=True)
        plain = _cipher().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(line))
    except (InvalidTag, ValueError) as error:
        raise UnreadableDecisionError from error
    found: dict[str, Any] = json.loads(plain)
    return found
