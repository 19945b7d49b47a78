"""The client without an account: a page behind a code and the birth year, and a resident's own request."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages that this installation has."""
    # Imported here: the records of county and municipality call the operations, and need none of the web.
    from referrals.client import identification, sealed, views
    from referrals.client.requests import views as requests
    from servicetray.core import crypto
    from servicetray.core.settings import Settings

    settings = app.extensions["servicetray.settings"]
    assert isinstance(settings, Settings)
    crypto.register(*sealed.COLUMNS)
    if identification.is_open(settings):
        app.register_blueprint(views.blueprint)
    app.register_blueprint(requests.blueprint)
