"""Readings of a Finnish word, from the lexical transducer of Voikko.

The transducer's own Python wrapper builds wrong lemmas for many compounds ("omainenhoitaja",
"linja--auto"), so its raw answers are read here. An answer for *liikuntaryhmässä*::

    [Lt][Xp]liikkua[X]liiku[Ln]n[Xj]ta[X]t[Sn][Ny]a[Bh][Bc][Ln][Xp]ryhmä[X]ryhmä[Sine][Ny]ssä

``[Bc]`` parts the compound; ``[L…]`` is the word class (``t`` verb, ``l`` adjective, ``nl`` noun
or adjective), ``[S…]`` the case; text outside tags is the word as written; ``[Xp]…[X]`` is the base
form and ``[Xj]…[X]`` the suffix of a derivation, which makes what stood before it a new base.
``[Xr]`` and ``[Xs]`` open text that is neither. ``[Tn4]`` is the verb's form in *-minen*. ``=`` marks a joint inside a fixed compound.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from themes.search.memory import remembered

LONGEST_WORD = 32
"""Characters. Look-up time grows exponentially in hostile words: 60 characters took 25 s, 32 at most 0.1 s."""

_TAGGED = re.compile(r"\[([^\]]*)\]|([^\[]+)")
_ADJECTIVES = frozenset({"l", "nl"})
_VERB = "t"
_SAYING_WHAT = frozenset({"n", "nl", "l", "a", "e", "ep", "es", "em"})
"""Nouns, adjectives, abbreviations and names."""
_NOMINATIVE = "n"


class _Transducer(Protocol):
    def lookup(self, word: str) -> list[tuple[str, float]]: ...


@cache
def _transducer() -> _Transducer:
    # Costs 0.6 s and 220 MB, so only a process that searches or indexes pays. The import lock makes
    # it happen once however many threads ask first.
    return cast("_Transducer", import_module("pyvoikko").VOIKKO_FST)


@cache
def _not_in_alphabet() -> type[Exception]:
    return cast("type[Exception]", import_module("kfst").TokenizationException)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a compound, or the whole of a simple word."""

    surface: str
    """As it stands in the word, its hyphen included."""
    base: str
    derived_from: tuple[str, ...]
    """What the base is made of, nearest last: *päihde*, *päihteetön* for *päihteettömyys*."""
    word_class: str
    case: str
    action: str
    """The name of the doing, for a verb in that form: *kaatuminen* for *kaatumisen*; else empty."""
    fixed: bool
    """Whether the lexicon holds it as a compound already grown together."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to understand a word."""

    parts: tuple[Part, ...]

    @property
    def lemmas(self) -> tuple[str, ...]:
        """The dictionary form of the whole word; for *kaatumisen* both *kaatuminen* and *kaatua*."""
        lemma, last = self.lemma_of(0, len(self.parts)), self.parts[-1]
        return (lemma.removesuffix(last.base) + last.action, lemma) if last.action else (lemma,)

    def lemma_of(self, first: int, end: int) -> str:
        """Return the dictionary form of ``parts[first:end]`` as a word of its own.

        Earlier parts stay as written, but an adjective that bends with the last part goes back to
        its base: *isollavarpaalla* → *isovarvas*, yet *omaishoitaja* keeps *omais*.
        """
        last = self.parts[end - 1]
        heads = (
            part.base + part.surface[len(part.surface.rstrip("-")) :]
            if part.word_class in _ADJECTIVES and part.case == last.case != _NOMINATIVE
            else part.surface
            for part in self.parts[first : end - 1]
        )
        return "".join(heads) + last.base

    @property
    def is_verb(self) -> bool:
        """Whether the whole word is a form of a verb."""
        return self.parts[-1].word_class == _VERB

    @property
    def says_what(self) -> bool:
        """Whether the word names a thing, a doing or a quality: no verb, number or small word."""
        return self.parts[-1].word_class in _SAYING_WHAT or bool(self.parts[-1].action)

    @property
    def is_put_together(self) -> bool:
        """Whether it is a compound that the lexicon doesn't hold: such a one may make no sense."""
        return len(self.parts) > 1 and not any(part.fixed for part in self.parts)

    @property
    def cost(self) -> int:
        """How far-fetched the reading is; lower is likelier."""
        last = self.parts[-1]
        return 2 * len(self.parts) + 2 * len(last.derived_from) + any(part.fixed for part in self.parts)


def readings(word: str) -> tuple[Reading, ...]:
    """Return the likely readings of a lower-case word, likeliest first; empty if it isn't Finnish.

    Readings that cost more than one step over the best are dropped; verbs come last, since people
    look for things. Words longer than ``LONGEST_WORD`` are not looked up.
    """
    return remembered(_readings, word, "fi")


def _readings(word: str, language: str) -> tuple[Reading, ...]:
    del language
    if not word or len(word) > LONGEST_WORD:
        return ()
    try:
        raw = [analysis for analysis, _weight in _transducer().lookup(word)]
    except _not_in_alphabet():
        return ()
    found = [reading for analysis in raw if (reading := _read(analysis))]
    if not found:
        return ()
    limit = min(reading.cost for reading in found) + 1
    likely = [reading for reading in found if reading.cost <= limit]
    return tuple(sorted(likely, key=lambda reading: (reading.is_verb, reading.cost)))


def load() -> None:
    """Load the transducer now: in a server's master process, so that its workers share the memory."""
    _transducer()


def _read(analysis: str) -> Reading | None:
    parts = tuple(part for raw in analysis.split("[Bc]") if (part := _read_part(raw)))
    return Reading(parts=parts) if parts else None


def _read_part(raw: str) -> Part | None:
    part = _PartReader()
    for tag, text in _TAGGED.findall(raw):
        if text:
            part.take(text)
        else:
            part.obey(tag)
    return part.finished()


class _PartReader:
    """Collects the letters of one part, each where the tag before it says."""

    def __init__(self) -> None:
        self.surface = self.base = self.word_class = self.case = self.action = ""
        self.derived_from: list[str] = []
        self.into = "surface"

    def take(self, letters: str) -> None:
        if self.into == "surface":
            self.surface += letters
        elif self.into == "base":
            self.base += letters

    def obey(self, tag: str) -> None:
        if tag == "X":
            self.into = "surface"
        elif tag == "Xp":
            self.into, self.base = "base", ""
        elif tag == "Xj":
            if self.base:
                self.derived_from.append(self.base)
            self.into, self.base = "base", self.surface
        elif tag in {"Xr", "Xs"}:
            self.into = "nowhere"
        elif tag.startswith("L"):
            self.word_class = tag[1:]
        elif tag.startswith("S"):
            self.case = tag[1:]
        elif tag == "Tn4":
            self.action = f"{self.surface}minen"

    def finished(self) -> Part | None:
        if not self.surface:
            return None
        return Part(
            surface=_plain(self.surface),
            base=_plain(self.base or self.surface.rstrip("-")).lower(),
            derived_from=tuple(_plain(base).lower() for base in self.derived_from),
            word_class=self.word_class,
            case=self.case,
            action=_plain(self.action),
            fixed="=" in self.base,
        )


def _plain(word: str) -> str:
    return word.replace("=", "")
