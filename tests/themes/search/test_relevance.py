"""How well judged queries are answered, and that both engines answer alike."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL

from benchmarks.search import CATALOGUE, FIRST, NOTHING, UNSEEN, Judged, catalogue, judged, ours, score
from servicetray.core.db import transaction
from tests import database as databases
from tests.themes.search import recorded
from themes.demonstration.loading import invented_id
from themes.demonstration.reading import FOLDER, InventedService, read
from themes.search.operations import SearchDocument, rebuild
from themes.topics.queries import theme_ids

LEAST_FIVE, LEAST_RECIPROCAL = 0.92, 0.84
ALIKE = 0.9
COMPARED = 120
"""Queries at least: fewer say little of both engines."""


@dataclass(frozen=True, kw_only=True)
class JudgedSet:
    """Queries with the services over which they are judged, and the services' keys by their ids."""

    queries: list[Judged]
    texts: list[SearchDocument]
    keys: dict[str, str]


def document(one: InventedService) -> SearchDocument:
    return SearchDocument(
        service_id=invented_id("service", one.key),
        name=one.name,
        keywords=one.keywords,
        summary=one.summary,
        body=one.description,
    )


def invented() -> JudgedSet:
    """The services of the demonstration; needs the themes in the database."""
    services = read(FOLDER, themes=theme_ids()).services
    return JudgedSet(
        queries=judged("demonstration"),
        texts=[document(one) for one in services],
        keys={str(invented_id("service", one.key)): one.key for one in services},
    )


def of_catalogue(part: str, *, name: str = "catalogue") -> JudgedSet:
    queries, texts, keys = catalogue(part, name=name)
    return JudgedSet(queries=queries, texts=texts, keys=keys)


def of_ptv() -> JudgedSet | None:
    """The recorded services; None where they are not here."""
    texts = recorded.documents()
    keys = {str(one.service_id): str(one.service_id)[:8] for one in texts}
    return JudgedSet(queries=judged("ptv"), texts=texts, keys=keys) if texts else None


SETS: dict[str, Callable[[], JudgedSet | None]] = {
    "demonstration": invented,
    **{f"catalogue, {part}": partial(of_catalogue, part) for part in CATALOGUE},
    UNSEEN: partial(of_catalogue, "queries", name=UNSEEN),
    "ptv": of_ptv,
}


def answered(queries: Iterable[Judged]) -> list[Judged]:
    return [query for query in queries if query.kind != NOTHING]


@pytest.fixture
def foundation(database):
    """The themes, in the test's database."""
    _found()


@pytest.mark.trust
@pytest.mark.one_engine
@pytest.mark.usefixtures("foundation")
@pytest.mark.parametrize("name", SETS)
def test_judged_queries_are_answered_well(figure, name):
    """Judged queries find a fitting service among the first five, nine times of ten and more."""
    known = SETS[name]()
    if known is None:
        pytest.skip("the recorded PTV services are not here")
    with transaction():
        rebuild(known.texts)
    ask = ours(known.keys)

    for half in ("tune", "report"):
        total = score([query for query in answered(known.queries) if query.half == half], ask)
        figure(f"search of {name}, {half}: hit@5", round(total.five, 2))
        figure(f"search of {name}, {half}: MRR", round(total.reciprocal, 2))
        assert total.five >= LEAST_FIVE
        assert total.reciprocal >= LEAST_RECIPROCAL


@pytest.mark.postgres
def test_both_engines_answer_alike(postgres, tmp_path, figure, long):
    """Of judged queries, nine of ten and more have the same five first services on SQLite and on PostgreSQL."""
    names = tuple(SETS) if long else ("demonstration",)
    lists = {}
    for engine in databases.ENGINES:
        with filled_app(engine, tmp_path, postgres) as app, app.app_context():
            lists[engine] = dict(first_five(names))
    ours_, theirs = (lists[engine] for engine in databases.ENGINES)

    alike = sum(theirs[query] == found for query, found in ours_.items())
    figure("queries with the same first five on both engines", f"{alike} of {len(ours_)}")
    assert ours_.keys() == theirs.keys()
    assert len(ours_) >= COMPARED
    assert alike >= ALIKE * len(ours_)


@contextmanager
def filled_app(engine: str, folder: Path, server: URL) -> Iterator[Flask]:
    """Yield an application on a database of its own: the fixtures have only one engine at a time."""
    with databases.new_database(engine, folder, server) as url:
        app = databases.migrated_app(url)
        try:
            with app.app_context():
                _found()
            yield app
        finally:
            databases.dispose(app)


def first_five(names: Iterable[str]) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Yield by set and query the keys of what is answered first."""
    for name in names:
        known = SETS[name]()
        if known is None:
            continue
        with transaction():
            rebuild(known.texts)
        ask = ours(known.keys, limit=FIRST)
        for query in answered(known.queries):
            yield (name, query.words), tuple(ask(query.words, query.language))


def _found() -> None:
    from tests.factories import catalogue as factory  # noqa: PLC0415 - only these tests need the foundation

    factory.foundation()
