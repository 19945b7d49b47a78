"""Addresses of the built style sheet, script, images and icons.

The build (``./dev assets``) names each file by its content and writes ``manifest.json`` beside them. It is
read once; an address never carries a language prefix, so that a browser keeps one copy for all three.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

from servicetray.core.errors import DomainError
from servicetray.core.i18n import root_path

BUILD = Path(__file__).resolve().parent.parent / "static" / "build"
ADDRESS = "/static/build/"
YEAR_SECONDS = 365 * 24 * 60 * 60

_EXTENSION = "servicetray.assets"


class AssetsMissingError(DomainError):
    """The built files are not there, or lack what a page asks for."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: run ./dev assets")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What the build made: plain names to hashed ones, and the icons in the sprite."""

    files: Mapping[str, str]
    icons: frozenset[str]

    def file(self, name: str) -> str:
        """Return the hashed name of a built file, such as ``app.css`` → ``app.1a2b.css``.

        Raises:
            AssetsMissingError: The build made no file of this name.
        """
        try:
            return self.files[name]
        except KeyError:
            raise AssetsMissingError(f"the built files have no {name}") from None


def read_manifest(folder: Path = BUILD) -> Manifest:
    """Read what the build left in a folder.

    Raises:
        AssetsMissingError: There is no readable manifest.
    """
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return Manifest(files=dict(found["files"]), icons=frozenset(found["icons"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssetsMissingError("style sheet, script and icons have not been built") from error


def asset_url(name: str) -> str:
    """Return the address of a built file, without host and language."""
    return f"{root_path()}{ADDRESS}{_manifest().file(name)}"


def icon_href(name: str) -> str:
    """Return what ``<use href>`` of an icon points to.

    Raises:
        AssetsMissingError: The sprite has no such icon (a template is newer than the build).
    """
    manifest = _manifest()
    if name not in manifest.icons:
        raise AssetsMissingError(f"the built sprite has no icon {name}")
    return f"{asset_url('icons.svg')}#{name}"


def icons() -> frozenset[str]:
    """Return the names of the icons that may be chosen for a theme or a service."""
    return _manifest().icons


def init_app(app: Flask) -> None:
    """Read the manifest if it is there, and let templates ask for addresses.

    A missing manifest stops no command: it is named when the first page needs it, and by ``doctor``.
    """
    try:
        app.extensions[_EXTENSION] = read_manifest()
    except AssetsMissingError as missing:
        app.logger.warning(str(missing))
    # Every file under static/ is named by its content.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR_SECONDS
    app.jinja_env.globals.update(asset_url=asset_url, icon_href=icon_href)


def _manifest() -> Manifest:
    known = current_app.extensions.get(_EXTENSION)
    if not isinstance(known, Manifest):
        # Built after the start: found now, and kept.
        known = current_app.extensions[_EXTENSION] = read_manifest()
    return known
