"""Health for the machines: alive, ready to serve, and figures for whoever watches."""

import datetime as dt
import hmac
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, jsonify, request
from sqlalchemy import select

from servicetray.core import access, clock, outbox, walls
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError
from servicetray.core.jobs import jobs, last_done
from servicetray.core.settings import current_settings

FIGURES_JOB = "figures.month"
OVERDUE_AFTER = dt.timedelta(hours=1)
"""A worker does what is due within a minute; what was due an hour ago and is not done is overdue."""

blueprint = Blueprint("health", __name__, url_prefix="/health")
metrics_blueprint = Blueprint("metrics", __name__)


@blueprint.get("/live")
@access.public
def live() -> Response:
    """Answer as long as the process does."""
    return _fresh(jsonify(status="alive"))


@blueprint.get("/ready")
@access.public
def ready() -> Response:
    """Answer 200 when the database does; a broken one is answered 503 by the error handler."""
    db.session.execute(select(1))
    month = last_done(FIGURES_JOB)
    return _fresh(jsonify(status="ready", last_month=month.period if month else None))


@metrics_blueprint.get("/metrics")
@access.public
def metrics() -> Response:
    """Give the figures of the worker's health in Prometheus' text format, to whoever bears the token.

    Raises:
        NotFoundError: if no token is set, or the request bears another one.
    """
    token = current_settings().metrics_token.get_secret_value()
    borne = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(borne.encode(), f"Bearer {token}".encode()):
        raise NotFoundError
    text = "".join(f"{line}\n" for line in _lines(clock.now()))
    return _fresh(Response(text, content_type="text/plain; version=0.0.4; charset=utf-8"))


def _lines(now: dt.datetime) -> Iterator[str]:
    month = last_done(FIGURES_JOB)
    yield from _gauge(
        "servicetray_figures_last_month",
        "The latest month that is frozen, as a number: 202412; 0 before the first.",
        {"": int(month.period.replace("-", "")) if month else 0},
    )
    yield from _gauge(
        "servicetray_figures_last_month_done_timestamp_seconds",
        "When it was frozen.",
        {"": int(month.done_at.timestamp()) if month and month.done_at else 0},
    )
    # What is due may hang on records that no visitor sees; only how many it is leaves the house.
    with walls.everywhere():
        due = {f'job="{job.name}"': len(job.due(now)) for job in jobs()}
        late = {f'job="{job.name}"': len(job.due(now - OVERDUE_AFTER)) for job in jobs()}
    yield from _gauge("servicetray_job_due_periods", "Periods of a job that are due and not done.", due)
    yield from _gauge("servicetray_job_overdue_periods", "Those that were due an hour ago already.", late)
    oldest = outbox.oldest_waiting()
    yield from _gauge(
        "servicetray_outbox_oldest_waiting_seconds",
        "For how long the oldest message that is to leave has waited; 0 where none does.",
        {"": int((now - oldest).total_seconds()) if oldest else 0},
    )


def _gauge(name: str, words: str, values: dict[str, int]) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} gauge"
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    """Register the addresses."""
    app.register_blueprint(blueprint)
    app.register_blueprint(metrics_blueprint)
