"""Counting a use, writing what was counted, forgetting fingerprints in time."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Flask, current_app, has_request_context, request
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from servicetray.core import clock, crypto
from servicetray.core.db import db, is_sqlite, transaction
from servicetray.usage import texts
from servicetray.usage.models import SearchedHash, SearchedText, UsageDay, Use
from servicetray.usage.tally import Batch, Tally
from servicetray.usage.texts import KnowsAll
from servicetray.usage.visitors import is_person

_TALLY: Final = "servicetray.usage.tally"
_VOCABULARY: Final = "servicetray.usage.vocabulary"
_AT_ONCE: Final = 1000
"""Rows of one statement: far below what either engine takes."""


def count_use(*, kind: Use | str, key: str = "", now: dt.datetime) -> None:
    """Count one use, in memory. Inside a request only where a person's browser asks.

    A page that may be kept by a cache is not counted here but by its address (``counting.add_pages``).

    Args:
        kind: what was done.
        key: a public id, such as a path's slug; never anything that somebody typed.
        now: when.
    """
    if has_request_context() and not is_person(request.environ):
        return
    tally_of(current_app).add(clock.helsinki_day(now), Use(kind), key)


def count_search(*, query: str, found: bool, now: dt.datetime) -> None:
    """Count one search and, where its words may be kept, the words; an empty query is none.

    Args:
        query: as typed.
        found: whether there was anything to show.
        now: when.
    """
    if not query.strip() or (has_request_context() and not is_person(request.environ)):
        return
    day, tally = clock.helsinki_day(now), tally_of(current_app)
    tally.add(day, Use.SEARCH)
    if not found:
        tally.add(day, Use.EMPTY_SEARCH)
    text = texts.text_of(query)
    if text:
        tally.add_text(day, text, found=found)


def set_vocabulary(app: Flask, knows_all: KnowsAll) -> None:
    """Say which words are our own; until then none is."""
    app.extensions[_VOCABULARY] = knows_all


def tally_of(app: Flask) -> Tally:
    """Return what this process has counted."""
    tally: Tally = app.extensions[_TALLY]
    return tally


def flush() -> bool:
    """Write what this process has counted; return whether that went well."""
    return tally_of(current_app).flush()


def init_app(app: Flask) -> None:
    """Give the process its tally. Tests write when they want to."""

    def write(batch: Batch) -> None:
        with app.app_context(), transaction():
            add(batch)

    app.extensions[_TALLY] = Tally(write, by_itself=not app.testing)


def add(batch: Batch) -> None:
    """Add what was counted to the rows of its days, inside the caller's transaction: one statement a table."""
    _upsert(
        UsageDay,
        ("day", "use", "key"),
        [
            {"day": day, "use": use, "key": key, "count": count}
            for (day, use, key), count in _sorted(batch.uses)
        ],
    )
    if batch.texts:
        _add_texts(batch)


def forget_old(now: dt.datetime) -> None:
    """Forget fingerprints of searches whose time is over."""
    before = clock.helsinki_day(now) - texts.REMEMBERED
    with transaction() as session:
        session.execute(
            delete(SearchedHash).where(SearchedHash.day < before).execution_options(synchronize_session=False)
        )


def _add_texts(batch: Batch) -> None:
    knows_all: KnowsAll = current_app.extensions.get(_VOCABULARY, _knows_none)
    ours = {text: texts.is_ours(text, knows_all) for text in {text for _day, text, _found in batch.texts}}
    marks = {text: crypto.fingerprint("usage search", text) for text, is_ours in ours.items() if not is_ours}
    strange: Counter[tuple[dt.date, str]] = Counter()
    for (day, text, _found), count in batch.texts.items():
        if text in marks:
            strange[day, marks[text]] += count
    _upsert(
        SearchedHash,
        ("day", "fingerprint"),
        [{"day": day, "fingerprint": mark, "count": count} for (day, mark), count in _sorted(strange)],
    )
    common = _common(list(marks.values()), newest=max(day for day, _text, _found in batch.texts))
    _upsert(
        SearchedText,
        ("day", "text", "found"),
        [
            {"day": day, "text": text, "found": found, "count": count}
            for (day, text, found), count in _sorted(batch.texts)
            if ours[text] or marks[text] in common
        ],
    )


def _common(marks: Sequence[str], *, newest: dt.date) -> frozenset[str]:
    times: defaultdict[str, dict[dt.date, int]] = defaultdict(dict)
    for start in range(0, len(marks), _AT_ONCE):
        rows = db.session.execute(
            select(SearchedHash.fingerprint, SearchedHash.day, SearchedHash.count).where(
                SearchedHash.fingerprint.in_(marks[start : start + _AT_ONCE]),
                SearchedHash.day >= newest - texts.REMEMBERED,
            )
        )
        for mark, day, count in rows:
            times[mark][day] = count
    return frozenset(mark for mark, days in times.items() if texts.is_common(days))


def _upsert(
    model: type[UsageDay | SearchedText | SearchedHash],
    keys: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    insert = sqlite.insert if is_sqlite(db.session()) else postgresql.insert
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert(model).values(list(rows[start : start + _AT_ONCE]))
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=list(keys), set_={"count": model.count + statement.excluded["count"]}
            )
        )


def _sorted(counts: Counter[Any]) -> list[tuple[Any, int]]:
    # In one order, so that two processes never wait for each other's rows in a ring.
    return sorted(counts.items())


def _knows_none(words: Sequence[str]) -> bool:
    del words
    return False
