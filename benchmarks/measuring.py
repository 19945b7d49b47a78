"""How a benchmark measures: several runs, and the spread of them, since machines are shared."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured quantity: the values of all runs, in one unit."""

    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def percentile(self, share: float) -> float:
        """Return the value below which this share (0 to 1) of the runs lies."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


@dataclass
class Stopwatch:
    """Gathers the figures of one benchmark."""

    figures: list[Figure] = field(default_factory=list)

    def time(self, name: str, work: Callable[[], object], *, runs: int, warm: int = 3) -> Figure:
        """Time one piece of work, in milliseconds of wall time, after some runs that don't count."""
        for _ in range(warm):
            work()
        values = []
        for _ in range(runs):
            started = time.perf_counter()
            work()
            values.append((time.perf_counter() - started) * 1000)
        return self.note(name, values, unit="ms")

    def note(self, name: str, values: Sequence[float], *, unit: str) -> Figure:
        """Take values that were measured otherwise."""
        figure = Figure(name=name, unit=unit, values=tuple(values))
        self.figures.append(figure)
        return figure
