"""Pieces of pages that are the same for everyone, kept ready as HTML while no content changes.

Writing a page is most of what it costs; a card or a footer is the same on a thousand of them. What is written each
time is made cheap here too: words are looked up once a language, imports of macros don't ask what a page adds.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any

from flask import Flask, g, request
from flask_babel import get_locale, get_translations
from jinja2 import Template
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.utils import pass_eval_context
from markupsafe import Markup, escape

from servicetray.core.content import kept_piece, kept_pieces
from servicetray.core.i18n import current_language

GAP = "\0"
"""Stands in a kept piece for what is written each time; no text of ours holds this sign."""

_WORDS = 8192
"""Texts of templates kept ready, in all languages; there are about half as many."""

_translations: dict[str, Any] = {}


class OwnTemplate(Template):
    """A template whose macros are imported without looking which globals the page adds: ours add none."""

    def _get_default_module(self, ctx: Context | None = None) -> Any:
        del ctx
        return super()._get_default_module()


def kept_html(*key: Hashable, caller: Callable[[], str]) -> Markup:
    """Return what stands inside a template's ``call`` of this, written once a language and version of the content.

    Args:
        key: a name, with everything that the piece depends on besides language and content.
        caller: writes it.
    """
    return Markup(kept_piece((_language(), request.script_root, *key), caller))  # noqa: S704 - a template's own output


def kept_filled(values: Iterable[Any], *key: Hashable, caller: Callable[[], str]) -> Markup:
    """Return what stands inside a template's ``call`` of this, kept as by ``kept_html``, with its gaps filled.

    Args:
        values: what stands in the gaps, in their order; escaped here, but for HTML.
        key: of the piece; what fills its gaps is no part of it.
        caller: writes it, with ``GAP`` in it as often as there are values.

    Raises:
        ValueError: if there are more gaps than values, or fewer.
    """
    # As a plain string: markup would make markup of each part.
    first, *others = str.split(kept_piece((_language(), request.script_root, *key), caller), GAP)
    parts = [first]
    for value, after in zip(values, others, strict=True):
        # Most gaps are numbers, and there is nothing to escape in one.
        parts += (str(value) if type(value) is int else escape(value), after)
    return Markup("".join(parts))  # noqa: S704 - a template's own output, and what was escaped


def kept_each(name: str, ids: Iterable[Hashable], *key: Hashable, caller: Callable[[Any], str]) -> Markup:
    """Return the pieces of many things, each kept under its id and the rest of the key.

    Args:
        name: of the kind of piece.
        ids: of the things.
        key: what the pieces depend on besides language and content, such as the day.
        caller: writes the one with this id.
    """
    language, root = _language(), request.script_root
    by_key = [((language, root, name, each, *key), each) for each in ids]
    return Markup("".join(kept_pieces(by_key, caller)))  # noqa: S704 - a template's own output


def init_app(app: Flask) -> None:
    """Give templates these, and translations by one look-up: Flask-Babel asks for locale and catalogue each time."""
    app.jinja_env.template_class = OwnTemplate
    app.jinja_env.globals.update(kept_html=kept_html, kept_filled=kept_filled, kept_each=kept_each, GAP=GAP)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of jinja2.ext.i18n
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, number: _catalogue().unpgettext(context, one, many, number),
    )
    # ``_`` looks ``gettext`` up in the template first; nearly all texts are plain words without a gap.
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = _words


@pass_eval_context
def _words(at: EvalContext, text: str, /, **gaps: Any) -> str:
    if at.autoescape and not gaps:
        return _ready(_language(), text)
    said = _catalogue().ugettext(text)
    return (Markup(said) if at.autoescape else str(said)) % gaps  # noqa: S704 - our own words


@lru_cache(maxsize=_WORDS)
def _ready(language: str, text: str) -> Markup:
    # The language is the key alone: it is the one of the page.
    del language
    return Markup(_catalogue().ugettext(text)) % {}  # noqa: S704 - our own words


def _language() -> str:
    # Not the page's own: a piece may be written in another language by force_locale. Flask-Babel's own place, since
    # ``get_locale`` goes through four proxies, thousands of times a second.
    locale = getattr(g.get("_flask_babel"), "babel_locale", None) or get_locale()
    return locale.language if locale else current_language()


def _catalogue() -> Any:
    language = _language()
    found = _translations.get(language)
    if found is None:
        found = _translations[language] = get_translations()
    return found
