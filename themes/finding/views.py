"""The addresses of the search."""

from functools import cache

from flask import Blueprint, Response, jsonify, make_response, request
from werkzeug.wrappers import Response as BaseResponse

from servicetray.core import access, caching, clock
from servicetray.core.content import kept, kept_answer
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from servicetray.usage.operations import count_search
from themes.directory.filters import Group
from themes.finding.pages import LITERAL, search_page
from themes.finding.queries import Asked, Finding, find
from themes.finding.suggestions import suggestions
from themes.search.catalogue import catalogue
from themes.search.memory import searching

blueprint = Blueprint("search", __name__)

_MOST_OWN = 3
"""Words of a query whose page may be kept: of more there are too many to be asked for again."""


@blueprint.get("/haku")
@access.public
def search() -> Response:
    """Find services by ``q``, the words; narrowed by the choices of a list, the municipality ``kunta`` among them."""
    asked = Asked(
        query=request.args.get("q", ""),
        municipality=request.args.get(Group.MUNICIPALITY.value),
        literal=request.args.get(LITERAL) == "1",
    )
    # From here on each word is read once, whoever asks, and none is kept that isn't ours.
    with searching():
        return _of_own_words(asked) if _are_own_words(asked) else _found(asked)


def _are_own_words(asked: Asked) -> bool:
    """Whether nothing is asked for but a few words that stand in texts of ours in some form: what most people search.

    The same rule by which the figures may keep a query: all of its words are in our vocabulary.
    """
    if asked.municipality or not request.args.keys() <= {"q", Group.MUNICIPALITY.value}:
        return False
    words = asked.query.lower().split()
    return 0 < len(words) <= _MOST_OWN and all(word.isalpha() and catalogue().has(word) for word in words)


def _of_own_words(asked: Asked) -> Response:
    """Answer with a page that is kept while no content changes, since its words are ours."""
    now, language = clock.now(), current_language()
    today = clock.helsinki_day(now)

    @cache
    def found() -> Finding:
        return find(asked, language=language, today=today)

    def write() -> str:
        return render(search_page(found(), request.args, language=language, today=today)).get_data(
            as_text=True
        )

    # Addresses of the page's other languages repeat an empty choice.
    key = "search of own words", language, request.script_root, today, asked.query, len(request.args)
    page = make_response(kept_answer(key, write))
    is_found = kept(key, lambda: bool(found().answer.total or found().coming))
    count_search(query=asked.query, found=is_found, now=now)
    return page


def _found(asked: Asked) -> Response:
    now, language = clock.now(), current_language()
    today = clock.helsinki_day(now)
    found = find(asked, language=language, today=today)
    # Narrowing a list and turning its pages is the same search still.
    if request.args.keys() <= {"q", Group.MUNICIPALITY.value}:
        count_search(query=asked.query, found=bool(found.answer.total or found.coming), now=now)
    return render(search_page(found, request.args, language=language, today=today))


@blueprint.get("/haku/ehdotukset")
@access.public
def suggest() -> BaseResponse:
    """Give what ``q``, the beginning of a query, may become: JSON, at most eight suggestions."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    found = suggestions(Asked(query=request.args.get("q", "")).query, language=language, today=today)
    response = jsonify([{"kind": each.kind, "text": each.text, "url": each.url} for each in found])
    response.headers["Cache-Control"] = caching.SHARED
    return response
