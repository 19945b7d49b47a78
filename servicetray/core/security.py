"""Headers, cookies and the checks that stand before every view.

Scripts and styles come from our own files alone: no inline code, so no nonce, so public pages are
the same bytes for everyone and any cache may hold them.
"""

import datetime as dt
from collections.abc import Iterator

from flask import Flask, Request, Response, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from werkzeug.datastructures import MultiDict
from werkzeug.middleware.proxy_fix import ProxyFix

from servicetray.core import access
from servicetray.core.settings import Settings

DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(DIRECTIVES)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
MAX_BODY_BYTES = 256 * 1024
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

csrf = CSRFProtect()


class Sessions(SecureCookieSessionInterface):
    """Flask's own, but that it makes no signer where nothing was brought to be read: residents bring no cookie."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session from its cookie; an empty one where there is none."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def init_app(app: Flask, settings: Settings) -> None:
    """Set cookies, limits, CSRF and headers."""
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="__Host-servicetray" if settings.https else "servicetray",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_REFRESH_EACH_REQUEST=False,
        # The database ends a sign-in; the cookie outlives it, so that a form posted too late is still known as theirs.
        PERMANENT_SESSION_LIFETIME=dt.timedelta(hours=settings.session_hours + 2),
        # A form may stand open as long as the session does; the session is the limit.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.session_interface = Sessions()
    csrf.init_app(app)
    app.before_request(_refuse_cross_site)
    app.before_request(_refuse_nul)
    app.after_request(_headers)
    if settings.https:
        app.after_request(_strict_transport)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's documented way


def _refuse_cross_site() -> None:
    # Browsers say where a request comes from; the CSRF token stays the first wall for those that don't.
    # A neighbour on the county's domain ("same-site") is another site, too.
    if request.method in UNSAFE and request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        abort(400)


def _refuse_nul() -> None:
    # No text of ours holds one, and PostgreSQL refuses it: an answer in words instead of a fault of ours.
    asked = request.environ.get("QUERY_STRING", "")
    texts = _texts(request.form) if request.method in UNSAFE else ()
    if "%00" in asked or "\x00" in asked or "\x00" in request.path or any("\x00" in text for text in texts):
        abort(400)


def _texts(values: MultiDict[str, str]) -> Iterator[str]:
    for name, value in values.items(multi=True):
        yield name
        yield value


def _headers(response: Response) -> Response:
    # Werkzeug walks through all headers for each that it is asked for.
    told = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in HEADERS.items() if name.lower() not in told])
    if not access.is_public(request.endpoint):
        response.headers["Cache-Control"] = "no-store"
    return response


def _strict_transport(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    return response
