"""Counting pages by their address, before any cache of ours: a page from memory counts like one that was made.

Features say which of their addresses are what (``add_pages``). The cache in front is asked, by a header that it
keeps for itself, to look in every second: beyond one view of a page a second it answers alone, uncounted.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from servicetray.core import clock
from servicetray.core.i18n import without_language
from servicetray.core.pages import Text
from servicetray.usage.models import Use
from servicetray.usage.operations import tally_of
from servicetray.usage.visitors import is_person

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PAGES: Final = "servicetray.usage.pages"
_KNOWN: Final = 4096
_COUNTED: Final = ("200", "304")
ACCEL: Final = ("X-Accel-Expires", "1")
"""nginx: keep it a second, then ask whether it has changed. Browsers and other caches never see it."""

Names = Callable[[Collection[str], str], Mapping[str, str]]
"""Public ids and a language → the names of those that are there."""


@dataclass(frozen=True, kw_only=True)
class CountedPage:
    """One kind of page: where it is, and what it is called in the figures."""

    endpoint: str
    page: str
    """The key's first part; for uses other than views it is left out."""
    label: Text
    """What pages of this kind are, in the plural: "Services"."""
    by: str = ""
    """The argument of the address that names one of them; empty where there is only one."""
    names: Names | None = None
    use: Use = Use.VIEW

    def key(self, arguments: Mapping[str, Any]) -> str:
        """Return what it is counted under."""
        one = str(arguments[self.by]) if self.by else ""
        if self.use is not Use.VIEW:
            return one
        return f"{self.page}:{one}" if one else self.page


def add_pages(app: Flask, *pages: CountedPage) -> None:
    """Let a feature have its pages counted."""
    known: dict[str, CountedPage] = app.extensions.setdefault(_PAGES, {})
    known.update({page.endpoint: page for page in pages})


def pages() -> Sequence[CountedPage]:
    """Return the kinds of pages that are counted, in the order of registration."""
    known: dict[str, CountedPage] = current_app.extensions.get(_PAGES, {})
    return tuple(known.values())


def init_app(app: Flask, *, now: Callable[[], dt.datetime] = clock.now) -> None:
    """Count in front of everything that answers, the pages kept in memory included."""
    app.wsgi_app = CountsPages(app.wsgi_app, app, now=now)  # type: ignore[method-assign]  # Flask's documented way


class CountsPages:
    """Sees every request and its status, and counts those that are a person's view of a counted page."""

    def __init__(self, wsgi: "WSGIApplication", app: Flask, *, now: Callable[[], dt.datetime]) -> None:
        self.wsgi = wsgi
        self.app = app
        self.now = now
        self._of_path = lru_cache(maxsize=_KNOWN)(self._read)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request (WSGI)."""
        found = self._of_path(environ.get("PATH_INFO", "")) if environ["REQUEST_METHOD"] == "GET" else None
        if found is None:
            return self.wsgi(environ, start_response)
        counts = is_person(environ)

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
            if status.startswith(_COUNTED):
                if counts:
                    tally_of(self.app).add(clock.helsinki_day(self.now()), *found)
                headers = [*headers, ACCEL]
            return start_response(status, headers, *more)

        return self.wsgi(environ, start)

    def _read(self, path: str) -> tuple[Use, str] | None:
        known: dict[str, CountedPage] = self.app.extensions.get(_PAGES, {})
        try:
            endpoint, arguments = self.app.url_map.bind("localhost").match(without_language(path), "GET")
        except (HTTPException, RequestRedirect):
            return None
        page = known.get(endpoint)
        return None if page is None else (page.use, page.key(arguments))
