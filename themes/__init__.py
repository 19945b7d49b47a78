"""The tray: themes, the directory of services, and what fills and searches it. It holds no client data."""

from flask import Flask

NOT_SHOWN = frozenset({"import_run", "card_code", "feedback", "feedback_note", "provider_editor"})
"""Tables of ours that no page of the tray is made of: writing to them lets no kept page go."""


def init_app(app: Flask) -> None:
    """Register the pages and the commands of the tray."""
    # Imported here, so that a pure module of the tray can be had without its web pages.
    from servicetray.core import caching  # noqa: PLC0415 - what works without pages needs none of these
    from themes import counted  # noqa: PLC0415 - what works without pages needs none of these
    from themes.conversation_cards import init_app as conversation_cards  # noqa: PLC0415 - what works without pages needs none of these
    from themes.directory.crawling import blueprint as crawling  # noqa: PLC0415 - what works without pages needs none of these
    from themes.directory.desk import init_app as directory_desk  # noqa: PLC0415 - what works without pages needs none of these
    from themes.directory.views import blueprint as directory  # noqa: PLC0415 - what works without pages needs none of these
    from themes.feedback import init_app as feedback  # noqa: PLC0415 - what works without pages needs none of these
    from themes.finding import init_app as finding  # noqa: PLC0415 - what works without pages needs none of these
    from themes.guided_paths import init_app as guided_paths  # noqa: PLC0415 - what works without pages needs none of these
    from themes.happenings import init_app as happenings  # noqa: PLC0415 - what works without pages needs none of these
    from themes.ptv import init_app as ptv  # noqa: PLC0415 - what works without pages needs none of these
    from themes.self_care import init_app as self_care  # noqa: PLC0415 - what works without pages needs none of these
    from themes.tools.views import blueprint as tools  # noqa: PLC0415 - what works without pages needs none of these
    from themes.topics.views import blueprint as topics  # noqa: PLC0415 - what works without pages needs none of these
    from themes.wellbeing_card import init_app as wellbeing_card  # noqa: PLC0415 - what works without pages needs none of these

    caching.init_app(app, keeps=not app.testing)
    app.register_blueprint(topics)
    app.register_blueprint(directory)
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
    from servicetray.core import content  # noqa: PLC0415 - as above
    from servicetray.core.db import Model  # noqa: PLC0415 - what works without pages needs none of these

    tables = {
        str(mapper.class_.__tablename__)
        for mapper in Model.registry.mappers
        if mapper.class_.__module__.startswith("themes.")
    }
    content.made_of("municipality", *sorted(tables - NOT_SHOWN))
