"""A test client that looks at every answer, and reads pages as a person does."""

import contextvars
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from servicetray.core.db import db
from tests import inspection
from tests.reading import Form, Reading, parse
from tests.statements import noted, written_table

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 5

KEPT_ON_GET = ("audit_row", "usage_", "sign_in_session", "client_visit")
"""Tables that reading may add to: who looked, how often, and that somebody is still there."""


class PageFault(AssertionError):  # noqa: N818 - read in a test's failure, where "Error" says nothing
    """A page breaks a rule that holds for all pages."""


class Client(FlaskClient):
    """Opens each request apart from the test's own context, and inspects what comes back."""

    changes_on_get = False
    """Set by the marker of the same name: this test means a GET to change something."""

    def open(
        self, *args: Any, buffered: bool = False, follow_redirects: bool = False, **kwargs: Any
    ) -> TestResponse:
        """Send one request, and those that its redirects ask for; each answer is inspected.

        The request gets an empty context: in the test's own, Flask would reuse its application context, and
        with it ``g`` and the database session. Before, the test's session ends its savepoint, since both
        share one connection and the outer savepoint's end would take the request's rows with it.
        """
        if has_app_context():
            db.session.commit()
        response = contextvars.Context().run(self._open_once, *args, buffered=buffered, **kwargs)
        history: list[TestResponse] = []
        while follow_redirects and response.status_code in REDIRECTS:
            if len(history) == MAX_REDIRECTS:
                raise AssertionError(f"redirected without end: {[hop.location for hop in history]}")
            history.append(response)
            response = self.resolve_redirect(response, buffered=buffered)
        response.history = tuple(history)
        if has_app_context():
            db.session.expire_all()
        return response

    def read(self, path: str, *, status: int = 200, **kwargs: Any) -> Reading:
        """GET a page, following redirects, and read it."""
        return self._expect(self.get(path, follow_redirects=True, **kwargs), status)

    def send(
        self,
        form: Form,
        *,
        button: str | None = None,
        status: int = 200,
        follow: bool = True,
        **fields: str | list[str] | None,
    ) -> Reading:
        """Fill in a form of a page, press a button, follow the redirect and read what comes.

        Fields that are not named are sent as they stand on the page. For an answer without a redirect, such
        as a form to be mended, pass ``status=422``.
        """
        data = form.data(button=button, **fields)
        if form.method == "get":
            return self._expect(self.get(form.action, query_string=data, follow_redirects=follow), status)
        return self._expect(self.post(form.action, data=data, follow_redirects=follow), status)

    def _open_once(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            bind = db.engines[None]
        with noted(bind) as sent:
            response = super().open(*args, follow_redirects=False, **kwargs)
        self._inspect(response, sent)
        return response

    def _inspect(self, response: TestResponse, sent: list[str]) -> None:
        request = response.request
        where = f"{request.method} {request.environ.get('SCRIPT_NAME', '')}{request.path}"
        found: list[str] = []
        if request.method in SAFE and not self.changes_on_get:
            found += [f"a safe method wrote: {statement[:120]}" for statement in sent if _changes(statement)]
        if "Content-Security-Policy" not in response.headers:
            found.append("no Content-Security-Policy")
        if response.mimetype == "text/html" and response.status_code != 304 and request.method != "HEAD":
            body = response.get_data(as_text=True)
            if response.location is None:
                markup = parse(body)
                # Reading takes it from here, so that a page is parsed once.
                response.markup = markup
                found += inspection.faults(markup, request.path)
                found += _cookies_left(response, body)
        if found:
            raise PageFault(f"{where} ({response.status_code}):\n  " + "\n  ".join(found))

    def _expect(self, response: TestResponse, status: int) -> Reading:
        page = Reading(response)
        if page.status != status:
            said = f"{page.h1!r} {page.errors or ''}" if response.mimetype == "text/html" else ""
            raise AssertionError(f"{page.path} answered {page.status}, not {status}: {said}")
        return page


def _changes(statement: str) -> bool:
    table = written_table(statement)
    return table is not None and not table.startswith(KEPT_ON_GET)


def _cookies_left(response: TestResponse, body: str) -> list[str]:
    # Residents get no cookie. A page with a form of a session (signing in) is for others.
    request = response.request
    if request.method != "GET" or "Cookie" in request.headers or "csrf_token" in body:
        return []
    cookie = response.headers.get("Set-Cookie")
    return [f"a cookie for somebody who only reads: {cookie.split('=')[0]}"] if cookie else []
