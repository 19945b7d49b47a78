"""Links that lead out of the tray: counted by what had them, never by who followed them.

``/ulos/<signed>`` names a page of ours and the fingerprint of a link on it. It leads only where that page links to at
this moment: neither a made-up address nor one that has left the directory can be reached through it.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app, url_for
from itsdangerous import BadSignature, Signer

from servicetray.core.settings import current_settings
from servicetray.usage.counting import Names
from servicetray.usage.models import Use
from servicetray.usage.operations import count_use

_SOURCES: Final = "servicetray.usage.sources"
_MARK: Final = 12
"""Hexadecimal digits of a link's fingerprint: enough to tell the links of one page apart."""

LinksOf = Callable[[str], Collection[str]]
"""A public id → the addresses that its page links to now; none where there is no such page."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Pages that have links out of the tray."""

    links_of: LinksOf
    names: Names


def add_source(app: Flask, page: str, links_of: LinksOf, names: Names) -> None:
    """Let a feature have its outward links counted.

    Args:
        app: the application.
        page: what has the links, such as ``service``.
        links_of: the links of one of them.
        names: what they are called in the figures.
    """
    app.extensions.setdefault(_SOURCES, {})[page] = Source(links_of=links_of, names=names)


def names_of(page: str, public_ids: Collection[str], language: str) -> Mapping[str, str]:
    """Return the names of what has links, by public id; what is no longer there is left out."""
    source = _sources().get(page)
    return source.names(public_ids, language) if source else {}


def outward(url: str, page: str, public_id: object) -> str:
    """Return the address that leads to a link of a page and counts it; for templates."""
    if not url.startswith(("https://", "http://")) or page not in _sources():
        return url
    return url_for("usage_links.out", signed=signed(url, page, str(public_id)))


def signed(url: str, page: str, public_id: str) -> str:
    """Return the signed name of a link."""
    return _signer().sign(f"{page}~{public_id}~{_mark(url)}").decode()


def destination(signed_name: str, *, now: dt.datetime) -> str | None:
    """Return where a signed name leads and count its use, or None: not ours, or the link is no longer there."""
    try:
        page, public_id, mark = _signer().unsign(signed_name).decode().split("~")
    except (BadSignature, ValueError):
        return None
    source = _sources().get(page)
    links = source.links_of(public_id) if source else ()
    url = next((url for url in links if _mark(url) == mark), None)
    if url is None or not url.startswith(("https://", "http://")):
        return None
    count_use(kind=Use.OUTBOUND, key=f"{page}:{public_id}", now=now)
    return url


def _sources() -> Mapping[str, Source]:
    sources: Mapping[str, Source] = current_app.extensions.get(_SOURCES, {})
    return sources


def _mark(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:_MARK]


def _signer() -> Signer:
    return Signer(
        current_settings().secret_key.get_secret_value(), salt="usage outbound", digest_method=hashlib.sha256
    )
