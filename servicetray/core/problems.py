"""Answers to what went wrong: in the page's language, with a way on, revealing nothing."""

import traceback
from dataclasses import dataclass
from typing import ClassVar

import structlog
from flask import Flask, Response
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from servicetray.core.db import db
from servicetray.core.errors import ConflictError, NotFoundError
from servicetray.core.pages import Page, Text, render

log = structlog.get_logger()

BAD_REQUEST, FORBIDDEN, MISSING, BROKEN = 400, 403, 404, 500
RETRY_SECONDS = 30

TITLES: dict[int, Text] = {
    400: _l("We could not read that"),
    404: _l("There is no page here"),
    405: _l("That can't be done here"),
    409: _l("Somebody was a moment ahead of you"),
    413: _l("That was too much at once"),
    429: _l("Wait a moment and try again"),
    500: _l("Something broke on our side"),
    503: _l("We are out for a moment"),
}


@dataclass(frozen=True, kw_only=True)
class ProblemPage(Page):
    """A page that says what went wrong and what to do next."""

    template: ClassVar[str] = "servicetray/errors/problem.html"
    code: int


def answer(code: int) -> Response:
    """Return the page for an HTTP status."""
    shown = code if code in TITLES else BAD_REQUEST if code < BROKEN else BROKEN
    response = render(ProblemPage(title=TITLES[shown], code=shown), status=code)
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < BAD_REQUEST:
            return error
        # Forbidden looks like missing.
        response = answer(MISSING if error.code == FORBIDDEN else error.code)
        # What belongs to the status beside its page: Allow, Retry-After.
        for name, value in error.get_headers():
            response.headers.setdefault(name, value)
        return response

    @app.errorhandler(NotFoundError)
    def _missing(error: NotFoundError) -> Response:
        del error
        return answer(404)

    @app.errorhandler(ConflictError)
    def _conflict(error: ConflictError) -> Response:
        del error
        return answer(409)

    @app.errorhandler(StaleDataError)
    def _stale(error: StaleDataError) -> Response:
        del error
        return answer(409)

    @app.errorhandler(OperationalError)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(PoolTimeoutError)
    def _database_away(error: OperationalError | InterfaceError | PoolTimeoutError) -> Response:
        cause = error if isinstance(error, PoolTimeoutError) else error.orig
        log.error("database_away", problem=type(cause).__name__)
        db.session.rollback()
        response = answer(503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    @app.errorhandler(Exception)
    def _broken(error: Exception) -> Response:
        # The traceback without its message: a message may quote what a person typed.
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
        log.error("unhandled", problem=type(error).__name__, where=where)
        db.session.rollback()
        return answer(500)
