"""A report as it is read: made of its stored numbers, in one language; the same for the page and the PDF."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.moves import Outcome
from referrals.statistics import labels
from referrals.statistics.counting import COUNTY, Dimension, Measure
from referrals.statistics.report.numbers import WAITS, Numbers, Which
from referrals.statistics.report.sections import Section, added_sections
from referrals.statistics.report.sentences import Speech, speech
from referrals.statistics.suppression import Mark, Shown
from referrals.statistics.tables import Row, Table
from servicetray.core.periods import Month

PASSED: Final = (Measure.REFERRALS, Measure.ACCEPTED, Measure.REACHED, Measure.STARTED, Measure.CLOSED)
BALANCE: Final = (Measure.OPEN_AT_START, Measure.IN, Measure.OUT, Measure.OPEN_AT_END)
FELL_OUT: Final = (
    Measure.RETURNED,
    Measure.CANCELLED,
    Measure.EXPIRED,
    Measure.WITHDRAWN,
    Measure.VOIDED,
)
MOST_TOLD: Final = 3
"""Equals beyond this many are not named in a sentence: the table has them."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the codes are called in the language of the report."""

    kinds: Mapping[str, str]
    places: Mapping[str, str]
    places_in: Mapping[str, str]
    """As said: in which municipality."""
    reasons: Mapping[tuple[str, str], str]


@dataclass(frozen=True, kw_only=True)
class Story:
    """A report, or a municipality's part of it."""

    place: str
    """The municipality's name; empty for the whole county."""
    lead: Sequence[str]
    sections: Sequence[Section]


class Teller:
    """Tells a report of one place in one language: of the county everything, of a municipality its own part.

    The county's coordinator gets no waiting times of single municipalities, which may be one person's; a
    municipality's part, for its own lead, has them.
    """

    def __init__(self, numbers: Numbers, names: Names, *, language: str, place: str = COUNTY) -> None:
        self.numbers, self.names, self.language, self.place = numbers, names, language, place
        self.say: Speech = speech(language)
        self.kinds = [
            kind for kind in numbers.kinds if numbers.of(Measure.REFERRALS, kind, place) is not None
        ]
        self.before, self.year_before = (
            numbers.month.previous(),
            Month(numbers.month.year - 1, numbers.month.month),
        )

    def story(self) -> Story:
        """Tell it."""
        made = (self._came(), self._waited(), self._became(), self._open())
        county = () if self.place else (*self._by_place(), *self._reasons(), *self._added())
        return Story(
            place=self.names.places.get(self.place, self.place),
            lead=self._all_came(),
            sections=[section for section in (*made, *county, self._fell_out()) if section is not None],
        )

    def _all_came(self) -> list[str]:
        total = self.numbers.total(self.place) or 0
        before = self.numbers.total(self.place, which=Which.BEFORE)
        said = [self.say.came("", total, before=before, month_before=self.before)]
        then = self.numbers.total(self.place, which=Which.YEAR_BEFORE)
        if then is not None:
            said.append(self.say.a_year_ago(total, then, month=self.year_before))
        return [sentence for sentence in said if sentence]

    def _came(self) -> Section | None:
        paragraphs = []
        # Of one kind alone, the first lines of the report have said it.
        for kind in self.kinds if len(self.numbers.kinds) > 1 else ():
            number = self.numbers.flow(Measure.REFERRALS, kind, self.place)
            before = self._of(Measure.REFERRALS, kind, Which.BEFORE)
            said = [self.say.came(self.names.kinds[kind], number, before=before, month_before=self.before)]
            if before is None and Which.BEFORE in self.numbers.sources and not self.place:
                said.append(self.say.first_month(self.names.kinds[kind], month=self.numbers.month))
            then = self._of(Measure.REFERRALS, kind, Which.YEAR_BEFORE)
            if then is not None:
                said.append(self.say.a_year_ago(number, then, month=self.year_before))
            paragraphs.append(_paragraph(said))
        rows = [
            Row(
                label=self.names.kinds[kind],
                cells=[_cell(self._of(Measure.REFERRALS, kind, which)) for which in Which],
            )
            for kind in self.kinds
        ]
        totals = [_cell(self.numbers.total(self.place, which=which)) for which in Which]
        return self._section(
            "lahetteet",
            _p("monthly report", "What came"),
            paragraphs,
            Table(
                name="lahetteet",
                caption=_p("monthly report", "Referrals sent"),
                head=[_p("figures", "Referral"), *(self.say.month(month) for month in self._months())],
                rows=rows,
                foot=Row(label=_p("figures", "All"), cells=totals) if len(rows) > 1 else None,
            ),
        )

    def _waited(self) -> Section | None:
        paragraphs = []
        waits: dict[Measure, list[Row]] = {measure: [] for measure in WAITS}
        for kind in self.kinds:
            name = self.names.kinds[kind]
            now = {measure: self._of(measure, kind) for measure in WAITS}
            then = {measure: self._of(measure, kind, Which.BEFORE) for measure in WAITS}
            accepted, reached = (now[measure] for measure in WAITS)
            accepted_then, reached_then = (then[measure] for measure in WAITS)
            said = []
            if accepted is not None:
                said.append(
                    self.say.accepted_within(name, accepted, before=accepted_then, month_before=self.before)
                )
            if reached is not None:
                said.append(self.say.reached_within(reached, before=reached_then, month_before=self.before))
            paragraphs.append(_paragraph(said))
            for measure, rows in waits.items():
                rows.append(Row(label=name, cells=[_cell(now[measure]), _cell(then[measure])]))
        if all(cell is Mark.NOT_IN_USE for rows in waits.values() for row in rows for cell in row.cells):
            return None
        return self._section(
            "odotus",
            _p("monthly report", "How quickly the clients were taken up"),
            paragraphs,
            *(
                Table(
                    name=measure.value,
                    caption=str(labels.MEASURES[measure]),
                    head=[
                        _p("figures", "Referral"),
                        self.say.month(self.numbers.month),
                        self.say.month(self.before),
                    ],
                    rows=rows,
                )
                for measure, rows in waits.items()
            ),
        )

    def _became(self) -> Section | None:
        paragraphs = []
        for kind in self.kinds:
            flow = {measure: self.numbers.flow(measure, kind, self.place) for measure in PASSED}
            completed = (
                None
                if self.place
                else self.numbers.by(Dimension.OUTCOME, Measure.CLOSED, kind).get(Outcome.COMPLETED.value, 0)
            )
            went_on = self.say.went_on(
                self.names.kinds[kind],
                accepted=flow[Measure.ACCEPTED],
                reached=flow[Measure.REACHED],
                started=flow[Measure.STARTED],
            )
            paragraphs.append(_paragraph([went_on, self.say.ended(flow[Measure.CLOSED], completed)]))
        tables = [
            self._by_kind(
                "vaiheet",
                _p("monthly report", "What happened in the month"),
                _p("monthly report", "Stage"),
                [(str(labels.MEASURES[measure]), self._flow_of(measure)) for measure in PASSED],
            )
        ]
        if not self.place:
            tables.append(self._outcomes())
        return self._section("eteneminen", _p("monthly report", "What became of them"), paragraphs, *tables)

    def _outcomes(self) -> Table:
        found = {kind: self.numbers.by(Dimension.OUTCOME, Measure.CLOSED, kind) for kind in self.kinds}
        known = {outcome for numbers in found.values() for outcome in numbers}
        lines = [
            (str(label), lambda kind, outcome=outcome: found[kind].get(outcome.value, 0))
            for outcome, label in labels.OUTCOMES.items()
            if outcome.value in known
        ]
        return self._by_kind("lopputulokset", _("Closed, by outcome"), _p("figures", "Outcome"), lines)

    def _open(self) -> Section | None:
        paragraphs = [
            self.say.open_at_end(
                self.names.kinds[kind],
                self.numbers.flow(Measure.OPEN_AT_END, kind, self.place),
                at_start=self.numbers.flow(Measure.OPEN_AT_START, kind, self.place),
            )
            for kind in self.kinds
        ]
        return self._section(
            "kesken",
            _("Open at the end of the month"),
            paragraphs,
            self._by_kind(
                "tase",
                _p("monthly report", "From the start of the month to its end"),
                _p("figures", "Referrals"),
                [(str(labels.MEASURES[measure]), self._flow_of(measure)) for measure in BALANCE],
            ),
        )

    def _by_place(self) -> Iterator[Section | None]:
        places = [code for code in self.names.places if code in set(self.numbers.places())]
        measures = (*PASSED, Measure.OPEN_AT_END)
        paragraphs, tables = [], []
        for kind in self.kinds:
            sent = {code: self.numbers.flow(Measure.REFERRALS, kind, code) for code in places}
            most, number = _largest(sent)
            if most:
                said = [self.names.places_in[code] for code in most]
                paragraphs.append(self.say.most_in(self.names.kinds[kind], said, number))
            rows = [
                Row(
                    label=self.names.places[code],
                    cells=[_cell(self.numbers.of(measure, kind, code)) for measure in measures],
                )
                for code in places
            ]
            total = [_cell(self.numbers.of(measure, kind)) for measure in measures]
            tables.append(
                Table(
                    name=f"kunnat-{kind}",
                    caption=_p("monthly report", "%(kind)s: by municipality", kind=self.names.kinds[kind]),
                    head=[_p("figures", "Municipality"), *(str(labels.MEASURES[each]) for each in measures)],
                    rows=rows,
                    foot=Row(label=_("The whole county"), cells=total),
                )
            )
        yield self._section("kunnat", _("By municipality"), paragraphs, *tables)

    def _reasons(self) -> Iterator[Section | None]:
        paragraphs, tables = [], []
        for kind in self.kinds:
            name = self.names.kinds[kind]
            reasons = self.numbers.by(Dimension.REASON, Measure.REFERRALS, kind)
            ages = self.numbers.by(Dimension.AGE_GROUP, Measure.REFERRALS, kind)
            main, many = _largest(reasons)
            oldest, number = _largest(ages)
            said = []
            if main:
                named = [self.names.reasons.get((kind, code), code) for code in main]
                said.append(self.say.main_reason(name, named, many))
            if oldest:
                said.append(self.say.main_age(oldest, number))
            paragraphs.append(_paragraph(said))
            ordered = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
            tables += [
                self._one_way(
                    f"syyt-{kind}",
                    _p("monthly report", "%(kind)s: by reason", kind=name),
                    _p("figures", "Reason"),
                    [(self.names.reasons.get((kind, code), code), value) for code, value in ordered],
                    note=_(
                        "A referral may have several reasons, so the numbers add up to more than the referrals."
                    ),
                ),
                self._one_way(
                    f"iat-{kind}",
                    _p("monthly report", "%(kind)s: by age group", kind=name),
                    _("Age group"),
                    [(group.replace("-", "\N{EN DASH}"), ages[group]) for group in sorted(ages)],
                ),
            ]
        shown = [table for table in tables if table.rows]
        if shown:
            yield self._section("syyt-ja-iat", _p("monthly report", "Reasons and ages"), paragraphs, *shown)

    def _added(self) -> Iterator[Section]:
        for section in added_sections():
            told = self.numbers.sections.get(section.name)
            if told is not None:
                yield section.tell(told, self.language)

    def _fell_out(self) -> Section | None:
        lines = [(str(labels.MEASURES[measure]), self._flow_of(measure)) for measure in FELL_OUT]
        lines = [(label, of) for label, of in lines if any(of(kind) for kind in self.kinds)]
        if not lines:
            return None
        return self._section(
            "muut",
            _p("monthly report", "Returned, taken back and corrected"),
            (),
            self._by_kind(
                "muut", _p("monthly report", "Other changes in the month"), _p("figures", "Referrals"), lines
            ),
        )

    def _months(self) -> tuple[Month, Month, Month]:
        return self.numbers.month, self.before, self.year_before

    def _of(self, measure: Measure, kind: str, which: Which = Which.THIS) -> int | None:
        return self.numbers.of(measure, kind, self.place, which=which)

    def _flow_of(self, measure: Measure) -> Callable[[str], int]:
        return lambda kind: self.numbers.flow(measure, kind, self.place)

    def _by_kind(
        self, name: str, caption: str, of: str, lines: Sequence[tuple[str, Callable[[str], int]]]
    ) -> Table:
        return Table(
            name=name,
            caption=caption,
            head=[of, *(self.names.kinds[kind] for kind in self.kinds)],
            rows=[Row(label=label, cells=[number(kind) for kind in self.kinds]) for label, number in lines],
        )

    def _one_way(
        self, name: str, caption: str, of: str, numbers: Sequence[tuple[str, int]], *, note: str = ""
    ) -> Table:
        return Table(
            name=name,
            caption=caption,
            head=[of, str(labels.MEASURES[Measure.REFERRALS])],
            rows=[Row(label=label, cells=[number]) for label, number in numbers],
            note=note,
        )

    def _section(self, name: str, heading: str, paragraphs: Sequence[str], *tables: Table) -> Section | None:
        if not self.kinds:
            return None
        return Section(
            name=name, heading=heading, paragraphs=[each for each in paragraphs if each], tables=tables
        )


def _largest(numbers: Mapping[str, int]) -> tuple[list[str], int]:
    """Return which are the largest, and how large; none where all are 0 or too many are equal."""
    most = max(numbers.values(), default=0)
    found = [code for code, number in numbers.items() if number == most]
    return (found, most) if most > 0 and len(found) <= MOST_TOLD else ([], 0)


def _cell(number: int | None) -> Shown:
    return Mark.NOT_IN_USE if number is None else number


def _paragraph(sentences: Sequence[str]) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
