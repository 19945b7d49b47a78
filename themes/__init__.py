"""The tray: themes, the directory of services, and what fills and searches it. It holds no client data."""

from flask import Flask

NOT_SHOWN = frozenset({"import_run", "card_code", "feedback", "feedback_note", "provider_editor"})
"""Tables of ours that no page of the tray is made of: writing to them lets no kept page go."""


def init_app(app: Flask) -> None:
    """Register the pages and the commands of the tray."""
    # Imported here, so that a pure module of the tray can be had without its web pages.
    from servicetray.core import caching
    from themes import counted
    from themes.conversation_cards import init_app as conversation_cards
    from themes.directory.crawling import blueprint as crawling
    from themes.directory.desk import init_app as directory_desk
    from themes.directory.easy_views import blueprint as easy
    from themes.directory.views import blueprint as directory
    from themes.feedback import init_app as feedback
    from themes.finding import init_app as finding
    from themes.guided_paths import init_app as guided_paths
    from themes.happenings import init_app as happenings
    from themes.ptv import init_app as ptv
    from themes.self_care import init_app as self_care
    from themes.tools.views import blueprint as tools
    from themes.topics.views import blueprint as topics
    from themes.wellbeing_card import init_app as wellbeing_card

    caching.init_app(app, keeps=not app.testing)
    app.register_blueprint(topics)
    app.register_blueprint(directory)
    app.register_blueprint(easy)
    app.register_blueprint(crawling)
    directory_desk(app)
    finding(app)
    app.register_blueprint(tools)
    self_care(app)
    guided_paths(app)
    ptv(app)
    wellbeing_card(app)
    conversation_cards(app)
    happenings(app)
    feedback(app)
    counted.init_app(app)
    _name_content()


def _name_content() -> None:
    from servicetray.core import content
    from servicetray.core.db import Model

    tables = {
        str(mapper.class_.__tablename__)
        for mapper in Model.registry.mappers
        if mapper.class_.__module__.startswith("themes.")
    }
    content.made_of("municipality", *sorted(tables - NOT_SHOWN))
