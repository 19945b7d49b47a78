"""Structured logs: one event a line, never a name, a body or a query string."""

import logging
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask, Response, g, request

from servicetray.core.settings import LogLevel, Settings

log = structlog.get_logger()

Mask = Callable[[str], str]
_masks: dict[str, Mask] = {}


def add_mask(name: str, mask: Mask) -> None:
    """Let a feature take out of every line what must not stand in a log, such as identity codes."""
    _masks[name] = mask


def masked(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Mask every text of a line, tracebacks and nested values too (a processor of structlog)."""
    return {key: _without(value) for key, value in event.items()}


def _without(value: Any) -> Any:
    if isinstance(value, str):
        for mask in _masks.values():
            value = mask(value)
        return value
    if isinstance(value, Mapping):
        return {_without(key): _without(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without(each) for each in value]
    # Numbers and the like say what they are; anything else is written by its repr, which may quote.
    return value if value is None or isinstance(value, bool | int | float) else _without(str(value))


def init_app(app: Flask, settings: Settings) -> None:
    """Configure structlog and write a line for each request."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            masked,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if settings.testing or settings.log_level is LogLevel.WARNING else logging.INFO
        ),
        # Standard output is for what a command answers.
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=not settings.testing,
    )
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.started = time.perf_counter()
    g.request_id = uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _finish(response: Response) -> Response:
    if request.endpoint != "static":
        # The endpoint, not the address: what stands in an address could name somebody.
        log.info(
            "request",
            method=request.method,
            endpoint=request.endpoint,
            status=response.status_code,
            ms=round((time.perf_counter() - g.started) * 1000, 1),
        )
    return response
