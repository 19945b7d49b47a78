"""The report's sentences in English."""

from collections.abc import Sequence
from typing import Final

from referrals.statistics.report.sentences.joining import bounds_of, joined, lower_first
from servicetray.core.periods import Month

WORDS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def referral(kind: str, number: int) -> str:
    """Return a kind's name as the number wants it; one that does not end in *referral* stands in brackets."""
    name = lower_first(kind) or "referral"
    start, after = (name.removesuffix("referral"), "") if name.endswith("referral") else ("", f" ({kind})")
    return f"{start}referral{'' if number == 1 else 's'}{after}"


class English:
    """English."""

    def month(self, month: Month) -> str:
        """Return ``December 2024``."""
        return f"{MONTHS[month.month - 1]} {month.year}"

    def in_month(self, month: Month, *, year: bool = False) -> str:
        """Return ``in December``, with its year ``in December 2024``."""
        return f"in {MONTHS[month.month - 1]}" + (f" {month.year}" if year else "")

    def digits(self, number: int) -> str:
        """Return a number with its thousands parted by a comma."""
        return f"{number:,}"

    def came(self, kind: str, number: int, *, before: int | None, month_before: Month) -> str:
        """Return ``61 referrals came, nine more than in November.``."""
        then = self.in_month(month_before)
        if number < 0:
            return (
                f"More {referral(kind, 0)} were removed as entered in error than new ones came: "
                f"the difference is {self._number(-number)}."
            )
        start = f"{self._capital(number)} {referral(kind, number)} came"
        if before is None or before < 0:
            return f"{start}."
        if number == 0:
            return f"{start}, as {then}." if before == 0 else f"{start}; {then} there {self._were(before)}."
        if before == 0:
            return f"{start}; {then} there were none."
        if before == number:
            return f"{start}, {'as many as' if number > 1 else 'as'} {then}."
        return f"{start}, {self._change(number - before)} than {then}."

    def a_year_ago(self, number: int, then: int, *, month: Month) -> str:
        """Return ``A year earlier, in December 2023, there were 52, nine fewer.``."""
        when = f"A year earlier, {self.in_month(month, year=True)}, there"
        if then < 0:
            return ""
        if then == 0:
            return f"{when} were none."
        if number == then:
            return f"{when} were as many." if number > 1 else f"{when} was one as well."
        if number <= 0:
            return f"{when} {self._were(then)}."
        return f"{when} {self._were(then)}, {self._change(then - number)}."

    def first_month(self, kind: str, *, month: Month) -> str:
        """Return ``April was the first month of the culture referral.``."""
        return f"{MONTHS[month.month - 1]} was the first month of the {referral(kind, 1)}."

    def accepted_within(self, kind: str, days: int, *, before: int | None, month_before: Month) -> str:
        """Return ``At least half of the referrals were accepted within two working days of sending.``."""
        start = f"At least half of the {referral(kind, 0)} were accepted"
        return f"{start} {self._within(days)}{self._waited(days, before, month_before)}."

    def reached_within(self, days: int, *, before: int | None, month_before: Month) -> str:
        """Return ``At least half of the clients who were reached were so within five working days …``."""
        start = "Of the clients who were reached, at least half were reached"
        return f"{start} {self._within(days)}{self._waited(days, before, month_before)}."

    def went_on(self, kind: str, *, accepted: int, reached: int, started: int) -> str:
        """Return ``In the month 58 referrals were accepted, 51 clients reached and 43 counsellings begun.``."""
        parts = [
            f"{self._number(number)} {words} {verb}"
            for number, words, verb in (
                (accepted, f"{referral(kind, accepted)} {self._be(accepted)}", "accepted"),
                (reached, f"client{'' if reached == 1 else 's'} {self._be(reached)}", "reached"),
                (started, f"counselling{'' if started == 1 else 's'} {self._be(started)}", "begun"),
            )
            if number >= 0
        ]
        return f"During the month {joined(parts, 'and')}." if parts else ""

    def ended(self, closed: int, completed: int | None) -> str:
        """Return ``40 cases ended; in 33 of them the counselling was completed.``."""
        if closed <= 0:
            return "No cases ended." if closed == 0 else ""
        said = f"{self._capital(closed)} case{'' if closed == 1 else 's'} ended"
        if completed is None:
            return f"{said}."
        if completed == 0:
            return f"{said}; no counselling was completed."
        counsellings = "counselling was" if completed == 1 else "counsellings were"
        return f"{said}; {self._number(completed)} {counsellings} completed."

    def open_at_end(self, kind: str, number: int, *, at_start: int) -> str:
        """Return ``At the end of the month 72 referrals were open, three more than at its start.``."""
        number = max(number, 0)
        start = (
            f"At the end of the month {self._number(number)} {referral(kind, number)} {self._be(number)} open"
        )
        if number == 0:
            return (
                f"{start}; at its start {self._number(at_start)}."
                if at_start > 0
                else f"{start}, as at its start."
            )
        if at_start <= 0:
            return f"{start}; at its start none."
        if at_start == number:
            return f"{start}, {'as many as' if number > 1 else 'as'} at its start."
        return f"{start}, {self._change(number - at_start)} than at its start."

    def most_in(self, kind: str, places: Sequence[str], number: int) -> str:
        """Return ``Most referrals were in Kouvola: 23.``."""
        each = "" if len(places) == 1 else " in each"
        return f"Most {referral(kind, 0)} were {joined(places, 'and')}: {self._number(number)}{each}."

    def main_reason(self, kind: str, reasons: Sequence[str], number: int) -> str:
        """Return ``The most common reason for the referrals was “Overweight”, named in two referrals.``."""
        quoted = joined([f"“{reason}”" for reason in reasons], "and")
        many = f"{self._number(number)} referral{'' if number == 1 else 's'}"
        if len(reasons) == 1:
            return f"The most common reason for the {referral(kind, 0)} was {quoted}, named in {many}."
        return f"The most common reasons for the {referral(kind, 0)} were {quoted}, each named in {many}."

    def main_age(self, groups: Sequence[str], number: int) -> str:
        """Return ``The largest age group was 65–74: 14.``."""
        aged = joined([self._aged(group) for group in groups], "and")
        if len(groups) == 1:
            return f"The largest age group was {aged}: {self._number(number)}."
        return f"The largest age groups were {aged}: {self._number(number)} in each."

    def hidden(self, kind: str, *, month: Month) -> str:
        """Return ``The number of exercise referrals in December is hidden, so that nobody can be recognised.``."""
        when = self.in_month(month)
        return f"The number of {referral(kind, 0)} {when} is hidden, so that nobody can be recognised."

    def in_the_year(self, kind: str, number: int, *, year: int) -> str:
        """Return ``In all of 2024, 726 exercise referrals came.``."""
        return f"In all of {year}, {self._number(number)} {referral(kind, number)} came."

    def picture(self, *, first: Month, last: Month) -> str:
        """Return ``Bar chart: referrals by month, December 2023 to December 2024.``."""
        return f"Bar chart: referrals by month, {self.month(first)} to {self.month(last)}."

    def _number(self, number: int) -> str:
        return WORDS[number] if 0 <= number < len(WORDS) else self.digits(number)

    def _capital(self, number: int) -> str:
        return self._number(number).capitalize()

    def _be(self, number: int) -> str:
        return "was" if number == 1 else "were"

    def _were(self, number: int) -> str:
        return f"{self._be(number)} {self._number(number)}"

    def _change(self, difference: int) -> str:
        return f"{self._number(abs(difference))} {'more' if difference > 0 else 'fewer'}"

    def _within(self, days: int) -> str:
        if days <= 0:
            return "on the day of sending"
        return f"within {self._number(days)} working day{'' if days == 1 else 's'} of sending"

    def _waited(self, days: int, before: int | None, month_before: Month) -> str:
        when = self.in_month(month_before)
        if before is None:
            return ""
        if before == days:
            return f", as {when}"
        if before <= 0:
            return f"; {when} on the same day"
        return f"; {when} within {self._number(before)}"

    def _aged(self, group: str) -> str:
        first, last = bounds_of(group)
        if first == "0":
            return f"under {int(last) + 1}"
        return f"{first}–{last}" if last else f"{first} and over"
