"""Pieces of pages that are the same for everyone, kept ready as HTML while no content changes.

Writing a page is most of what it costs; a card or a footer is the same on a thousand of them.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Any

from flask import Flask, request
from flask_babel import get_locale, get_translations
from markupsafe import Markup

from servicetray.core.content import kept
from servicetray.core.i18n import current_language

_translations: dict[str, Any] = {}


def kept_html(*key: Hashable, caller: Callable[[], str]) -> Markup:
    """Return what stands inside a template's ``call`` of this, written once a language and version of the content.

    Args:
        key: a name, with everything that the piece depends on besides language and content.
        caller: writes it.
    """
    return Markup(kept(("html", _language(), request.script_root, *key), caller))  # noqa: S704 - a template's own output


def kept_each(name: str, items: Iterable[Any], write: Callable[[Any], str], *key: Hashable) -> Markup:
    """Return the pieces of many things, each kept under its ``id`` and the rest of the key.

    Args:
        name: of the kind of piece.
        items: with an ``id`` each.
        write: a macro that takes one of them.
        key: what the pieces depend on besides language and content, such as the day.
    """
    language, root = _language(), request.script_root
    return Markup("").join(
        Markup(kept(("html", language, root, name, item.id, *key), partial(write, item)))  # noqa: S704 - as above
        for item in items
    )


def init_app(app: Flask) -> None:
    """Give templates both, and translations by one look-up: Flask-Babel asks for locale and catalogue each time."""
    app.jinja_env.globals.update(kept_html=kept_html, kept_each=kept_each)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of jinja2.ext.i18n
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, number: _catalogue().unpgettext(context, one, many, number),
    )


def _language() -> str:
    # Not the page's own: a piece may be written in another language by force_locale.
    locale = get_locale()
    return locale.language if locale else current_language()


def _catalogue() -> Any:
    language = _language()
    found = _translations.get(language)
    if found is None:
        found = _translations[language] = get_translations()
    return found
