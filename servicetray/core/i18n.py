"""Three languages: Finnish at the root, ``/sv`` and ``/en`` in front of the same paths.

A WSGI layer moves the prefix from the path to SCRIPT_NAME. So routes carry no language, and
``url_for`` stays in the language of the page by itself.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from babel import Locale
from flask import Flask, has_request_context, request
from flask_babel import Babel

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LANGUAGES = ("fi", "sv", "en")
DEFAULT = "fi"
LANGUAGE_NAMES = {"fi": "suomeksi", "sv": "på svenska", "en": "in English"}
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"

_LANGUAGE = "servicetray.language"
_ROOT = "servicetray.root"
_LOCALES = {code: Locale.parse(code) for code in LANGUAGES}


def without_language(path: str) -> str:
    """Return a path of an address without its language's prefix, as the routes know it."""
    for code in LANGUAGES:
        if code != DEFAULT and (path == f"/{code}" or path.startswith(f"/{code}/")):
            return path[len(code) + 1 :] or "/"
    return path


class LanguagePrefix:
    """Takes ``/sv`` or ``/en`` off the path and remembers it."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request (WSGI)."""
        path: str = environ.get("PATH_INFO", "")
        root: str = environ.get("SCRIPT_NAME", "")
        environ[_ROOT] = root
        environ[_LANGUAGE] = DEFAULT
        for code in LANGUAGES:
            prefix = f"/{code}"
            if code != DEFAULT and (path == prefix or path.startswith(prefix + "/")):
                environ[_LANGUAGE] = code
                environ["SCRIPT_NAME"] = root + prefix
                environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return self.app(environ, start_response)


def current_language() -> str:
    """Return the language code of the page being made (Finnish outside a request)."""
    return str(request.environ.get(_LANGUAGE, DEFAULT)) if has_request_context() else DEFAULT


def in_language_of(code: str) -> "WSGIEnvironment":
    """Return the environ of a request that was not made, such as an e-mail's, for a page in this language."""
    return {_LANGUAGE: code}


def root_path() -> str:
    """Return what stands before every path of this installation, the language prefix not included."""
    return str(request.environ.get(_ROOT, "")) if has_request_context() else ""


def same_page() -> Mapping[str, str]:
    """Return this page's address in each language, its query kept."""
    environ = request.environ
    query = environ.get("QUERY_STRING", "")
    path = environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace")
    # One slash: ``//evil.example`` as a link would lead to another host.
    place = quote(f"/{path.lstrip('/')}") + (f"?{query}" if query else "")
    root = quote(root_path())
    return {code: f"{root}{place}" if code == DEFAULT else f"{root}/{code}{place}" for code in LANGUAGES}


def _locale_of_page() -> Locale:
    return _LOCALES[current_language()]


def domains() -> list[str]:
    """Return the names of the message catalogues, one a package."""
    return sorted({path.stem for path in TRANSLATIONS.glob("*/LC_MESSAGES/*.po")})


def init_app(app: Flask) -> None:
    """Choose catalogues and locale; English texts stand in the code."""
    names = domains() or ["messages"]
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Europe/Helsinki",
        # Flask-Babel pairs the n-th directory with the n-th domain.
        default_domain=";".join(names),
        default_translation_directories=";".join([str(TRANSLATIONS)] * len(names)),
        # Ready made, which it takes as well: from a code it would make one for each request.
        locale_selector=_locale_of_page,  # type: ignore[arg-type]  # told of codes alone
    )
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way
