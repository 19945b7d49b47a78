"""How well judged queries are answered, and that both engines answer alike."""

from collections.abc import Sequence

import pytest

from benchmarks.search import CATALOGUE, FIRST, NOTHING, Judged, catalogue, judged, ours, score
from servicetray.core.db import db, is_sqlite, transaction
from tests.themes.search import recorded
from themes.demonstration.loading import invented_id
from themes.demonstration.reading import FOLDER, InventedService, read
from themes.search.operations import SearchDocument, rebuild
from themes.topics.queries import theme_ids

ALIKE = 0.9
_answers: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {}


def document(one: InventedService) -> SearchDocument:
    return SearchDocument(
        service_id=invented_id("service", one.key),
        name=one.name,
        keywords=one.keywords,
        summary=one.summary,
        body=one.description,
    )


@pytest.fixture
def invented(database):
    from tests.factories import catalogue  # noqa: PLC0415 - only this fixture needs the foundation

    catalogue.foundation()
    services = read(FOLDER, themes=theme_ids()).services
    with transaction():
        rebuild([document(one) for one in services])
    return {str(invented_id("service", one.key)): one.key for one in services}


def test_invented_services_are_found_and_alike_on_both_engines(invented, figure):
    queries = [query for query in judged("demonstration") if query.kind != NOTHING]
    ask = ours(invented)
    for half in ("tune", "report"):
        total = score([query for query in queries if query.half == half], ask)
        figure(f"search, {half}: hit@5", round(total.five, 2), "")
        figure(f"search, {half}: MRR", round(total.reciprocal, 2), "")
        assert total.five >= 0.9
        assert total.reciprocal >= 0.8
    _compare("invented", queries, ask)


def test_recorded_ptv_services_are_found_and_alike_on_both_engines(database, figure):
    texts = recorded.documents()
    if not texts:
        pytest.skip("the recorded PTV services are not here")
    with transaction():
        rebuild(texts)
    queries = [query for query in judged("ptv") if query.kind != NOTHING]
    ask = ours({str(one.service_id): str(one.service_id)[:8] for one in texts})
    total = score(queries, ask)
    figure("search of recorded PTV services: hit@5", round(total.five, 2), "")
    assert total.five >= 0.9
    assert total.reciprocal >= 0.8
    _compare("recorded", queries, ask)


@pytest.mark.parametrize("part", CATALOGUE)
def test_services_of_all_fields_are_found_and_alike_on_both_engines(database, figure, part):
    queries, texts, keys = catalogue(part)
    with transaction():
        rebuild(texts)
    answered = [query for query in queries if query.kind != NOTHING]
    ask = ours(keys)
    total = score(answered, ask)
    figure(f"search of catalogue services, {part}: hit@5", round(total.five, 2), "")
    assert total.five >= 0.9
    assert total.reciprocal >= 0.8
    _compare(f"catalogue, {part}", answered, ask)


def _compare(name: str, queries: Sequence[Judged], ask) -> None:
    """Compare with the other engine's answers, where it has run in this process."""
    engine = "sqlite" if is_sqlite(db.session()) else "postgresql"
    mine = {query.words: tuple(ask(query.words, query.language)[:FIRST]) for query in queries}
    known = _answers.setdefault(name, {})
    for other, theirs in known.items():
        if other != engine:
            alike = sum(theirs[words] == answers for words, answers in mine.items())
            assert alike >= ALIKE * len(mine)
    _answers[name] = {**known, engine: mine}
