"""From the file of a conversation card (TOML) to the card. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from servicetray.core.db import Texts
from servicetray.core.i18n import LANGUAGES

FOLDER = Path(__file__).resolve().parent / "cards"


class CardFileError(ValueError):
    """A file isn't a conversation card; the message says which and why."""


class PartKind(StrEnum):
    """What a part of the talk is."""

    ASK = "ask"
    LISTEN = "listen"
    SAY = "say"
    OFFER = "offer"
    AFTER = "after"

    @property
    def is_spoken(self) -> bool:
        """Whether its lines are said aloud as they stand."""
        return self in {PartKind.ASK, PartKind.SAY, PartKind.OFFER}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the talk."""

    kind: PartKind
    title: Texts
    lines: Mapping[str, Sequence[str]]
    """By language."""


@dataclass(frozen=True, kw_only=True)
class ConversationCard:
    """What helps a professional to raise a matter."""

    slug: str
    position: int
    theme: str
    """Slug of the theme that it leads to."""
    referral: str
    """Code of the kind of referral that it may end in."""
    name: Texts
    summary: Texts
    lead: Texts
    parts: Sequence[Part]


@cache
def conversation_cards() -> Sequence[ConversationCard]:
    """Return the cards in their order.

    Raises:
        CardFileError: if a file isn't one.
    """
    found = [read(path.read_text(encoding="utf-8"), path.stem) for path in sorted(FOLDER.glob("*.toml"))]
    return tuple(sorted(found, key=lambda card: (card.position, card.slug)))


def read(source: str, slug: str) -> ConversationCard:
    """Return the card that a text tells of, every text in every language.

    Raises:
        CardFileError: if something is missing.
    """
    try:
        raw = tomllib.loads(source)
        return ConversationCard(
            slug=slug,
            position=int(raw["position"]),
            theme=str(raw["theme"]),
            referral=str(raw["referral"]),
            name=_texts(raw, "name"),
            summary=_texts(raw, "summary"),
            lead=_texts(raw, "lead"),
            parts=tuple(_part(each) for each in raw["part"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise CardFileError(f"{slug}: {error!r}") from error


def _part(raw: Mapping[str, Any]) -> Part:
    lines = {code: tuple(str(each).strip() for each in raw["lines"][code]) for code in LANGUAGES}
    if len({len(each) for each in lines.values()}) != 1 or not all(all(each) for each in lines.values()):
        raise ValueError(f"not the same lines in every language: {raw['title']}")
    return Part(kind=PartKind(raw["kind"]), title=_texts(raw, "title"), lines=lines)


def _texts(raw: Mapping[str, Any], name: str) -> Texts:
    found = {code: str(raw[name][code]).strip() for code in LANGUAGES}
    if not all(found.values()):
        raise ValueError(f"{name} is not in every language")
    return found
