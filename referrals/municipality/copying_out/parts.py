"""What is copied out of a case: parts of facts, once for people and once for machines.

Text and file are made from the same parts, so they can't tell different things.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

Value = str | int | bool | list[str] | None

FORMAT = "servicetray.case"
VERSION = 1
"""Of the file's shape. A field that is added keeps it, one that is renamed or removed raises it."""
INDENT = "  "


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that is known."""

    name: str
    """For machines, in English; the same in every language."""
    value: Value
    """As a machine reads it: times in UTC, codes of lists as they are stored."""
    label: str
    words: str
    """As a person reads it; an empty one is left out of the text."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """Facts that belong together, each entry one thing: a client has one, a course has many."""

    name: str
    title: str
    entries: Sequence[Sequence[Fact]]
    dated: bool = False
    """Whether an entry is told as a line that its first fact, the time, begins."""

    @property
    def text(self) -> str:
        """The part as plain text, its title first; empty where there is nothing to tell."""
        told = [_lines(entry) if not self.dated else _dated(entry) for entry in self.entries]
        lines = [line for entry in told for line in entry]
        return "\n".join([self.title, *lines]) if lines else ""


def as_text(parts: Sequence[Part]) -> str:
    """Return all parts as one plain text, a blank line between them."""
    return "\n\n".join(part.text for part in parts if part.text)


def as_data(parts: Sequence[Part], *, now: dt.datetime) -> dict[str, object]:
    """Return all parts for machines: an object a part, or a list of them where there can be several."""
    data: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now.astimezone(dt.UTC).isoformat(),
    }
    for part in parts:
        entries = [{fact.name: fact.value for fact in entry} for entry in part.entries]
        data[part.name] = entries if part.dated else (entries[0] if entries else None)
    return data


def _lines(entry: Sequence[Fact]) -> list[str]:
    return [f"{_asked(fact.label)} {_one_line(fact.words)}" for fact in entry if fact.words]


def _dated(entry: Sequence[Fact]) -> list[str]:
    """The first fact is when, the second what; the others follow by name, texts indented below."""
    when, what, *more = entry
    by = next((fact.words for fact in more if fact.name == "by" and fact.words), "")
    head = " ".join(filter(None, (when.words, what.words)))
    return [
        f"{head} ({by})" if by else head,
        *(
            f"{INDENT}{_asked(fact.label)} {_one_line(fact.words)}"
            if fact.label
            else f"{INDENT}{_one_line(fact.words)}"
            for fact in more
            if fact.words and fact.name != "by"
        ),
    ]


def _asked(label: str) -> str:
    return label if label.endswith("?") else f"{label}:"


def _one_line(words: str) -> str:
    # A fact that somebody wrote in lines stays one entry where it is pasted.
    return " ".join(words.split())
