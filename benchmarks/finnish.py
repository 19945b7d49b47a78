"""How fast the Finnish analyser is, and how long a hostile word can hold it up."""

import time

from benchmarks.measuring import Stopwatch
from themes.search import analysis

WORDS = (
    "liikuntaryhmässä",
    "uimahalliin",
    "ikääntyneille",
    "mielenterveyden",
    "vertaistukiryhmän",
    "kuntosalille",
    "perheneuvolasta",
    "kulttuuriretkiä",
    "omaishoitajien",
    "Kouvolassa",
)
HOSTILE = {
    "yli × 20": "yli" * 20,
    "vertaistuki × 10": "vertaistuki" * 10,
    "yli × 10 (30 letters)": "yli" * 10,
    "a × 200": "a" * 200,
}
RUNS = 30


def run(watch: Stopwatch) -> None:
    """Time the load, ordinary words and hostile ones, none of them from the analyser's memory."""
    started = time.perf_counter()
    analysis.analyse("talo")
    watch.note("first word (loads the word lists)", [time.perf_counter() - started], unit="s")
    uncached = getattr(analysis.analyse, "__wrapped__", analysis.analyse)
    watch.time("ten ordinary words", lambda: [uncached(word) for word in WORDS], runs=RUNS)
    for name, word in HOSTILE.items():
        watch.time(f"hostile: {name}", lambda word=word: uncached(word), runs=RUNS)  # type: ignore[misc]  # mypy can't infer a lambda with a default
