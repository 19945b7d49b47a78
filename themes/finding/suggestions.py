"""What the beginning of a query may become: themes, services, and words that services are found by."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from flask import url_for

from servicetray.core.content import kept
from themes.directory import queries as directory
from themes.search.analysis import tokenise
from themes.search.spelling import fold
from themes.search.vocabulary import beginnings
from themes.topics.queries import published_themes

SHORTEST = 2
MOST_THEMES = 2
MOST_SERVICES = 3
MOST = 8


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One of them: ``kind`` is theme, service or word."""

    kind: str
    text: str
    url: str


def suggestions(query: str, *, language: str, today: dt.date) -> Sequence[Suggestion]:
    """Return at most ``MOST`` suggestions for what was typed so far, themes first, then words, then services.

    Letters may lack their dots. Words go on from the last word of the query, what stands before it is kept.
    """
    typed = fold(query.lower())
    if len(typed) < SHORTEST:
        return ()
    themes = list(islice(_themes(typed, language, today), MOST_THEMES))
    named = {theme.text.lower() for theme in themes}
    found = [*themes, *(word for word in _words(query, language) if word.text.lower() not in named)]
    services = list(islice(_services(typed, language, today), MOST_SERVICES))
    return [*found[: MOST - len(services)], *services]


def _themes(typed: str, language: str, today: dt.date) -> Iterator[Suggestion]:
    for theme in published_themes(language=language, today=today):
        if _begins(fold(theme.name.text.lower()), typed):
            url = url_for("topics.theme", slug=theme.slug)
            yield Suggestion(kind="theme", text=theme.name.text, url=url)


def _services(typed: str, language: str, today: dt.date) -> Iterator[Suggestion]:
    folded = kept(
        ("finding.folded_names", language, today),
        lambda: [
            (fold(entry.name.lower()), entry.name, entry.id)
            for entry in directory.entries(language=language, today=today)
        ],
    )
    for name, text, service_id in folded:
        if typed in name and _begins(name, typed):
            yield Suggestion(
                kind="service", text=text, url=url_for("directory.service", service_id=service_id)
            )


def _begins(name: str, typed: str) -> bool:
    """Whether the name, or any word in it, begins so."""
    return name.startswith(typed) or f" {typed}" in name


def _words(query: str, language: str) -> Iterator[Suggestion]:
    tokens = tokenise(query)
    if not tokens or query.endswith(" "):
        return
    before = query[: len(query) - len(tokens[-1])] if query.lower().endswith(tokens[-1]) else ""
    for word in beginnings(tokens[-1], language, most=MOST):
        text = f"{before}{word}"
        yield Suggestion(kind="word", text=text, url=url_for("search.search", q=text))
