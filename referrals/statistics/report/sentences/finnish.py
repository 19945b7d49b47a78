"""The report's sentences in Finnish."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from referrals.statistics.report.sentences.joining import bounds_of, joined, lower_first, upper_first
from servicetray.core.periods import Month

NOMINATIVE: Final = (
    "nolla", "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän", "kymmenen",
)  # fmt: skip
GENITIVE: Final = (
    "nollan", "yhden", "kahden", "kolmen", "neljän", "viiden", "kuuden", "seitsemän", "kahdeksan", "yhdeksän",
    "kymmenen",
)  # fmt: skip
INESSIVE: Final = (
    "nollassa", "yhdessä", "kahdessa", "kolmessa", "neljässä", "viidessä", "kuudessa", "seitsemässä",
    "kahdeksassa", "yhdeksässä", "kymmenessä",
)  # fmt: skip
MONTHS: Final = (
    "tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu", "heinäkuu", "elokuu", "syyskuu",
    "lokakuu", "marraskuu", "joulukuu",
)  # fmt: skip
NBSP: Final = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, kw_only=True)
class Referral:
    """The forms of a kind's name that the sentences need."""

    genitive: str
    """liikuntalähetteen"""
    partitive: str
    """liikuntalähetettä"""
    nominative: str
    plural_partitive: str
    """liikuntalähetteitä"""
    plural_elative: str
    """liikuntalähetteistä"""
    plural_genitive: str
    """liikuntalähetteiden"""


def referral(kind: str) -> Referral:
    """Inflect a kind's name; one that does not end in *lähete* stands in brackets after that word."""
    name = lower_first(kind) or "lähete"
    start, after = (name.removesuffix("lähete"), "") if name.endswith("lähete") else ("", f" ({kind})")
    return Referral(
        nominative=f"{start}lähete{after}",
        genitive=f"{start}lähetteen{after}",
        partitive=f"{start}lähetettä{after}",
        plural_partitive=f"{start}lähetteitä{after}",
        plural_elative=f"{start}lähetteistä{after}",
        plural_genitive=f"{start}lähetteiden{after}",
    )


class Finnish:
    """Finnish, where the numeral inflects and nothing is *ei yhtään*."""

    def month(self, month: Month) -> str:
        """Return ``Joulukuu 2024``."""
        return f"{upper_first(MONTHS[month.month - 1])} {month.year}"

    def in_month(self, month: Month, *, year: bool = False) -> str:
        """Return ``joulukuussa``, with its year ``joulukuussa 2024``."""
        return f"{MONTHS[month.month - 1]}ssa" + (f" {month.year}" if year else "")

    def digits(self, number: int) -> str:
        """Return a number with its thousands parted by a space."""
        return f"{number:,}".replace(",", NBSP)

    def came(self, kind: str, number: int, *, before: int | None, month_before: Month) -> str:
        """Return ``Lähetteitä tuli 61, yhdeksän enemmän kuin marraskuussa.``."""
        what, then = referral(kind).plural_partitive, self.in_month(month_before)
        if number < 0:
            return (
                f"Vahingossa kirjattuja {what} poistettiin enemmän kuin uusia tuli: "
                f"erotus on {self._number(-number)}."
            )
        if number == 0:
            return self._none_came(what, before, then)
        start = f"{upper_first(what)} tuli {self._number(number)}"
        if before is None or before < 0:
            return f"{start}."
        if before == 0:
            return f"{start}, {then} ei yhtään."
        return f"{start}, {self._compared(number, before, then)}."

    def a_year_ago(self, number: int, then: int, *, month: Month) -> str:
        """Return ``Vuotta aiemmin, joulukuussa 2023, niitä tuli 52 eli yhdeksän vähemmän.``."""
        when = f"Vuotta aiemmin, {self.in_month(month, year=True)},"
        if then < 0:
            return ""
        if then == 0:
            return f"{when} niitä ei tullut yhtään."
        if number == then:
            return f"{when} niitä tuli {'yhtä monta' if number > 1 else 'myös yksi'}."
        if number <= 0:
            return f"{when} niitä tuli {self._number(then)}."
        return f"{when} niitä tuli {self._number(then)} eli {self._change(then - number)}."

    def first_month(self, kind: str, *, month: Month) -> str:
        """Return ``Huhtikuu oli kulttuurilähetteen ensimmäinen kuukausi.``."""
        return f"{upper_first(MONTHS[month.month - 1])} oli {referral(kind).genitive} ensimmäinen kuukausi."

    def accepted_within(self, kind: str, days: int, *, before: int | None, month_before: Month) -> str:
        """Return ``Vähintään puolet lähetteistä otettiin vastaan kahden työpäivän kuluessa.``."""
        start = f"Vähintään puolet {referral(kind).plural_elative} otettiin vastaan"
        return f"{start} {self._within(days)}{self._waited(days, before, month_before)}."

    def reached_within(self, days: int, *, before: int | None, month_before: Month) -> str:
        """Return ``Tavoitetuista asiakkaista vähintään puoleen saatiin yhteys viiden työpäivän kuluessa …``."""
        start = "Tavoitetuista asiakkaista vähintään puoleen saatiin yhteys"
        return f"{start} {self._within(days)}{self._waited(days, before, month_before)}."

    def went_on(self, kind: str, *, accepted: int, reached: int, started: int) -> str:
        """Return ``Lähetteitä otettiin vastaan 58, asiakkaita tavoitettiin 51 ja neuvontoja alkoi 43.``."""
        parts = [
            f"{what} ei {no} yhtään" if number == 0 else f"{what} {yes} {self._number(number)}"
            for number, what, yes, no in (
                (accepted, referral(kind).plural_partitive, "otettiin vastaan", "otettu vastaan"),
                (reached, "asiakkaita", "tavoitettiin", "tavoitettu"),
                (started, "neuvontoja", "alkoi", "alkanut"),
            )
            if number >= 0
        ]
        return f"{upper_first(joined(parts, 'ja'))}." if parts else ""

    def ended(self, closed: int, completed: int | None) -> str:
        """Return ``Asiakkuuksia päättyi 40. Loppuun asti vietiin 33 neuvontaa.``."""
        if closed <= 0:
            return "Yhtään asiakkuutta ei päättynyt." if closed == 0 else ""
        said = f"Asiakkuuksia päättyi {self._number(closed)}."
        if completed is None:
            return said
        if completed == 0:
            return f"{said} Loppuun asti ei viety yhtään neuvontaa."
        return f"{said} Loppuun asti vietiin {self._counted(completed, 'neuvonta', 'neuvontaa')}."

    def open_at_end(self, kind: str, number: int, *, at_start: int) -> str:
        """Return ``Kuukauden lopussa oli kesken 72 lähetettä, kolme enemmän kuin alussa.``."""
        what = referral(kind)
        if number <= 0:
            start = f"Kuukauden lopussa ei ollut kesken yhtään {what.partitive}"
            if at_start > 0:
                return f"{start}, alussa niitä oli {self._number(at_start)}."
            return f"{start}, kuten ei alussakaan."
        start = f"Kuukauden lopussa oli kesken {self._counted(number, what.nominative, what.partitive)}"
        if at_start <= 0:
            return f"{start}, alussa ei yhtään."
        return f"{start}, {self._compared(number, at_start, 'alussa')}."

    def most_in(self, kind: str, places: Sequence[str], number: int) -> str:
        """Return ``Lähetteitä oli eniten Kouvolassa: 23.``."""
        each = {1: "", 2: "kummassakin "}.get(len(places), "jokaisessa ")
        start = f"{upper_first(referral(kind).plural_partitive)} oli eniten {joined(places, 'ja')}"
        return f"{start}: {each}{self._number(number)}."

    def main_reason(self, kind: str, reasons: Sequence[str], number: int) -> str:
        """Return ``Lähetteiden yleisin syy oli ”Ylipaino”, joka mainittiin kahdessa lähetteessä.``."""
        whose = upper_first(referral(kind).plural_genitive)
        quoted = joined([f"”{reason}”" for reason in reasons], "ja")
        many = f"{self._number(number, INESSIVE)} lähetteessä"
        if len(reasons) == 1:
            return f"{whose} yleisin syy oli {quoted}, joka mainittiin {many}."
        each = "kumpikin" if len(reasons) == 2 else "kukin"  # noqa: PLR2004 - of two
        return f"{whose} yleisimmät syyt olivat {quoted}, jotka mainittiin {each} {many}."

    def main_age(self, groups: Sequence[str], number: int) -> str:
        """Return ``Eniten oli 65–74-vuotiaita: 14.``."""
        each = "" if len(groups) == 1 else "kumpiakin " if len(groups) == 2 else "kutakin "  # noqa: PLR2004 - a pair
        return f"Eniten oli {joined([self._aged(group) for group in groups], 'ja')}: {each}{self._number(number)}."

    def hidden(self, kind: str, *, month: Month) -> str:
        """Return ``Liikuntalähetteiden määrä joulukuussa on peitetty, jotta ketään ei voi tunnistaa.``."""
        what, when = referral(kind).plural_genitive, self.in_month(month)
        return f"{upper_first(what)} määrä {when} on peitetty, jotta ketään ei voi tunnistaa."

    def in_the_year(self, kind: str, number: int, *, year: int) -> str:
        """Return ``Vuonna 2024 liikuntalähetteitä tuli kaikkiaan 726.``."""
        what = referral(kind).plural_partitive
        if number == 0:
            return f"Vuonna {year} {what} ei tullut yhtään."
        return f"Vuonna {year} {what} tuli kaikkiaan {self._number(number)}."

    def picture(self, *, first: Month, last: Month) -> str:
        """Return ``Pylväskuva: lähetteet kuukausittain, joulukuu 2023 – joulukuu 2024.``."""
        span = f"{lower_first(self.month(first))} – {lower_first(self.month(last))}"
        return f"Pylväskuva: lähetteet kuukausittain, {span}."

    def _none_came(self, what: str, before: int | None, then: str) -> str:
        start = f"{upper_first(what)} ei tullut yhtään"
        if before == 0:
            return f"{start}, kuten ei {then}kaan."
        if before is not None and before > 0:
            return f"{start}, {then} niitä tuli {self._number(before)}."
        return f"{start}."

    def _number(self, number: int, forms: Sequence[str] = NOMINATIVE) -> str:
        return forms[number] if 0 <= number < len(forms) else self.digits(number)

    def _counted(self, number: int, one: str, many: str) -> str:
        return f"{self._number(number)} {one if number == 1 else many}"

    def _compared(self, number: int, before: int, when: str) -> str:
        if number == before:
            return f"yhtä monta kuin {when}" if number > 1 else f"kuten {when}kin"
        return f"{self._change(number - before)} kuin {when}"

    def _change(self, difference: int) -> str:
        return f"{self._number(abs(difference))} {'enemmän' if difference > 0 else 'vähemmän'}"

    def _within(self, days: int) -> str:
        if days <= 0:
            return "lähettämispäivänä"
        return f"{self._number(days, GENITIVE)} työpäivän kuluessa lähettämisestä"

    def _waited(self, days: int, before: int | None, month_before: Month) -> str:
        when = self.in_month(month_before)
        if before is None:
            return ""
        if before == days:
            return f", kuten {when}kin"
        if before <= 0:
            return f", {when} jo lähettämispäivänä"
        return f", {when} {self._number(before, GENITIVE)} työpäivän kuluessa"

    def _aged(self, group: str) -> str:
        first, last = bounds_of(group)
        if first == "0":
            return f"alle {int(last) + 1}-vuotiaita"
        return f"{first}–{last}-vuotiaita" if last else f"{first} vuotta täyttäneitä"
