"""Are the Finnish and Swedish texts complete? ``python -m tests.architecture.catalogues`` says what isn't.

The code and the templates hold plain English; each feature has a catalogue (``<feature>.po``) in each of the
two languages. A text may stand in any catalogue, but not in two with different translations.
"""

import functools
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from tests.architecture import sources

LANGUAGES = ("fi", "sv")
TRANSLATIONS = sources.ROOT / "servicetray" / "translations"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "_n": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_p": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "lazy_npgettext": ((1, "c"), 2, 3),
}
JINJA = {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "trimmed": "true", "silent": "false"}
NAMED = re.compile(r"%\((\w+)\)|\{(\w*)\}")

Key = tuple[str, str]
"""A text as asked for: its context (may be empty) and its English words."""


@dataclass(frozen=True)
class Asked:
    """A text that the code or a template asks for, and one of the places."""

    key: Key
    plural: str | None
    place: str


@dataclass(frozen=True)
class Given:
    """A translation and where it stands."""

    message: Message
    place: str


@functools.cache
def asked() -> dict[Key, Asked]:
    """Return every text that the product asks for; every file is read once a process."""
    found: dict[Key, Asked] = {}
    for path in sources.files(".py", ".html", ".txt"):
        inside = path.relative_to(sources.ROOT)
        if inside.parts[0] in {"tests", "benchmarks"}:
            continue
        if path.suffix == ".py":
            extracted = extract_from_file("python", path, KEYWORDS, options={"encoding": "utf-8"})
        elif inside.parts[0] == "templates":
            extracted = extract_from_file("jinja2", path, KEYWORDS, options=JINJA)
        else:
            continue
        for line, words, _comments, context in extracted:
            first, plural = (words[0], words[1]) if isinstance(words, tuple) else (words, None)
            key = (context or "", first)
            found.setdefault(key, Asked(key, plural, f"{inside}:{line}"))
    return found


def given(language: str) -> Iterator[tuple[Key, Given]]:
    """Yield every translation into a language, whichever catalogue it stands in."""
    for path in sorted((TRANSLATIONS / language / "LC_MESSAGES").glob("*.po")):
        for message in read(path):
            if message.id:
                first = message.id[0] if isinstance(message.id, tuple | list) else message.id
                place = f"{path.relative_to(sources.ROOT)}:{message.lineno}"
                yield (message.context or "", str(first)), Given(message, place)


def read(path: Path) -> Catalog:
    """Read one catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def faults() -> list[str]:
    """Return what is missing, unfinished, contradictory or lacks a placeholder."""
    wanted = asked()
    return [fault for language in LANGUAGES for fault in _faults_in(language, wanted)]


def _faults_in(language: str, wanted: dict[Key, Asked]) -> Iterator[str]:
    known: dict[Key, Given] = {}
    for key, entry in given(language):
        other = known.setdefault(key, entry)
        if _texts(other.message) != _texts(entry.message):
            yield f"{language}: {key[1]!r} is translated one way in {other.place}, another in {entry.place}"
        if entry.message.fuzzy:
            yield f"{language}: {key[1]!r} is marked fuzzy in {entry.place}"
    for key, asked_for in wanted.items():
        if key not in known:
            yield f"{language}: {asked_for.place}: no translation of {key[1]!r}" + _context(key)
            continue
        yield from _compare(language, asked_for, known[key])


def _compare(language: str, asked_for: Asked, entry: Given) -> Iterator[str]:
    texts = _texts(entry.message)
    forms = 2 if asked_for.plural else 1
    if len(texts) != forms or not all(texts):
        yield f"{language}: {entry.place}: {asked_for.key[1]!r} is not finished"
        return
    # A singular may say "one" in a word, so the plural's placeholders are those that count.
    names = {asked_for.key[1], asked_for.plural or asked_for.key[1]}
    allowed = set().union(*(_names(text) for text in names))
    for text in texts:
        if not _names(text) <= allowed:
            yield f"{language}: {entry.place}: unknown placeholder in {text!r}"
    if _names(texts[-1]) != _names(asked_for.plural or asked_for.key[1]):
        yield f"{language}: {entry.place}: a placeholder is missing in {texts[-1]!r}"


def unused() -> list[str]:
    """Return the translations that no code asks for by these words."""
    wanted = asked()
    return [
        f"{language}: {entry.place}: nothing asks for {key[1]!r}" + _context(key)
        for language in LANGUAGES
        for key, entry in given(language)
        if key not in wanted
    ]


def _texts(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(string) if isinstance(string, tuple | list) else (str(string or ""),)


def _names(text: str) -> set[str]:
    return {first or second for first, second in NAMED.findall(text)}


def _context(key: Key) -> str:
    return f" (context {key[0]!r})" if key[0] else ""


def main(arguments: list[str]) -> int:
    """Print the faults, with ``--unused`` the leftovers too; the exit code counts the faults alone."""
    found = faults()
    leftovers = unused() if "--unused" in arguments else []
    for line in [*found, *leftovers]:
        print(line)  # noqa: T201 - a command
    print(f"{len(asked())} texts, {len(found)} faults.")  # noqa: T201 - a command's answer
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
