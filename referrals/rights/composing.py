"""From records to the pages of the client's rights."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from referrals.holds.operations import AlreadyHeldError, NotHeldError
from referrals.holds.queries import holds_of
from referrals.kinds import queries as kinds
from referrals.log_report.forms import PersonForm, ReferenceForm
from referrals.log_report.look_up import found_rows
from referrals.log_report.queries import Found
from referrals.log_report.scope import Reach, reach_of
from referrals.municipality.inbox.labels import STATUSES
from referrals.rights import operations
from referrals.rights.correcting import corrections_of
from referrals.rights.forms import ConfirmForm, EraseForm, HoldForm, RestrictForm, WithdrawForm
from referrals.rights.labels import FIELDS, REFERRAL_STATUSES
from referrals.rights.operations import (
    AlreadyErasedError,
    AlreadyRestrictedError,
    AwaitsReleaseError,
    HeldError,
    NotRestrictedError,
    StillOpenError,
)
from referrals.rights.pages import CopyPage, CorrectionRow, HoldRow, RecordPage, RightsLookUpPage
from referrals.rights.parts import Part, parts_of_case, parts_of_referral
from referrals.rights.records import Record, records_of
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core.db import in_language
from servicetray.core.errors import DomainError
from servicetray.core.i18n import LANGUAGES, current_language, root_path
from servicetray.core.municipalities import municipalities, municipality
from servicetray.core.pages import Text, render
from servicetray.core.settings import current_settings

REFUSALS: dict[type[DomainError], Text] = {
    AlreadyErasedError: _l("There is no content any more: it has been erased."),
    AlreadyHeldError: _l("The erasing is stopped already."),
    AlreadyRestrictedError: _l("The use is restricted already."),
    AwaitsReleaseError: _l(
        "It was entered in error: it is erased when the officers of both sides have released it. "
        "See the data breaches."
    ),
    HeldError: _l("The data are on legal hold. Lift the hold first, if it no longer holds."),
    NotHeldError: _l("There is no hold to lift."),
    NotRestrictedError: _l("There is no restriction to lift."),
    StillOpenError: _l(
        "Somebody still works by these data. Write down first that the client takes the permission back, "
        "or ask for the case to be closed."
    ),
}


def look_up_page(
    reach: Reach,
    by_reference: ReferenceForm,
    by_person: PersonForm,
    *,
    found: Sequence[Found] | None,
    status: int = 200,
) -> Response:
    """Return the page on which a client is found."""
    rows = found_rows(found or (), url_of=lambda each: url_for("rights.records", referral_id=each))
    return render(
        RightsLookUpPage(
            title=_("Client’s rights"),
            by_reference=by_reference,
            by_person=by_person if reach.county else None,
            found=rows if found is not None else None,
            reference_url=url_for("rights.look_up_reference"),
            person_url=url_for("rights.look_up_person"),
        ),
        status=status,
    )


def record_page(
    record: Record, form: FlaskForm | None = None, *, refused: str = "", status: int = 200
) -> Response:
    """Return the page of a record, with the form that has to be mended or the words that refuse."""
    held = [
        HoldRow(reason=each.reason, set_at=each.set_at, by=_name(each.set_by), lifted_at=each.lifted_at)
        for each in holds_of(record.referral_id, controller=record.controller)
    ]
    return render(
        RecordPage(
            title=_("Data of %(reference)s", reference=record.reference),
            record=record,
            refused=refused,
            controller=controller_name(record),
            kind=_kind(record),
            states=_states(record),
            others=[
                (
                    controller_name(each),
                    url_for("rights.record", referral_id=each.referral_id, holder=each.holder),
                )
                for each in records_of(record.referral_id, reach=reach_of(who()))
                if each.holder != record.holder
            ],
            holds=held,
            is_held=any(each.lifted_at is None for each in held),
            corrections=_corrections(record),
            may_be_withdrawn=operations.may_be_withdrawn(record),
            not_erasable=_why_not(record),
            copy_url=_copy_url(record),
            restrict=form if isinstance(form, RestrictForm) else RestrictForm(formdata=None),
            hold=form if isinstance(form, HoldForm) else HoldForm(formdata=None),
            erase=form if isinstance(form, EraseForm) else EraseForm(formdata=None),
            withdraw=form if isinstance(form, WithdrawForm) else WithdrawForm(formdata=None),
            confirm=ConfirmForm(formdata=None),
        ),
        status=status,
    )


def copy_page(record: Record, *, now: dt.datetime) -> Response:
    """Return the copy of a record for people."""
    return render(
        CopyPage(
            title=_("Your data"),
            reference=record.reference,
            controller=controller_name(record),
            made_at=now,
            records=_parts(record),
            record_url=url_for("rights.record", referral_id=record.referral_id, holder=record.holder),
            json_url=url_for("rights.copy_file", referral_id=record.referral_id, holder=record.holder),
        )
    )


def as_data(record: Record, *, now: dt.datetime) -> dict[str, Any]:
    """Return the copy of a record for machines: names and values in English, times in UTC."""
    return {
        "reference": record.reference,
        "controller": record.controller,
        "made_at": now.astimezone(dt.UTC).isoformat(),
        "records": [
            {
                part.name: [{fact.name: fact.value for fact in entry} for entry in part.entries]
                for part in parts
            }
            for parts in _parts(record)
        ],
    }


def controller_name(record: Record) -> str:
    """Return whose record it is, by name."""
    if record.municipality_code is None:
        return in_language(current_settings().county_name, current_language()).text
    place = municipality(record.municipality_code)
    return in_language(place.name if place else {}, current_language()).text


def homes_of(record: Record, present: str) -> dict[str, str]:
    """Return where a client may live by code, first (empty) the municipality that counsels, as records have it."""
    counsels = record.referral.municipality_code if record.referral else record.municipality_code or ""
    homes = {"": _("The municipality that counsels: %(name)s", name=_place_name(counsels))}
    homes |= {each.code: _place_name(each.code) for each in municipalities() if each.code != counsels}
    return homes | ({present: _place_name(present)} if present not in homes else {})


def _parts(record: Record) -> list[Sequence[Part]]:
    if record.referral is not None:
        return [parts_of_referral(record.referral)]
    return [parts_of_case(case) for case in record.cases]


def _copy_url(record: Record) -> str:
    # In the client's own language where the pages speak it, else in English.
    known = record.language if record.language in LANGUAGES else "en"
    language = known if record.language else current_language()
    path = f"/tietosuoja/oikeudet/{record.referral_id}/{record.holder}/jaljennos"
    return f"{root_path()}{'' if language == LANGUAGES[0] else f'/{language}'}{path}"


def _states(record: Record) -> list[Text]:
    if record.referral is not None:
        return [REFERRAL_STATUSES[record.referral.status]]
    return [STATUSES[case.status] for case in record.cases]


def _kind(record: Record) -> str:
    found = kinds.kind(record.kind_code)
    return in_language(found.name, current_language()).text if found else record.kind_code


def _corrections(record: Record) -> list[CorrectionRow]:
    return [
        CorrectionRow(
            at=each.at,
            by=_name(each.by),
            fields=[_field(name) for name in each.fields],
            reason=each.before.reason if each.before else "",
            before=[
                (_field(name), _told(name, value))
                for name, value in (each.before.values if each.before else {}).items()
            ],
        )
        for each in corrections_of(record)
    ]


def _field(name: str) -> Text:
    # A note is named by its kind and number.
    kind = name.partition(":")[0]
    return FIELDS.get(kind, name)


def _told(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values())
    return _place_name(value) if name == "home_municipality" else str(value)


def _place_name(code: str) -> str:
    place = municipality(code) if code else None
    return in_language(place.name, current_language()).text if place else code


def _why_not(record: Record) -> Text:
    try:
        operations.check_erasable(record)
    except (AlreadyErasedError, AwaitsReleaseError, HeldError, StillOpenError) as error:
        return REFUSALS[type(error)]
    return ""


def _name(user_id: uuid.UUID) -> str:
    person = accounts.user(user_id)
    return person.name if person else ""
