"""The forms of editors: an event or group, the cancelling of one, and the change of one date."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from servicetray.core.db import Texts
from servicetray.core.i18n import LANGUAGES
from servicetray.core.pages import Text
from themes.directory import plain_text
from themes.directory.filters import Accessibility, Form, LifeStage
from themes.directory.labels import ACCESSIBILITY, FORMS, LIFE_STAGES, PRICES
from themes.directory.operations import Price, Source
from themes.happenings import labels
from themes.happenings.fields import Boxes, ClockTime, Day, OneOfList, Places, box, choices, line
from themes.happenings.models import DateState, Happening, Joining, Kind, State
from themes.happenings.records import HappeningRecord
from themes.happenings.recurrence import Every, Rule

TEXTS = ("name", "summary", "description", "place", "street", "price_details", "instructions")
WHOLE_COUNTY = ""
LONGEST_MINUTES = 24 * 60
MOST_PLACES = 1000
SPOKEN: Mapping[str, Text] = {
    "fi": _lp("language", "Finnish"),
    "sv": _lp("language", "Swedish"),
    "en": _lp("language", "English"),
}


class HappeningForm(FlaskForm):
    """An event. Its texts are needed in Finnish; other languages fall back on what there is, visibly."""

    seen = HiddenField()
    name_fi = line(_l("Name in Finnish"), _l("Write the name."), most=120)
    name_sv = line(_l("Name in Swedish"), most=120)
    name_en = line(_l("Name in English"), most=120)
    summary_fi = line(_l("In one sentence, in Finnish"), _l("Write one sentence about it."))
    summary_sv = line(_l("In one sentence, in Swedish"))
    summary_en = line(_l("In one sentence, in English"))
    description_fi = box(_l("What it is like, in Finnish"))
    description_sv = box(_l("What it is like, in Swedish"))
    description_en = box(_l("What it is like, in English"))
    instructions_fi = box(_l("How to join, in Finnish"), most=1000)
    instructions_sv = box(_l("How to join, in Swedish"), most=1000)
    instructions_en = box(_l("How to join, in English"), most=1000)
    provider = OneOfList(_l("Provider"))
    service = line(
        _l("Service that it belongs to"),
        description=_l("Copy the address of the service's page here."),
        most=300,
    )
    themes = Boxes(_l("Themes"), description=_l("The first one that is ticked gives the page its colour."))
    first_day = Day(_lp("happening", "First day"), missing=_l("Choose the day."))
    starts = ClockTime(_lp("happening", "Begins at"), missing=_l("Write when it begins."))
    ends = ClockTime(_lp("happening", "Ends at"), missing=_l("Write when it ends."))
    every = RadioField(_lp("happening", "How often"), validators=[InputRequired(_l("Choose how often."))])
    weekdays = Boxes(
        _lp("happening", "Weekdays"),
        description=_l(
            "Only for what comes every week or every other week; the weekday of the first day otherwise."
        ),
    )
    last_day = Day(_lp("happening", "Last day"), description=_l("Leave empty where there is no end."))
    municipality = OneOfList(_l("Municipality"))
    place_fi = line(_l("Place in Finnish"), _l("Write the place."), most=120)
    place_sv = line(_l("Place in Swedish"), most=120)
    place_en = line(_l("Place in English"), most=120)
    street_fi = line(_l("Street address in Finnish"), most=120)
    street_sv = line(_l("Street address in Swedish"), most=120)
    street_en = line(_l("Street address in English"), most=120)
    postal_code = line(_l("Postal code"), most=10)
    life_stages = Boxes(_l("Stage of life"), description=_l("Leave all empty where it is for everyone."))
    forms = Boxes(_lp("choice", "How"))
    accessibility = Boxes(_l("Accessibility"))
    languages = Boxes(_l("Languages"))
    price = RadioField(_l("Price"), validators=[InputRequired(_l("Choose the price."))])
    price_details_fi = line(_l("Price in words, in Finnish"), most=120)
    price_details_sv = line(_l("Price in words, in Swedish"), most=120)
    price_details_en = line(_l("Price in words, in English"), most=120)
    kaikukortti = BooleanField(_l("The culture access card Kaikukortti can be used"))
    phone = line(_l("Telephone"), most=60)
    email = line(_l("E-mail"), most=254)
    url = line(_l("Web page"), most=500)
    published = BooleanField(
        _l("Residents see it"), description=_l("Without this it is a draft that editors alone see.")
    )

    def offer(
        self,
        *,
        providers: Sequence[tuple[uuid.UUID, str]],
        themes: Sequence[tuple[str, str]],
        municipalities: Sequence[tuple[str, str]],
        whole_county: str,
    ) -> None:
        """Set what can be chosen."""
        self.provider.choices = choices({"": "", **{str(key): name for key, name in providers}})
        self.themes.choices = choices(dict(themes))
        self.municipality.choices = choices({WHOLE_COUNTY: whole_county, **dict(municipalities)})
        self.every.choices = choices(labels.EVERY)
        self.weekdays.choices = choices({str(n): word for n, word in enumerate(labels.WEEKDAYS, start=1)})
        self.life_stages.choices = choices({each.value: LIFE_STAGES[each] for each in LifeStage})
        self.forms.choices = choices({each.value: FORMS[each] for each in Form if each is not Form.SELF_CARE})
        self.accessibility.choices = choices({each.value: ACCESSIBILITY[each] for each in Accessibility})
        self.languages.choices = choices(SPOKEN)
        self.price.choices = choices({each.value: PRICES[each] for each in Price})

    def is_stale(self, mark: str) -> bool:
        """Whether somebody has changed it since the form was shown; says so, and takes the new mark."""
        if self.seen.data == mark:
            return False
        self.seen.data = mark
        self.form_errors.append(
            _("Somebody has changed this since you opened it. Your text is here: compare, and keep it again.")
        )
        return True

    @property
    def service_id(self) -> uuid.UUID | None:
        """The service named, of a form that is valid."""
        last = (self.service.data or "").split("?")[0].rstrip("/").rsplit("/", 1)[-1]
        try:
            return uuid.UUID(last) if last else None
        except ValueError:
            return None

    @property
    def minutes(self) -> int:
        """How long it lasts; what ends before it begins ends on the next day."""
        starts, ends = self.starts.data, self.ends.data
        if starts is None or ends is None:
            return 0
        length = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
        return length if length > 0 else length + LONGEST_MINUTES

    def record(
        self, kind: Kind, *, source: Source = Source.EDITOR, leader_id: uuid.UUID | None = None
    ) -> HappeningRecord:
        """Return what the form says, of one that is valid."""
        assert self.first_day.data is not None
        assert self.starts.data is not None
        every = Every(self.every.data)
        weekly = every in {Every.WEEK, Every.TWO_WEEKS}
        more: dict[str, Any] = {**self.joining_record(), **{name: self._texts(name) for name in TEXTS}}
        return HappeningRecord(
            kind=kind,
            source=source,
            state=State.PUBLISHED if self.published.data else State.DRAFT,
            provider_id=uuid.UUID(self.provider.data),
            service_id=self.service_id,
            themes=tuple(self.themes.data or ()),
            rule=Rule(
                first_day=self.first_day.data,
                starts=self.starts.data,
                minutes=self.minutes,
                every=every,
                weekdays=tuple(int(day) for day in self.weekdays.data or ()) if weekly else (),
                last_day=None if every is Every.ONCE else self.last_day.data,
            ),
            municipality_code=self.municipality.data or None,
            postal_code=self.postal_code.data or "",
            price=Price(self.price.data),
            kaikukortti=bool(self.kaikukortti.data),
            life_stages=tuple(self.life_stages.data or ()),
            forms=tuple(self.forms.data or ()),
            accessibility=tuple(self.accessibility.data or ()),
            languages=tuple(self.languages.data or ()),
            phone=self.phone.data or "",
            email=self.email.data or "",
            url=self.url.data or "",
            leader_id=leader_id,
            **more,
        )

    def joining_record(self) -> dict[str, Any]:
        """Return how one joins; events have nothing of the kind."""
        return {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that they agree."""
        fine = bool(super().validate(extra_validators))
        for field, wrong, sentence in self._disagreements():
            if wrong and not field.errors:
                field.errors = [sentence]
                fine = False
        return fine

    def _disagreements(self) -> list[tuple[Field, bool, str]]:
        first, last = self.first_day.data, self.last_day.data
        every = self.every.data
        return [
            (self.provider, not self.provider.data, _("Choose who arranges it.")),
            (self.themes, not self.themes.data, _("Choose at least one theme.")),
            (self.languages, not self.languages.data, _("Choose at least one language.")),
            (self.forms, not self.forms.data, _("Choose at least one.")),
            (
                self.last_day,
                bool(first and last and last < first and every != Every.ONCE),
                _("The last day would be before the first."),
            ),
            (
                self.service,
                bool(self.service.data) and self.service_id is None,
                _("Copy the whole address of the service's page, or leave this empty."),
            ),
            (
                self.url,
                bool(self.url.data) and not plain_text.web_address(self.url.data or ""),
                _("Write the address with https:// in front."),
            ),
            (
                self.email,
                bool(self.email.data) and not plain_text.mail_address(self.email.data or ""),
                _("Check the e-mail address."),
            ),
            (
                self.phone,
                bool(self.phone.data) and not plain_text.phone_address(self.phone.data or ""),
                _("Write the number in digits."),
            ),
        ]

    def _texts(self, name: str) -> Texts:
        return {code: self[f"{name}_{code}"].data for code in LANGUAGES if self[f"{name}_{code}"].data}


class GroupForm(HappeningForm):
    """A group: an event with a way to join."""

    joining = RadioField(
        _lp("group", "How people join"), validators=[InputRequired(_l("Choose how people join."))]
    )
    opens_on = Day(_lp("group", "Enrolling begins"))
    closes_on = Day(_lp("group", "Enrolling ends"), description=_l("The last day on which one can enrol."))
    capacity = Places(
        _lp("group", "Places"),
        validators=[Optional(), NumberRange(1, MOST_PLACES, message=_l("Write a number from 1 to 1000."))],
        description=_l("Leave empty where there is no limit."),
    )
    leader = line(
        _lp("group", "Leader's account"),
        description=_l("The e-mail address of the person who notes who came. Leave empty where nobody does."),
        most=254,
    )

    def offer(self, **known: Any) -> None:
        """Set what can be chosen."""
        super().offer(**known)
        self.joining.choices = choices(labels.JOININGS)

    def joining_record(self) -> dict[str, Any]:
        """Return how one joins."""
        joining = Joining(self.joining.data)
        enrols = joining is not Joining.DROP_IN
        return {
            "joining": joining,
            "opens_on": self.opens_on.data if enrols else None,
            "closes_on": self.closes_on.data if enrols else None,
            "capacity": self.capacity.data,
        }

    def _disagreements(self) -> list[tuple[Field, bool, str]]:
        opens, closes = self.opens_on.data, self.closes_on.data
        return [
            *super()._disagreements(),
            (
                self.closes_on,
                bool(opens and closes and closes < opens),
                _("The last day would be before the first."),
            ),
        ]


class CancelForm(FlaskForm):
    """Cancelling all of it."""

    reason_fi = line(_l("Why, in Finnish"), _l("Say why in a few words."))
    reason_sv = line(_l("Why, in Swedish"))
    reason_en = line(_l("Why, in English"))

    @property
    def reason(self) -> Texts:
        """The reason by language."""
        return {code: self[f"reason_{code}"].data for code in LANGUAGES if self[f"reason_{code}"].data}


class DateForm(FlaskForm):
    """What becomes of one date."""

    state = RadioField(_lp("date", "What becomes of it"), validators=[InputRequired(_l("Choose one."))])
    day = Day(_lp("date", "New day"))
    starts = ClockTime(_lp("date", "Begins at"))
    reason_fi = line(_l("Why, in Finnish"))
    reason_sv = line(_l("Why, in Swedish"))
    reason_en = line(_l("Why, in English"))

    def offer(self) -> None:
        """Set what can be chosen."""
        self.state.choices = choices(labels.DATE_STATES)

    @property
    def reason(self) -> Texts:
        """The reason by language."""
        return {code: self[f"reason_{code}"].data for code in LANGUAGES if self[f"reason_{code}"].data}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that a move says whereto and a cancelling why."""
        fine = bool(super().validate(extra_validators))
        moved = self.state.data == DateState.MOVED
        for field, wrong, sentence in (
            (self.day, moved and self.day.data is None, _("Choose the day.")),
            (self.starts, moved and self.starts.data is None, _("Write the time.")),
            (
                self.reason_fi,
                self.state.data == DateState.CANCELLED and not self.reason_fi.data,
                _("Say why in a few words."),
            ),
        ):
            if wrong and not field.errors:
                field.errors = [sentence]
                fine = False
        return fine


def filled(
    it: Happening, themes: Sequence[str], *, service_url: str, leader: str, mark: str
) -> dict[str, Any]:
    """Return what stands in the form of an event or group that is there."""
    end = dt.datetime.combine(it.first_day, it.starts) + dt.timedelta(minutes=it.minutes)
    plain = (
        *("first_day", "starts", "every", "last_day", "postal_code", "life_stages", "forms", "accessibility"),
        *("languages", "price", "kaikukortti", "phone", "email", "url", "joining", "opens_on", "closes_on"),
        "capacity",
    )
    return {
        "seen": mark,
        "provider": str(it.provider_id),
        "service": service_url,
        "themes": list(themes),
        "ends": end.time(),
        "weekdays": [str(day) for day in it.weekdays],
        "municipality": it.municipality_code or WHOLE_COUNTY,
        "published": it.state is State.PUBLISHED,
        "leader": leader,
        **{name: getattr(it, name) for name in plain},
        **{f"{name}_{code}": getattr(it, name).get(code, "") for name in TEXTS for code in LANGUAGES},
    }
