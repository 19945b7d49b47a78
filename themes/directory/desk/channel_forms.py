"""The form of a way to reach a service: a place with its hours, a number, a page, an online service, a form."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, RadioField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired

from servicetray.core.db import Texts
from servicetray.core.i18n import LANGUAGES, current_language
from themes.directory import plain_text
from themes.directory.desk import hours
from themes.directory.desk.channels import ChannelEdit
from themes.directory.desk.texts import row_of_each, typed_over
from themes.directory.labels import CHANNEL_KINDS
from themes.directory.models import Channel, ChannelKind
from themes.happenings.fields import ClockTime, Day, OneOfList, box, choices, line

SPARE: Final = 2
"""Empty rows below those that are filled."""
MORE: Final = 5
"""Empty rows for whoever asks for more."""
_MOST_ROWS: Final = 60
_WEB: Final = frozenset({ChannelKind.WEB_PAGE, ChannelKind.E_SERVICE, ChannelKind.PRINTABLE_FORM})


class PhoneRow(PlainForm):
    """A number, and in a few words whose it is."""

    number = line(_lp("channel field", "Phone number"), most=60)
    info_fi = line(_lp("channel field", "Whose number it is, in Finnish"))
    info_sv = line(_lp("channel field", "Whose number it is, in Swedish"))
    info_en = line(_lp("channel field", "Whose number it is, in English"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that the number can be dialled."""
        fine = bool(super().validate(extra_validators))
        told = self.number.data or ""
        if not told and any(self[f"info_{code}"].data for code in LANGUAGES):
            self.number.errors = [_("Write the number.")]
            return False
        if told and not plain_text.phone_address(told):
            self.number.errors = [_("Write the number in digits.")]
            return False
        return fine


class HoursRow(PlainForm):
    """Hours of some weekdays, or of certain days."""

    first = OneOfList(_lp("channel field", "From weekday"), default="")
    last = OneOfList(_lp("channel field", "to weekday"), default="")
    opens = ClockTime(_lp("channel field", "Opens at"))
    closes = ClockTime(_lp("channel field", "Closes at"))
    valid_from = Day(_lp("channel field", "From the day"))
    valid_to = Day(_lp("channel field", "to the day"))
    closed = BooleanField(_lp("channel field", "Closed"))
    by_reservation = BooleanField(_lp("channel field", "By appointment"))
    info_fi = line(_lp("channel field", "In words, in Finnish"))
    info_sv = line(_lp("channel field", "In words, in Swedish"))
    info_en = line(_lp("channel field", "In words, in English"))

    def offer(self) -> None:
        """Set the weekdays that can be chosen."""
        names = get_day_names("wide", context="stand-alone", locale=current_language())
        days = {"": "", **{str(day): names[day - 1] for day in range(1, 8)}}
        self.first.choices = self.last.choices = choices(days)

    def faults(self, *, exception: bool) -> list[tuple[Field, str]]:
        """Return what has to be mended in a filled row."""
        begins, ends = self.valid_from.data, self.valid_to.data
        opens, closes = self.opens.data, self.closes.data
        says = self.closed.data or self.by_reservation.data or any(self.info.values())
        found: list[tuple[Field, bool, str]] = [
            (self.valid_from, exception and not (begins or ends), _("Choose the day.")),
            (
                self.valid_to,
                bool(begins and ends and ends < begins),
                _("The last day would be before the first."),
            ),
            (self.first, bool(self.last.data and not self.first.data), _("Choose the first weekday, too.")),
            (
                self.first,
                not exception and not self.first.data and opens is not None,
                _("Choose the weekday."),
            ),
            (self.closes, opens is not None and closes is None, _("Write when it closes.")),
            (self.opens, closes is not None and opens is None, _("Write when it opens.")),
            (
                self.opens,
                bool(opens is None and closes is None and not says),
                _("Write the times, or say that it is closed."),
            ),
            (
                self.closed,
                bool(self.closed.data and opens is not None),
                _("Leave the times empty where it is closed."),
            ),
        ]
        return [(field, sentence) for field, wrong, sentence in found if wrong]

    @property
    def info(self) -> Texts:
        """The words by language."""
        return {code: self[f"info_{code}"].data for code in LANGUAGES if self[f"info_{code}"].data}


class ChannelForm(FlaskForm):
    """A way to reach a service. What it needs depends on its kind; all of it may be told of any kind."""

    seen = HiddenField()
    kind = RadioField(
        _lp("channel field", "What it is"),
        choices=choices(CHANNEL_KINDS),
        validators=[InputRequired(_l("Choose what it is."))],
    )
    name_fi = line(_l("Name in Finnish"), most=200)
    name_sv = line(_l("Name in Swedish"), most=200)
    name_en = line(_l("Name in English"), most=200)
    phones = FieldList(FormField(PhoneRow), max_entries=_MOST_ROWS)
    emails = box(
        _lp("channel field", "E-mail addresses"), most=1000, description=_l("Each on a line of its own.")
    )
    url_fi = line(_l("Web address of the Finnish page"), most=500)
    url_sv = line(_l("Web address of the Swedish page"), most=500)
    url_en = line(_l("Web address of the English page"), most=500)
    street_fi = line(_l("Street address in Finnish"), most=200)
    street_sv = line(_l("Street address in Swedish"), most=200)
    street_en = line(_l("Street address in English"), most=200)
    postal_code = line(_l("Postal code"), most=10)
    municipality = OneOfList(_l("Municipality"))
    weekly = FieldList(FormField(HoursRow), max_entries=_MOST_ROWS)
    exceptions = FieldList(FormField(HoursRow), max_entries=_MOST_ROWS)
    description_fi = box(_lp("channel field", "More about it, in Finnish"), most=5000)
    description_sv = box(_lp("channel field", "More about it, in Swedish"), most=5000)
    description_en = box(_lp("channel field", "More about it, in English"), most=5000)
    everywhere = BooleanField(_lp("channel field", "Change it for these as well"))

    def offer(self, *, municipalities: Sequence[tuple[str, str]], now_in: str | None, shared: bool) -> None:
        """Set what can be chosen.

        Args:
            municipalities: codes and names of ours.
            now_in: where the place is now, of ours or not.
            shared: whether other services of the person's have it too.
        """
        offered = {"": "", **dict(municipalities)}
        if now_in and now_in not in offered:
            offered[now_in] = now_in
        self.municipality.choices = choices(offered)
        self._offer_days()
        if not shared:
            del self.everywhere

    def add_rows(self, spare: int = SPARE) -> None:
        """Add empty rows below those that are filled."""
        for name in ("phones", "weekly", "exceptions"):
            rows: Any = self[name]
            wanted = 1 if name == "phones" else spare
            blank = sum(hours.is_blank(row.data) for row in rows)
            for _count in range(min(wanted - blank, _MOST_ROWS - len(rows.entries))):
                rows.append_entry()
        self._offer_days()

    def _offer_days(self) -> None:
        for row in (*self.weekly, *self.exceptions):
            row.form.offer()

    def is_stale(self, mark: str) -> bool:
        """Whether somebody has changed the service since the form was shown; says so, and takes the new mark."""
        if self.seen.data == mark:
            return False
        self.seen.data = mark
        self.form_errors.append(
            _("Somebody has changed this since you opened it. Your text is here: compare, and keep it again.")
        )
        return True

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, the rows, and that there is what the kind is about."""
        fine = bool(super().validate(extra_validators))
        for rows, exception in ((self.weekly, False), (self.exceptions, True)):
            for row in rows:
                if hours.is_blank(row.data):
                    continue
                for field, sentence in row.form.faults(exception=exception):
                    if not field.errors:
                        field.errors = [sentence]
                        fine = False
        for field, wrong, sentence in self._disagreements():
            if wrong and not field.errors:
                field.errors = [sentence]
                fine = False
        for several in (self.phones, self.weekly, self.exceptions):
            # The summary of errors looks into the rows only where the list says that something is amiss.
            told = [row.errors for row in several]
            several.errors = told if any(told) else []
        return fine

    @property
    def is_for_all(self) -> bool:
        """Whether the change shall hold for the other services that have it, too."""
        field: BooleanField | None = getattr(self, "everywhere", None)
        return field is not None and bool(field.data)

    def edit(self, channel: Channel | None) -> ChannelEdit:
        """Return what a valid form says; what it has no box for stays as ``channel`` has it."""
        return ChannelEdit(
            kind=ChannelKind(self.kind.data),
            name=self._texts("name", channel.name if channel else {}),
            description=self._texts("description", channel.description if channel else {}),
            phones=self._phones(channel.phones if channel else ()),
            emails=self._addresses(),
            urls=self._texts("url", channel.urls if channel else {}),
            street=self._texts("street", channel.street if channel else {}),
            postal_code=self.postal_code.data or "",
            municipality_code=self.municipality.data or None,
            hours=hours.typed_over(
                weekly=[row.data for row in self.weekly],
                exceptions=[row.data for row in self.exceptions],
                before=channel.hours if channel else None,
            ),
        )

    def _disagreements(self) -> list[tuple[Field, bool, str]]:
        kind = ChannelKind(self.kind.data) if self.kind.data in set(ChannelKind) else None
        webs = [(self[f"url_{code}"], self[f"url_{code}"].data or "") for code in LANGUAGES]
        is_place = kind is ChannelKind.LOCATION
        numbers = [row.form.number.data for row in self.phones]
        return [
            *(
                (
                    field,
                    bool(told) and not plain_text.web_address(told),
                    _("Write the address with https:// in front."),
                )
                for field, told in webs
            ),
            (
                webs[0][0],
                kind in _WEB and not any(told for _field, told in webs),
                _("Write the web address."),
            ),
            (
                self.phones[0].form.number if self.phones.entries else self.kind,
                kind is ChannelKind.PHONE and not any(numbers),
                _("Write the number."),
            ),
            (self.street_fi, is_place and not self._texts("street", {}), _("Write the street address.")),
            (self.municipality, is_place and not self.municipality.data, _("Choose the municipality.")),
            (
                self.emails,
                not all(map(plain_text.mail_address, self._addresses())),
                _("Check the e-mail address."),
            ),
        ]

    def _addresses(self) -> list[str]:
        return [told for each in (self.emails.data or "").splitlines() if (told := each.strip())]

    def _phones(self, before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the numbers; what else was known of one that stays, such as what calling it costs, stays.

        A number that is another one now costs what nobody has told, but it is still the same people's.
        """
        numbers = [row.form.number.data for row in self.phones]
        known = [str(each.get("number") or "").strip() for each in before]
        partners = row_of_each(numbers, known)
        found = []
        for row, number, partner in zip(self.phones, numbers, partners, strict=True):
            if not number:
                continue
            old = before[partner] if partner is not None else {}
            info = typed_over({code: row.form[f"info_{code}"].data for code in LANGUAGES}, old.get("info"))
            stays = old if partner is not None and known[partner] == number else {}
            told = {"info": info} if info or old.get("info") else {}
            found.append({**stays, "number": number, **told})
        return found

    def _texts(self, name: str, before: Mapping[str, str]) -> Texts:
        return typed_over({code: self[f"{name}_{code}"].data for code in LANGUAGES}, before)


def filled(channel: Channel, *, mark: str) -> dict[str, Any]:
    """Return what stands in the form of a channel before anybody changes it."""
    texts = {"name": channel.name, "url": channel.urls, "street": channel.street}
    return {
        **{
            f"{name}_{code}": told.get(code, "")
            for name, told in {**texts, "description": channel.description}.items()
            for code in LANGUAGES
        },
        "seen": mark,
        "kind": channel.kind.value,
        "phones": [
            {
                "number": str(each.get("number") or "").strip(),
                **{f"info_{code}": (each.get("info") or {}).get(code, "") for code in LANGUAGES},
            }
            for each in channel.phones or ()
        ],
        "emails": "\n".join(channel.emails or ()),
        "postal_code": channel.postal_code,
        "municipality": channel.municipality_code or "",
        "weekly": hours.weekly(channel.hours),
        "exceptions": hours.exceptions(channel.hours),
    }
