"""Where services are kept true: editors see all of them, editors of a provider their own."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp


def init_app(app: Flask) -> None:
    """Register the pages, their places, the reminder to look the texts over, and the word of what waits."""
    # Imported here, so that the pure modules can be had without the web pages.
    from servicetray.core.access import Permission
    from servicetray.core.areas import CONTENT
    from servicetray.core.jobs import Job, add_job
    from servicetray.core.pages import NavEntry, add_navigation
    from servicetray.core.settings import Parts, Settings
    from themes.directory.desk import channel_views, letters, new_views, provider_views, reminders, views

    settings = app.extensions["servicetray.settings"]
    assert isinstance(settings, Settings)
    if settings.parts is Parts.CATALOGUE:
        # It may not see who works here, and nobody signs in to it.
        return
    for each in (views, new_views, channel_views):
        app.register_blueprint(each.blueprint)
    app.register_blueprint(provider_views.blueprint)
    add_job(app, Job(name=reminders.JOB_NAME, due=reminders.due, work=reminders.work))
    add_job(app, Job(name=letters.JOB_NAME, due=letters.due, work=letters.work))
    add_navigation(
        app,
        NavEntry(
            endpoint="service_desk.services",
            label=_lp("staff navigation", "Services"),
            permissions=frozenset({Permission.CONTENT_EDIT, Permission.PROVIDER_EDIT}),
            position=69,
            under="service_desk",
            area=CONTENT,
        ),
        NavEntry(
            endpoint="provider_desk.providers",
            label=_lp("staff navigation", "Providers"),
            permissions=frozenset({Permission.CONTENT_EDIT}),
            position=74,
            under="provider_desk.",
            area=CONTENT,
        ),
    )
