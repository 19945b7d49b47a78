"""Counting in memory, so that no page waits for the database.

What was counted is written every ``SECONDS`` by a thread that sleeps while there is nothing to write, and once
more when the process ends. A process that is killed loses what it counted since: ten seconds' worth at most.
"""

import atexit
import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from servicetray.usage.models import Use

SECONDS: Final = 10.0
MOST_KEYS: Final = 20_000
"""Different things in memory at most, while the database is away; more are not counted."""

log = structlog.get_logger()

UseKey = tuple[dt.date, Use, str]
TextKey = tuple[dt.date, str, bool]


@dataclass(kw_only=True)
class Batch:
    """What was counted since the last writing."""

    uses: Counter[UseKey] = field(default_factory=Counter)
    texts: Counter[TextKey] = field(default_factory=Counter)
    """Searches as they were typed: in memory alone, until it is judged which of them may be kept."""

    def __len__(self) -> int:
        return len(self.uses) + len(self.texts)


class Tally:
    """What one process has counted and not written yet."""

    def __init__(self, write: Callable[[Batch], None], *, by_itself: bool) -> None:
        """Take the function that writes a batch; ``by_itself``: whether a thread calls it in time."""
        self._write = write
        self._by_itself = by_itself
        self._lock = threading.Lock()
        self._batch = Batch()
        self._timer: threading.Timer | None = None
        self._ends = False

    def add(self, day: dt.date, use: Use, key: str = "") -> None:
        """Count one use."""
        with self._lock:
            if len(self._batch) < MOST_KEYS:
                self._batch.uses[day, use, key] += 1
            self._wake()

    def add_text(self, day: dt.date, text: str, *, found: bool) -> None:
        """Count one search by its words."""
        with self._lock:
            if len(self._batch) < MOST_KEYS:
                self._batch.texts[day, text, found] += 1
            self._wake()

    def flush(self) -> bool:
        """Write what was counted; return whether that went well. What was not written is tried again."""
        with self._lock:
            batch, self._batch = self._batch, Batch()
            self._timer = None
        if not batch:
            return True
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001 - counting must never be the reason that something fails
            # Of the error its kind alone: its words may hold what was counted.
            log.warning("usage_not_written", error=type(error).__name__, different=len(batch))
            with self._lock:
                self._batch.uses.update(batch.uses)
                self._batch.texts.update(batch.texts)
                self._wake()
            return False
        return True

    def clear(self) -> None:
        """Forget what was counted (tests)."""
        with self._lock:
            self._batch = Batch()

    def _wake(self) -> None:
        if not self._by_itself or self._timer is not None:
            return
        if not self._ends:
            # At the first count: a process that only makes others never comes here.
            self._ends = True
            atexit.register(self.flush)
        self._timer = threading.Timer(SECONDS, self.flush)
        self._timer.daemon = True
        try:
            self._timer.start()
        except RuntimeError:
            # The interpreter is ending: the last writing takes it along.
            self._timer = None
