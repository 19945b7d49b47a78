"""The report's sentences in Swedish, as it is written in Finland."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from referrals.statistics.report.sentences.joining import bounds_of, joined, lower_first, upper_first
from servicetray.core.periods import Month

COMMON: Final = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio")
"""Numerals of nouns like *en remiss*; those like *ett ärende* have *ett* for one."""
MONTHS: Final = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
NBSP: Final = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, kw_only=True)
class Referral:
    """The forms of a kind's name that the sentences need."""

    one: str
    """motionsremiss"""
    many: str
    """motionsremisser"""
    the: str
    """motionsremissen"""
    them: str
    """motionsremisserna"""


def referral(kind: str) -> Referral:
    """Inflect a kind's name; one that does not end in *remiss* stands in brackets after that word."""
    name = lower_first(kind) or "remiss"
    start, after = (name.removesuffix("remiss"), "") if name.endswith("remiss") else ("", f" ({kind})")
    return Referral(
        one=f"{start}remiss{after}",
        many=f"{start}remisser{after}",
        the=f"{start}remissen{after}",
        them=f"{start}remisserna{after}",
    )


class Swedish:
    """Swedish, where *en remiss* becomes *två remisser* and nothing is *inga*."""

    def month(self, month: Month) -> str:
        """Return ``December 2024``."""
        return f"{upper_first(MONTHS[month.month - 1])} {month.year}"

    def in_month(self, month: Month, *, year: bool = False) -> str:
        """Return ``i december``, with its year ``i december 2024``."""
        return f"i {MONTHS[month.month - 1]}" + (f" {month.year}" if year else "")

    def digits(self, number: int) -> str:
        """Return a number with its thousands parted by a space."""
        return f"{number:,}".replace(",", NBSP)

    def came(self, kind: str, number: int, *, before: int | None, month_before: Month) -> str:
        """Return ``Det kom 61 remisser, nio fler än i november.``."""
        what, then = referral(kind), self.in_month(month_before)
        if number < 0:
            return (
                f"Fler {what.many} ströks som felregistrerade än det kom nya: "
                f"skillnaden är {self._number(-number)}."
            )
        if number == 0:
            return self._none_came(what.many, before, then)
        start = f"Det kom {self._counted(number, what.one, what.many)}"
        if before is None or before < 0:
            return f"{start}."
        if before == 0:
            return f"{start}, {then} inga."
        if before == number:
            return f"{start}, {self._same(number)} {then}."
        return f"{start}, {self._change(number - before)} än {then}."

    def a_year_ago(self, number: int, then: int, *, month: Month) -> str:
        """Return ``Ett år tidigare, i december 2023, kom det 52, alltså nio färre.``."""
        when = f"Ett år tidigare, {self.in_month(month, year=True)},"
        if then < 0:
            return ""
        if then == 0:
            return f"{when} kom det inga."
        if number == then:
            return f"{when} kom det lika många." if number > 1 else f"{when} kom det också en."
        if number <= 0:
            return f"{when} kom det {self._number(then)}."
        return f"{when} kom det {self._number(then)}, alltså {self._change(then - number)}."

    def first_month(self, kind: str, *, month: Month) -> str:
        """Return ``April var den första månaden med kulturremissen.``."""
        return f"{upper_first(MONTHS[month.month - 1])} var den första månaden med {referral(kind).the}."

    def accepted_within(self, kind: str, days: int, *, before: int | None, month_before: Month) -> str:
        """Return ``Minst hälften av remisserna togs emot inom två arbetsdagar från att de skickades.``."""
        start = f"Minst hälften av {referral(kind).them} togs emot"
        return f"{start} {self._within(days, 'de')}{self._waited(days, before, month_before)}."

    def reached_within(self, days: int, *, before: int | None, month_before: Month) -> str:
        """Return ``Minst hälften av de klienter som nåddes fick kontakt inom fem arbetsdagar …``."""
        start = "Minst hälften av de klienter som nåddes fick kontakt"
        return f"{start} {self._within(days, 'remissen')}{self._waited(days, before, month_before)}."

    def went_on(self, kind: str, *, accepted: int, reached: int, started: int) -> str:
        """Return ``Under månaden mottogs 58 remisser, nåddes 51 klienter och började 43 rådgivningar.``."""
        what = referral(kind)
        parts = [
            f"{verb} {self._counted(number, one, many) if number else f'inga {many}'}"
            for number, verb, one, many in (
                (accepted, "mottogs", what.one, what.many),
                (reached, "nåddes", "klient", "klienter"),
                (started, "började", "rådgivning", "rådgivningar"),
            )
            if number >= 0
        ]
        return f"Under månaden {joined(parts, 'och')}." if parts else ""

    def ended(self, closed: int, completed: int | None) -> str:
        """Return ``Under månaden avslutades 40 ärenden. 33 rådgivningar slutfördes.``."""
        if closed <= 0:
            return "Inga ärenden avslutades." if closed == 0 else ""
        said = f"Under månaden avslutades {self._counted(closed, 'ärende', 'ärenden', one='ett')}."
        if completed is None:
            return said
        if completed == 0:
            return f"{said} Ingen rådgivning slutfördes."
        return f"{said} Av rådgivningarna slutfördes {self._number(completed)}."

    def open_at_end(self, kind: str, number: int, *, at_start: int) -> str:
        """Return ``I slutet av månaden var 72 remisser öppna, tre fler än i början.``."""
        what = referral(kind)
        if number <= 0:
            start = f"I slutet av månaden var inga {what.many} öppna"
            if at_start > 0:
                return f"{start}, i början {self._number(at_start)}."
            return f"{start}, inte heller i början."
        state = "öppen" if number == 1 else "öppna"
        start = f"I slutet av månaden var {self._counted(number, what.one, what.many)} {state}"
        if at_start <= 0:
            return f"{start}, i början inga."
        if at_start == number:
            return f"{start}, {self._same(number)} i början."
        return f"{start}, {self._change(number - at_start)} än i början."

    def most_in(self, kind: str, places: Sequence[str], number: int) -> str:
        """Return ``Flest remisser fanns det i Kouvola: 23.``."""
        each = "" if len(places) == 1 else " på vardera orten" if len(places) == 2 else " på varje ort"  # noqa: PLR2004 - a pair
        start = f"Flest {referral(kind).many} fanns det {joined(places, 'och')}"
        return f"{start}: {self._number(number)}{each}."

    def main_reason(self, kind: str, reasons: Sequence[str], number: int) -> str:
        """Return ``Den vanligaste orsaken till remisserna var ”Övervikt”, som nämndes i två remisser.``."""
        them = referral(kind).them
        quoted = joined([f"”{reason}”" for reason in reasons], "och")
        many = self._counted(number, "remiss", "remisser")
        if len(reasons) == 1:
            return f"Den vanligaste orsaken till {them} var {quoted}, som nämndes i {many}."
        return f"De vanligaste orsakerna till {them} var {quoted}, som nämndes i {many} var."

    def main_age(self, groups: Sequence[str], number: int) -> str:
        """Return ``Den största åldersgruppen var 65–74-åringar: 14.``."""
        aged = joined([self._aged(group) for group in groups], "och")
        if len(groups) == 1:
            return f"Den största åldersgruppen var {aged}: {self._number(number)}."
        each = "i vardera" if len(groups) == 2 else "i varje"  # noqa: PLR2004 - of two
        return f"De största åldersgrupperna var {aged}: {self._number(number)} {each}."

    def hidden(self, kind: str, *, month: Month) -> str:
        """Return ``Antalet motionsremisser i december är dolt så att ingen kan kännas igen.``."""
        return f"Antalet {referral(kind).many} {self.in_month(month)} är dolt så att ingen kan kännas igen."

    def in_the_year(self, kind: str, number: int, *, year: int) -> str:
        """Return ``År 2024 kom det sammanlagt 726 motionsremisser.``."""
        what = referral(kind)
        if number == 0:
            return f"År {year} kom det inga {what.many}."
        return f"År {year} kom det sammanlagt {self._counted(number, what.one, what.many)}."

    def picture(self, *, first: Month, last: Month) -> str:
        """Return ``Stapeldiagram: remisser per månad, december 2023 – december 2024.``."""
        span = f"{lower_first(self.month(first))} – {lower_first(self.month(last))}"
        return f"Stapeldiagram: remisser per månad, {span}."

    def _none_came(self, what: str, before: int | None, then: str) -> str:
        start = f"Det kom inga {what}"
        if before == 0:
            return f"{start}, inte heller {then}."
        if before is not None and before > 0:
            return f"{start}, {then} kom det {self._number(before)}."
        return f"{start}."

    def _number(self, number: int, *, one: str = "en") -> str:
        if number == 1:
            return one
        return COMMON[number] if 0 <= number < len(COMMON) else self.digits(number)

    def _counted(self, number: int, single: str, many: str, *, one: str = "en") -> str:
        return f"{self._number(number, one=one)} {single if number == 1 else many}"

    def _change(self, difference: int) -> str:
        return f"{self._number(abs(difference))} {'fler' if difference > 0 else 'färre'}"

    def _same(self, number: int) -> str:
        return "lika många som" if number > 1 else "liksom"

    def _within(self, days: int, whose: str) -> str:
        if days <= 0:
            return f"samma dag som {whose} skickades"
        return f"inom {self._counted(days, 'arbetsdag', 'arbetsdagar')} från att {whose} skickades"

    def _waited(self, days: int, before: int | None, month_before: Month) -> str:
        when = self.in_month(month_before)
        if before is None:
            return ""
        if before == days:
            return f", liksom {when}"
        if before <= 0:
            return f", {when} redan samma dag"
        return f", {when} inom {self._counted(before, 'arbetsdag', 'arbetsdagar')}"

    def _aged(self, group: str) -> str:
        first, last = bounds_of(group)
        if first == "0":
            return f"personer under {int(last) + 1} år"
        return f"{first}–{last}-åringar" if last else f"personer som har fyllt {first} år"
