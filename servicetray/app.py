"""The application: the only place that knows every package."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate

import referrals
import themes
from servicetray import accounts, audit, health, information, usage
from servicetray.core import (
    access,
    assets,
    db,
    digest,
    fragments,
    i18n,
    logs,
    outbox,
    pages,
    problems,
    security,
)
from servicetray.core.settings import Parts, Settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGED = Path(__file__).resolve().parent
CONNECT_SECONDS = 5


def _folder(name: str) -> Path:
    # In a checkout templates and migrations stand beside the packages; a wheel carries them inside this one.
    packaged = PACKAGED / f"_{name}"
    return packaged if packaged.exists() else ROOT / name


MIGRATIONS = _folder("migrations")


def _engine_options(settings: Settings) -> dict[str, Any]:
    # An error of the database must not quote what a person typed, in whatever log it ends up.
    options: dict[str, Any] = {"hide_parameters": True}
    if settings.is_sqlite:
        return options
    # A database that is away is answered with 503 within seconds, not after the network's two minutes.
    connect = {"connect_timeout": CONNECT_SECONDS}
    return {**options, "pool_pre_ping": True, "pool_size": 5, "pool_timeout": 10, "connect_args": connect}


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application from settings (the environment's where none are given).

    Raises:
        pydantic.ValidationError: if a setting is missing or unsafe.
    """
    settings = settings or Settings()
    app = Flask("servicetray", template_folder=str(_folder("templates")), root_path=str(PACKAGED))
    app.extensions["servicetray.settings"] = settings
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        TESTING=settings.testing,
        DEBUG=False,
    )
    logs.init_app(app, settings)
    db.init_app(app)
    i18n.init_app(app)
    security.init_app(app, settings)
    access.init_app(app)
    pages.init_app(app)
    fragments.init_app(app)
    assets.init_app(app)
    problems.init_app(app)
    Migrate(app, db.db, directory=str(MIGRATIONS), compare_type=True, render_as_batch=True)
    outbox.init_app(app)
    health.init_app(app)
    audit.init_app(app)
    accounts.init_app(app)
    information.init_app(app)
    if settings.parts is not Parts.QUEUE:
        themes.init_app(app)
    if settings.parts is not Parts.CATALOGUE:
        referrals.init_app(app)
    # In front of all that answers, the pages kept in memory too.
    usage.init_app(app)
    # After every feature that makes something for the morning's letters.
    digest.init_app(app)
    return app
