"""How well the search answers judged queries, beside plain full text and stemmed full text, and how fast.

The queries stand in ``relevance/``, with the services that answer them. Half of each kind is for tuning the
rules, the other half only for measuring; which half a query is in follows from its words. The recorded PTV
services stand beside the repository; where they don't, that set is passed over, and it is said.
"""

import hashlib
import os
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask

from benchmarks.baselines import BASELINES
from benchmarks.measuring import Stopwatch
from servicetray.core import clock
from servicetray.core.db import transaction
from tests import database as databases
from tests.themes.search import recorded
from themes.demonstration.loading import invented_id, load
from themes.directory.indexing import documents
from themes.finding.narrowing import MOST
from themes.finding.queries import Asked, find
from themes.search.analysis import tokenise
from themes.search.operations import SearchDocument, rebuild
from themes.search.queries import search

RELEVANCE = Path(__file__).parent / "relevance"
FIRST = 5
RUNS = 20
NOTHING = "nothing"
HALVES = ("tune", "report")
CATALOGUE = ("queries", "later")
"""Parts of the set over invented services of all fields: the later one was written when the lists stood."""
UNSEEN = "unseen"
"""The set over services of all fields that was written without knowing the rules and lists."""
_LANGUAGES = {"swedish": "sv", "english": "en"}

Search = Callable[[str, str], Sequence[str]]
"""Words and language → the keys that are answered, best first."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A query and the services that answer it."""

    kind: str
    words: str
    right: frozenset[str]

    @property
    def half(self) -> str:
        """Whether the rules may be tuned by it."""
        return HALVES[hashlib.sha256(self.words.encode()).digest()[0] % 2]

    @property
    def language(self) -> str:
        """Of the page on which it is asked."""
        return _LANGUAGES.get(self.kind, "fi")


@dataclass(frozen=True, kw_only=True)
class Score:
    """How well queries were answered, as shares of one."""

    queries: int
    first: float
    five: float
    reciprocal: float
    empty: float


@contextmanager
def content_app() -> Iterator[Flask]:
    """Yield an application on a temporary SQLite database with the invented services in it, and no clients."""
    with TemporaryDirectory(prefix="servicetray-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        app = databases.migrated_app(url, demo=True, public_url="http://127.0.0.1:5000", log_json=False)
        with app.app_context(), transaction():
            load(clock.now())
        yield app
        databases.dispose(app)


def judged(name: str) -> list[Judged]:
    """Return the queries of a set."""
    return _judged(_read(name))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((RELEVANCE / f"{name}.toml").read_text(encoding="utf-8"))


def _judged(kinds: Mapping[str, Mapping[str, Sequence[str]]]) -> list[Judged]:
    return [
        Judged(kind=kind, words=words, right=frozenset(right))
        for kind, queries in kinds.items()
        for words, right in queries.items()
    ]


def catalogue(
    part: str = "queries", *, name: str = "catalogue"
) -> tuple[list[Judged], list[SearchDocument], dict[str, str]]:
    """Return the queries of a part of a set over invented catalogue services, the services, and their keys."""
    found = _read(name)
    ids = {one["key"]: invented_id(name, one["key"]) for one in found["service"]}
    texts = [
        SearchDocument(
            service_id=ids[one["key"]],
            name=one["name"],
            keywords=one.get("keywords", {}),
            summary={"fi": one["summary"]},
            body={"fi": one["body"]},
        )
        for one in found["service"]
    ]
    return _judged(found[part]), texts, {str(service_id): key for key, service_id in ids.items()}


def score(queries: Iterable[Judged], ask: Search) -> Score:
    """Ask every query; a query without a right answer counts as answered if nothing is answered."""
    asked = list(queries)
    places = [_place(query, ask(query.words, query.language)) for query in asked]
    count = max(1, len(asked))
    return Score(
        queries=len(asked),
        first=sum(place == 1 for place, _ in places) / count,
        five=sum(0 < place <= FIRST for place, _ in places) / count,
        reciprocal=sum(1 / place for place, _ in places if place) / count,
        empty=sum(empty for _, empty in places) / count,
    )


def _place(query: Judged, answers: Sequence[str]) -> tuple[int, bool]:
    if not query.right:
        return (0 if answers else 1), not answers
    found = [at for at, key in enumerate(answers, start=1) if key in query.right]
    return (found[0] if found else 0), not answers


def ours(keys: Mapping[str, str], *, limit: int = 20) -> Search:
    """Return the search itself; ``keys`` are those of the set by the service's id."""

    def ask(words: str, language: str) -> list[str]:
        answer = search(words, language=language, limit=limit)
        return [keys[str(hit.service_id)] for hit in answer.hits]

    return ask


def page(keys: Mapping[str, str]) -> Search:
    """Return the search as the page makes it: with the filters that the words name."""

    def ask(words: str, language: str) -> list[str]:
        finding = find(Asked(query=words), language=language, today=clock.helsinki_day(clock.now()))
        return [keys[str(hit.service_id)] for hit in islice(finding.answer.read(), MOST)]

    return ask


def show(title: str, queries: Sequence[Judged], engines: Mapping[str, Search]) -> dict[str, Score]:
    """Print the scores by kind, and return those of all kinds by engine."""
    print(f"\n  {title}")
    kinds = dict.fromkeys(query.kind for query in queries)
    answered = [query for query in queries if query.kind != NOTHING]
    scores = {}
    for name, ask in engines.items():
        print(f"    {name:<22}{'queries':>8}{'hit@1':>8}{'hit@5':>8}{'MRR':>8}{'empty':>8}")
        for kind in kinds:
            _line(kind, score([query for query in queries if query.kind == kind], ask))
        scores[name] = score(answered, ask)
        _line("all with an answer", scores[name])
    return scores


def _line(name: str, one: Score) -> None:
    shares = "".join(f"{share:>8.2f}" for share in (one.first, one.five, one.reciprocal, one.empty))
    print(f"      {name:<20}{one.queries:>8}{shares}")


def sets() -> Iterator[tuple[str, list[Judged], list[SearchDocument], dict[str, str]]]:
    """Yield each set with its documents, and its keys by the id of the service."""
    invented = judged("demonstration")
    found = list(documents())
    wanted = {str(invented_id("service", key)): key for query in invented for key in query.right}
    yield (
        "demonstration",
        invented,
        found,
        {str(one.service_id): wanted.get(str(one.service_id), str(one.service_id)) for one in found},
    )
    for part in CATALOGUE:
        yield f"catalogue, {part}", *catalogue(part)
    yield UNSEEN, *catalogue(name=UNSEEN)
    payloads = recorded.documents()
    if payloads:
        keys = {str(one.service_id): str(one.service_id)[:8] for one in payloads}
        yield "ptv", judged("ptv"), payloads, keys
    else:
        print("\n  The recorded PTV services are not here: that set was passed over.")


def run(watch: Stopwatch) -> None:
    """Score each set by halves, beside the baselines, and time a search."""
    show_misses = "SEARCH_MISSES" in os.environ
    with content_app() as app, app.test_request_context("/"):
        for name, queries, texts, keys in sets():
            with transaction():
                rebuild(texts)
            engines: dict[str, Search] = {"servicetray": ours(keys)}
            if name == "demonstration":
                engines["servicetray, its page"] = page(keys)
            engines |= {title: make(texts, keys) for title, make in BASELINES.items()}
            for half in HALVES:
                part = [query for query in queries if query.half == half]
                for engine, total in show(f"{name}: to {half}", part, engines).items():
                    watch.note(f"{name}, {half}: {engine}: hit@5", [total.five], unit="")
                    watch.note(f"{name}, {half}: {engine}: MRR", [total.reciprocal], unit="")
                if show_misses and half == HALVES[0]:
                    _misses(part, engines["servicetray"])
            _time(watch, name, queries)


def _misses(queries: Sequence[Judged], ask: Search) -> None:
    for query in queries:
        answers = ask(query.words, query.language)
        place, _ = _place(query, answers)
        if place != 1:
            print(f"      {query.kind}: {query.words!r} at {place}: {answers[:FIRST]}")


def _time(watch: Stopwatch, name: str, queries: Sequence[Judged]) -> None:
    for kind in dict.fromkeys(query.kind for query in queries):
        asked = [query for query in queries if query.kind == kind and tokenise(query.words)][:RUNS]
        values = []
        for query in asked:
            search(query.words, language=query.language)
            began = time.process_time()
            search(query.words, language=query.language)
            values.append((time.process_time() - began) * 1000)
        watch.note(f"{name}: {kind}, CPU of a search", values, unit="ms")
