"""Public pages may be kept for a minute, and are asked for again by their fingerprint.

A public page is the same bytes for everyone, so any cache may hold it. One that has looked into a session
or sets a cookie is somebody's own, and is never kept.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from servicetray.core import access

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECONDS = 60
SHARED = f"public, max-age={SECONDS}"
OWN = "no-store"

Headers = list[tuple[str, str]]


def init_app(app: Flask) -> None:
    """Mark public pages as shared, and take the mark off those that turn out to be somebody's own."""
    app.after_request(_shared)
    app.wsgi_app = OwnPages(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way


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


def _is_own(headers: Headers) -> bool:
    return any(
        name.lower() == "set-cookie" or (name.lower() == "vary" and "cookie" in value.lower())
        for name, value in headers
    )
