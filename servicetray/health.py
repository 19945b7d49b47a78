"""Health for the machines: alive, and ready to serve."""

from flask import Blueprint, Flask, Response, jsonify
from sqlalchemy import select

from servicetray.core import access
from servicetray.core.db import db
from servicetray.core.jobs import last_done

blueprint = Blueprint("health", __name__, url_prefix="/health")


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
    month = last_done("figures.month")
    return _fresh(jsonify(status="ready", last_month=month.period if month else None))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    """Register the addresses."""
    app.register_blueprint(blueprint)
