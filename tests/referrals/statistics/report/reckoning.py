"""Reading the numbers out of a text, words among them, and the numbers that frozen months allow."""

import itertools
import re
from collections.abc import Iterable

from sqlalchemy import select

from referrals.statistics.models import FrozenMonth, FrozenRow
from referrals.statistics.report.sentences import english, finnish, swedish
from servicetray.core.db import db
from servicetray.core.periods import Month

WORDS: dict[str, dict[str, int]] = {
    "fi": {
        word: number
        for forms in (finnish.NOMINATIVE, finnish.GENITIVE, finnish.INESSIVE)
        for number, word in enumerate(forms)
    },
    "sv": {word: number for number, word in enumerate(swedish.COMMON)} | {"ett": 1},
    "en": {word: number for number, word in enumerate(english.WORDS)},
}
NAMED = {
    "fi": [f"{name}(?:ssa)?" for name in finnish.MONTHS],
    "sv": list(swedish.MONTHS),
    "en": list(english.MONTHS),
}
NO_COUNTS = (
    r"Ett år",
    # Of the sentence, not of the count.
    r"in one of|den första",
    r"\d{1,2}\.\d{1,2}\.\d{4}",
    r"\d{1,2}/\d{4}(?: \(\d+\))?",
    r"https?://\S+",
    r"\b[0-9a-f]{16}\b",
    r"\d+[–-]\d+(?=[ -:.]|$)(?:-vuotiaita|-åringar)?",
    r"alle \d+-vuotiaita|under \d+( år)?",
    r"\d+\+|\d+ vuotta täyttäneitä|har fyllt \d+ år|\d+ and over",
    r"(?:Vuonna|År|In all of) \d{4}",
    r"[Tt]yypin 2 diabetes|typ 2-diabetes|type 2 diabetes",
)


def counts_in(text: str, language: str) -> list[int]:
    """Return the counts that a text tells: digits, and numerals as words."""
    months = "|".join(NAMED[language])
    text = re.sub(rf"(?i)\b(?:{months}) \d{{4}}\b", " ", text)
    for pattern in NO_COUNTS:
        text = re.sub(pattern, " ", text)
    text = re.sub(r"(?<=\d)[\u00a0,](?=\d{3})", "", text)
    found = [int(digits) for digits in re.findall(r"(?<![\w-])\d+\b", text)]
    words = re.findall(r"\w+", text.lower())
    return found + [WORDS[language][word] for word in words if word in WORDS[language]]


def frozen_numbers(month: Month) -> dict[tuple[str, ...], int]:
    """Return the rows of a frozen month's newest version by measure, kind, municipality, dimension and value."""
    rows = db.session.execute(
        select(FrozenRow)
        .join(FrozenMonth, FrozenMonth.id == FrozenRow.month_id)
        .where(FrozenMonth.period == str(month))
        .order_by(FrozenMonth.version)
    ).scalars()
    return {
        (row.measure, row.kind_code, row.municipality_code, row.dimension, row.value): row.number
        for row in rows
    }


def allowed(month: Month, kinds: Iterable[str]) -> set[int]:
    """Return every count that a report of the month may tell, worked out from the frozen rows by themselves.

    Numbers of the month, those of the other two months of which it tells (referrals and waits), sums over the kinds,
    and the differences of which it speaks: to those months, and from the start to the end.
    """
    kinds = list(kinds)
    this = frozen_numbers(month)
    others = [frozen_numbers(month.previous()), frozen_numbers(Month(month.year - 1, month.month))]
    found = set(this.values())
    places = {place for _measure, _kind, place, _dimension, _value in this}
    compared = ("referrals", "days_to_accepted", "days_to_reached")
    for other, measure, kind, place in itertools.product(others, compared, kinds, places):
        then, now = other.get((measure, kind, place, "", "")), this.get((measure, kind, place, "", ""))
        if then is not None:
            found.add(then)
            found.add(abs((now or 0) - then))
    for place in places:
        sums = [
            sum(rows.get(("referrals", kind, place, "", ""), 0) for kind in kinds) for rows in (this, *others)
        ]
        found |= {*sums, *(abs(sums[0] - then) for then in sums[1:])}
        for kind in kinds:
            ends = [
                this.get((measure, kind, place, "", ""), 0) for measure in ("open_at_start", "open_at_end")
            ]
            found.add(abs(ends[1] - ends[0]))
    return found
