"""Sentences made from numbers, in correct Finnish, Swedish and English: pure.

Each language has a module of its own that writes whole sentences. They are not put together from translated
fragments, and not kept in the catalogues: what changes with a number here is not one plural form but the case of
the numeral (*kahden päivän*, *kahdessa lähetteessä*), the gender (*en remiss*, *ett ärende*), the verb (*ei tullut
yhtään*), the month (*marraskuussa*) and the order of words. A translator's form of a sentence would have to hold all
of that as cases; as code each is one readable line, with a table of examples as its test.

Numerals up to ten are words. A language's sentences always hold each number they are about, as a word or as digits.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from referrals.statistics.report.sentences.english import English
from referrals.statistics.report.sentences.finnish import Finnish
from referrals.statistics.report.sentences.swedish import Swedish
from servicetray.core.periods import Month


class Speech(Protocol):
    """A language in which the report is told. ``kind`` is a kind's name in it, or empty for all referrals.

    Numbers that are differences of corrections (*sent* less *voided*) may be below zero; a part that then says
    nothing sensible is left out, and a sentence of which nothing is left is the empty text.
    """

    def month(self, month: Month) -> str:
        """Return the month as a heading has it: ``Joulukuu 2024``."""
        ...

    def in_month(self, month: Month, *, year: bool = False) -> str:
        """Return when something was: ``joulukuussa``, with its year ``joulukuussa 2024``."""
        ...

    def digits(self, number: int) -> str:
        """Return a number in digits, as the language groups them."""
        ...

    def came(self, kind: str, number: int, *, before: int | None, month_before: Month) -> str:
        """Say how many came, and how many more or fewer than in the month before."""
        ...

    def a_year_ago(self, number: int, then: int, *, month: Month) -> str:
        """Say how many came in the same month a year earlier; ``month`` is that one."""
        ...

    def first_month(self, kind: str, *, month: Month) -> str:
        """Say that a kind came into use in this month."""
        ...

    def accepted_within(self, kind: str, days: int, *, before: int | None, month_before: Month) -> str:
        """Say in how many working days at least half of the referrals were accepted."""
        ...

    def reached_within(self, days: int, *, before: int | None, month_before: Month) -> str:
        """Say in how many working days at least half of the clients were reached."""
        ...

    def went_on(self, kind: str, *, accepted: int, reached: int, started: int) -> str:
        """Say how many were accepted, reached and begun in the month."""
        ...

    def ended(self, closed: int, completed: int | None) -> str:
        """Say how many cases ended, and in how many the counselling was completed."""
        ...

    def open_at_end(self, kind: str, number: int, *, at_start: int) -> str:
        """Say how many are open at the end of the month, and how many more or fewer than at its start."""
        ...

    def most_in(self, kind: str, places: Sequence[str], number: int) -> str:
        """Say where most came; ``places`` as said (*Kouvolassa*), more than one where they are equal."""
        ...

    def main_reason(self, kind: str, reasons: Sequence[str], number: int) -> str:
        """Say the most common reason, or the reasons that are equally common."""
        ...

    def main_age(self, groups: Sequence[str], number: int) -> str:
        """Say the largest age group by its code (``65-74``), or those that are equally large."""
        ...

    def hidden(self, kind: str, *, month: Month) -> str:
        """Say that a month's number is not shown, so that nobody can be recognised."""
        ...

    def in_the_year(self, kind: str, number: int, *, year: int) -> str:
        """Say how many came in a year that is over."""
        ...

    def picture(self, *, first: Month, last: Month) -> str:
        """Say what the picture shows, as the first sentence of its text alternative."""
        ...


LANGUAGES: Final[dict[str, Speech]] = {"fi": Finnish(), "sv": Swedish(), "en": English()}


def speech(language: str) -> Speech:
    """Return the sentences of a language.

    Raises:
        KeyError: if the report is not told in it.
    """
    return LANGUAGES[language]
