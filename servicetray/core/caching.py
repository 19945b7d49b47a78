"""Public pages may be kept for a minute, and are asked for again by their fingerprint.

A public page is the same bytes for everyone, so any cache may hold it: one in front, and the memory of this
process, which lets it go with the first edit (``servicetray.core.content``). A page that has looked into a
session or sets a cookie is somebody's own, and is never kept; whoever brings a session's cookie is served afresh.

A page says which parameters its address may hold (``parameters``): it never sees any other, and all spellings of the
same choices are one page. A page that does not say so is kept by its plain address alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import clear_cache, parse_qsl, urlencode  # type: ignore[attr-defined]  # typeshed leaves clear_cache out

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import unquote_etag
from werkzeug.routing import RequestRedirect

from servicetray.core import access, content
from servicetray.core.content import Shelf
from servicetray.core.i18n import without_language

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECONDS = 60
SHARED = f"public, max-age={SECONDS}"
OWN = "no-store"

LONGEST_QUERY = 400
TYPED = "q"
"""The parameter that holds what a person typed: never kept here, and nowhere in memory unless the word is ours."""

MARK = "__servicetray_parameters__"
_KNOWN_PATHS = 4096
_PLAIN = "servicetray.plain_query"
_CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"})
"""What a request says of the page that it has already."""

Headers = list[tuple[str, str]]
Key = tuple[str, str, str, str]
View = TypeVar("View", bound=Callable[..., Any])

log = structlog.get_logger()


def parameters(*names: str) -> Callable[[View], View]:
    """Say which parameters the address of a public page may hold; all others are taken off before the view."""

    def mark(view: View) -> View:
        setattr(view, MARK, frozenset(names))
        return view

    return mark


def plain_query(query: str, names: frozenset[str]) -> str:
    """Return the one spelling of a query string: known names alone, in order, without what is empty or said twice."""
    pairs = parse_qsl(query, errors="replace")
    return urlencode(sorted({pair for pair in pairs if pair[0] in names}))


@dataclass(frozen=True, kw_only=True)
class KeptPage:
    """A page as it went out."""

    headers: Headers
    body: bytes
    etag: str


def init_app(app: Flask, *, keeps: bool = False) -> None:
    """Mark public pages as shared, and take the mark off those that turn out to be somebody's own.

    Args:
        app: the application.
        keeps: whether this process keeps pages and what they are made of in memory.
    """
    app.after_request(_shared)
    shelf = content.init_app(app, keeps=keeps)
    app.wsgi_app = OwnPages(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way
    if shelf is not None:
        cookie = str(app.config["SESSION_COOKIE_NAME"])
        app.wsgi_app = KeptPages(app.wsgi_app, shelf, cookie=cookie)  # type: ignore[method-assign]  # as above
    app.wsgi_app = PlainQuery(app.wsgi_app, app)  # type: ignore[method-assign]  # as above


def _shared(response: Response) -> Response:
    if (
        request.method not in {"GET", "HEAD"}
        or request.endpoint is None
        or not access.is_public(request.endpoint)
        or response.status_code != 200  # noqa: PLR2004 - a status is best read as its number
        or response.mimetype != "text/html"
        or "Cache-Control" in response.headers
        or "Set-Cookie" in response.headers
    ):
        return response
    response.headers["Cache-Control"] = SHARED
    response.add_etag()
    if not _CONDITIONS.isdisjoint(request.environ):
        response.make_conditional(request)
    return response


class OwnPages:
    """Sees the finished headers: Flask saves the session after everything that an application can hook."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request (WSGI)."""

        def start(status: str, headers: Headers, *more: Any) -> Callable[[bytes], object]:
            if ("Cache-Control", SHARED) in headers and _is_own(headers):
                headers = [(name, value) for name, value in headers if name not in {"Cache-Control", "ETag"}]
                headers.append(("Cache-Control", OWN))
            return start_response(status, headers, *more)

        return self.app(environ, start)


class PlainQuery:
    """Gives a page that says what its address may hold the one plain spelling of it."""

    def __init__(self, wsgi: "WSGIApplication", app: Flask) -> None:
        self.wsgi = wsgi
        self.app = app
        self._of_path = lru_cache(maxsize=_KNOWN_PATHS)(self._read)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request (WSGI)."""
        query = environ.get("QUERY_STRING", "")
        if query and environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            names = self._of_path(environ.get("PATH_INFO", ""))
            if names is not None:
                environ["QUERY_STRING"] = plain_query(query, names)
                environ[_PLAIN] = True
        try:
            return self.wsgi(environ, start_response)
        finally:
            if f"{TYPED}=" in query:
                # Python keeps the last addresses that it took apart, and the server takes apart each one.
                clear_cache()

    def _read(self, path: str) -> frozenset[str] | None:
        try:
            endpoint, _ = self.app.url_map.bind("localhost").match(without_language(path), "GET")
        except (HTTPException, RequestRedirect):
            return None
        names: frozenset[str] | None = getattr(self.app.view_functions[endpoint], MARK, None)
        return names


class KeptPages:
    """Answers from memory what was answered before, as long as no content has changed."""

    def __init__(self, app: "WSGIApplication", shelf: Shelf, *, cookie: str) -> None:
        self.app = app
        self.shelf = shelf
        self.cookie = cookie

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request (WSGI)."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self.app(environ, start_response)
        number = self.shelf.version()
        key = self._key(environ) if number is not None else None
        page = self.shelf.page(key, chosen=bool(key[-1])) if key else None
        if page is not None:
            return _answer(page, environ, start_response)
        with content.reading(self.shelf, number):
            if key is None or number is None or environ["REQUEST_METHOD"] != "GET":
                return self.app(environ, start_response)
            return self._made(number, key, environ, start_response)

    def _key(self, environ: "WSGIEnvironment") -> Key | None:
        query: str = environ.get("QUERY_STRING", "")
        if (query and not _may_be_kept(query, environ)) or self.cookie in environ.get("HTTP_COOKIE", ""):
            return None
        host: str = environ.get("HTTP_HOST", "")
        return (host, environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""), query)

    def _made(
        self, number: int, key: Key, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        told: list[Headers] = []

        def start(status: str, headers: Headers, *more: Any) -> Callable[[bytes], object]:
            if status.startswith("200") and ("Cache-Control", SHARED) in headers and not _is_own(headers):
                told.append(headers)
            return start_response(status, headers, *more)

        answer = self.app(environ, start)
        if not told:
            return answer
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        headers = told[0]
        etag = next((value for name, value in headers if name == "ETag"), "")
        if etag:
            page = KeptPage(headers=headers, body=body, etag=etag)
            self.shelf.put_page(number, key, page, size=len(body), seconds=SECONDS, chosen=bool(key[-1]))
        return [body]


def _may_be_kept(query: str, environ: "WSGIEnvironment") -> bool:
    return _PLAIN in environ and len(query) <= LONGEST_QUERY and f"{TYPED}=" not in query


def _answer(page: KeptPage, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    method: str = environ["REQUEST_METHOD"]
    known: str = environ.get("HTTP_IF_NONE_MATCH", "")
    if known and unquote_etag(page.etag)[0] in {unquote_etag(one.strip())[0] for one in known.split(",")}:
        log.info("request", method=method, endpoint="(kept page)", status=304)
        kept = [(name, value) for name, value in page.headers if name not in _OF_BODY]
        start_response("304 NOT MODIFIED", kept)
        return []
    log.info("request", method=method, endpoint="(kept page)", status=200)
    start_response("200 OK", page.headers)
    return [page.body] if method == "GET" else []


_OF_BODY = frozenset({"Content-Length", "Content-Type"})


def _is_own(headers: Headers) -> bool:
    return any(
        name.lower() == "set-cookie" or (name.lower() == "vary" and "cookie" in value.lower())
        for name, value in headers
    )
