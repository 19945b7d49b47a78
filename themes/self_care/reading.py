"""From the file of a programme (TOML) to the programme. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from servicetray.core.db import Texts
from servicetray.core.i18n import LANGUAGES

FOLDER = Path(__file__).resolve().parent / "programmes"


class ProgrammeError(ValueError):
    """A file isn't a programme; the message says which and why."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: something to read and something to do."""

    title: Texts
    text: Texts
    """Paragraphs and lists, as ``plain_text`` reads them."""
    tasks: Mapping[str, Sequence[str]]
    """What to do, by language."""
    question: Texts
    """What to write down for oneself; may have no texts."""


@dataclass(frozen=True, kw_only=True)
class Programme:
    """A programme of our own."""

    slug: str
    theme: str
    position: int
    minutes: int
    """About how long a step takes."""
    name: Texts
    summary: Texts
    lead: Texts
    heed: Texts
    """When to ask a professional; may have no texts."""
    search: Texts
    """Words that find services to go on with."""
    steps: Sequence[Step]


@cache
def programmes() -> Sequence[Programme]:
    """Return the programmes in their order.

    Raises:
        ProgrammeError: if a file isn't one.
    """
    found = [read(path.read_text(encoding="utf-8"), path.stem) for path in sorted(FOLDER.glob("*.toml"))]
    return tuple(sorted(found, key=lambda programme: (programme.position, programme.slug)))


def read(source: str, slug: str) -> Programme:
    """Return the programme that a text tells of, every text in every language.

    Raises:
        ProgrammeError: if something is missing.
    """
    try:
        raw = tomllib.loads(source)
        return Programme(
            slug=slug,
            theme=str(raw["theme"]),
            position=int(raw["position"]),
            minutes=int(raw["minutes"]),
            name=_texts(raw, "name"),
            summary=_texts(raw, "summary"),
            lead=_texts(raw, "lead"),
            heed=_texts(raw, "heed"),
            search=_texts(raw, "search"),
            steps=tuple(_step(each) for each in raw["step"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ProgrammeError(f"{slug}: {error!r}") from error


def _step(raw: Mapping[str, Any]) -> Step:
    tasks = {code: tuple(str(each) for each in raw["tasks"][code]) for code in LANGUAGES}
    if len({len(each) for each in tasks.values()}) != 1:
        raise ValueError(f"not as many tasks in every language: {raw['title']}")
    return Step(
        title=_texts(raw, "title"),
        text=_texts(raw, "text"),
        tasks=tasks,
        question=_texts(raw, "question") if "question" in raw else {},
    )


def _texts(raw: Mapping[str, Any], name: str) -> Texts:
    found = {code: str(raw[name][code]).strip() for code in LANGUAGES}
    if not all(found.values()):
        raise ValueError(f"{name} is not in every language")
    return found
