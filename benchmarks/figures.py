"""Whether counting a month of 1,000,000 events takes no more than three times the plain SQL, and no memory."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from flask import Flask
from sqlalchemy import text

from benchmarks.filling_events import fill
from benchmarks.measuring import Stopwatch
from referrals.statistics import monthly, queries
from servicetray.core.db import db, is_sqlite, transaction
from servicetray.core.periods import Month, Period
from tests import database as databases
from tests.client import Client
from tests.factories.events import helsinki

SIZES: Final = (10_000, 1_000_000)
RUNS: Final = 3
PAGES: Final = 20
MOST: Final = 3.0
"""How many times as long as the plain SQL counting may take."""
MONTH: Final = Month(2026, 1)
MEGABYTE: Final = 1024 * 1024
__all__ = ["run"]


def run(watch: Stopwatch) -> None:
    """Fill a month on each database, and time counting it against the same questions in plain SQL, in turns."""
    with TemporaryDirectory(prefix="servicetray-bench-") as folder:
        for engine in (databases.SQLITE, databases.POSTGRESQL):
            with ExitStack() as stack:
                server = (
                    stack.enter_context(databases.postgres_server())
                    if engine == databases.POSTGRESQL
                    else None
                )
                for size in SIZES:
                    url = stack.enter_context(databases.new_database(engine, Path(folder), server))
                    app = databases.migrated_app(url)
                    with app.app_context():
                        _measure(app, f"{engine}, {size:,}", size, watch)
                        db.session.remove()
                    databases.dispose(app)


def _measure(app: Flask, name: str, size: int, watch: Stopwatch) -> None:
    started = time.perf_counter()
    fill(size, MONTH)
    watch.note(f"{name}: filling", [time.perf_counter() - started], unit="s")
    start, end = MONTH.bounds
    _compare(
        f"{name}: the month",
        partial(monthly.counted, MONTH),
        partial(_plain, _month_questions(), start, end),
        watch,
    )
    period = Period(date(2026, 1, 5), date(2026, 1, 25))
    from_, to = period.bounds
    _compare(
        f"{name}: a free period",
        partial(queries.figures, period, kind="exercise"),
        partial(_plain, _month_questions("AND kind_code = 'exercise'", stock=False), from_, to),
        watch,
    )
    gc.collect()
    tracemalloc.start()
    monthly.counted(MONTH)
    _held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    watch.note(f"{name}: most memory while counting", [most / MEGABYTE], unit="MB")
    with transaction():
        monthly.freeze(MONTH, now=helsinki("2026-02-01 05:00"))
    db.session.remove()
    watch.time(f"{name}: the public page", partial(Client(app).get, "/tilastot"), runs=PAGES)


def _compare(name: str, ours: Callable[[], object], plain: Callable[[], object], watch: Stopwatch) -> None:
    taken: dict[str, list[float]] = {"ours": [], "plain": []}
    works = {"ours": ours, "plain": plain}
    for turn in range(RUNS + 1):
        for which in ("ours", "plain") if turn % 2 else ("plain", "ours"):
            db.session.rollback()
            gc.collect()
            started = time.perf_counter()
            works[which]()
            # The first turn fills the caches of the database.
            if turn:
                taken[which].append((time.perf_counter() - started) * 1000)
    counted = watch.note(name, taken["ours"], unit="ms")
    asked = watch.note(f"{name}, plain SQL", taken["plain"], unit="ms")
    ratio = counted.median / asked.median
    watch.note(f"{name}, ratio", [ratio], unit="×")
    if ratio > MOST:
        print(f"  {name} takes {ratio:.2f} times as long as plain SQL, more than {MOST:g}")


def _month_questions(more: str = "", *, stock: bool = True) -> Sequence[str]:
    """Return the same numbers' questions as somebody would type them, each reason taken out by the database."""
    sqlite = is_sqlite(db.session())
    within = f"recorded_at >= :start AND recorded_at < :end {more}"
    each, reason = (
        ("json_each(reasons)", "value")
        if sqlite
        else ("jsonb_array_elements_text(reasons) AS r(value)", "r.value")
    )
    asked = [
        f"""SELECT kind_code, municipality_code, name, direction, outcome, sender_told,
            CASE WHEN name IN ('accepted', 'first_contact') THEN working_days END AS days, count(*)
            FROM statistics_event WHERE {within} GROUP BY 1, 2, 3, 4, 5, 6, 7""",  # noqa: S608 - our own words
        f"""SELECT kind_code, age_group, service_area, name, count(*) FROM statistics_event
            WHERE {within} AND name IN ('sent', 'voided') GROUP BY 1, 2, 3, 4""",  # noqa: S608 - our own words
        f"""SELECT kind_code, {reason}, name, count(*) FROM statistics_event, {each}
            WHERE {within} AND name IN ('sent', 'voided') GROUP BY 1, 2, 3""",  # noqa: S608 - our own words
    ]
    if stock:
        summed = """SELECT kind_code, municipality_code,
            sum(CASE direction WHEN 'in' THEN 1 WHEN 'out' THEN -1 ELSE 0 END)
            FROM statistics_event WHERE recorded_at < :{} GROUP BY 1, 2"""
        asked += [summed.format("start"), summed.format("end")]
    return asked


def _plain(questions: Sequence[str], start: Any, end: Any) -> None:
    if is_sqlite(db.session()):
        start, end = (f"{each:%Y-%m-%d %H:%M:%S.%f}" for each in (start, end))
    for question in questions:
        db.session.execute(text(question), {"start": start, "end": end}).all()
