"""Practice: invented clients in a true inbox, for training; marked everywhere, never counted, gone in a week."""

from flask import Flask

from servicetray.core.jobs import Chore, add_chore


def init_app(app: Flask) -> None:
    """Register switching, the wall between practice and real clients, and the removal."""
    from referrals.practice import views, wall, wiping

    app.register_blueprint(views.blueprint)
    wall.init_app(app)
    add_chore(app, Chore(name="practice.wipe", work=wiping.wipe_old))
