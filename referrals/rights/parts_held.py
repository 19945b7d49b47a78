"""What both records hold about a client, part by part, for a copy of the data."""

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from flask_babel import format_datetime
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from pydantic import BaseModel

from referrals.call_times.queries import booked_time
from referrals.client import messages
from referrals.client.labels import CLAIMS
from referrals.county import consents
from referrals.county import queries as county
from referrals.county.queries import Referral
from referrals.county.sending import labels as sending
from referrals.kinds.queries import reason_names
from referrals.municipality import queries as municipality
from referrals.municipality.content import unseal_note
from referrals.municipality.facts import content_of
from referrals.municipality.inbox import labels as inbox
from referrals.municipality.queries import Case
from referrals.questions.queries import questions_of
from referrals.rights.labels import FIELDS, REFERRAL_STATUSES
from referrals.rights.parts import Fact, Part, add_case_part, add_referral_part
from servicetray.core import clock
from servicetray.core.i18n import current_language
from servicetray.core.pages import Text

YES_NO: Mapping[bool, Text] = {True: _l("Yes"), False: _l("No")}


def register() -> None:
    """Add every part that stands in the two records themselves."""
    for name, of_referral in (
        ("referral", _referral),
        ("content", _referral_content),
        ("consents", _consents),
        ("course", _referral_course),
        ("questions", _questions),
        ("messages", _referral_messages),
        ("call_time", _call_time),
    ):
        add_referral_part(name, of_referral)
    for name, of_case in (
        ("case", _case),
        ("content", _case_content),
        ("attempts", _attempts),
        ("notes", _notes),
        ("course", _case_course),
        ("messages", _case_messages),
    ):
        add_case_part(name, of_case)


def fact(name: str, label: Text, value: Any, words: Text | None = None) -> Fact:
    """Return one fact; times are written in UTC for machines and as told in Helsinki for people."""
    if isinstance(value, dt.datetime):
        told = format_datetime(clock.helsinki(value), "d.M.yyyy HH:mm", rebase=False)
        return Fact(name=name, value=value.astimezone(dt.UTC).isoformat(), label=label, words=told)
    if isinstance(value, bool):
        return Fact(name=name, value=value, label=label, words=YES_NO[value])
    if isinstance(value, StrEnum):
        value = value.value
    return Fact(
        name=name,
        value=value,
        label=label,
        words=words if words is not None else "" if value is None else str(value),
    )


def _referral(row: Referral) -> Part:
    return Part(
        name="referral",
        title=_l("Referral"),
        entries=[
            [
                fact("reference", _l("Reference"), row.reference),
                fact("kind", _lp("log", "Kind"), row.kind_code),
                fact("municipality", _l("Municipality"), row.municipality_code),
                fact("status", _lp("rights", "State"), row.status, REFERRAL_STATUSES[row.status]),
                fact("priority", _l("How soon?"), row.priority, sending.PRIORITIES[row.priority]),
                fact("age_group", _l("Age group"), row.age_group),
                fact("sent_at", _lp("log", "Sent"), row.sent_at),
                fact("protected", _l("Protected client"), row.protected),
                fact("erase_after", _l("To be erased"), row.erase_after),
                fact("restricted_at", _l("Use restricted since"), row.restricted_at),
            ]
        ],
    )


def _referral_content(row: Referral) -> Part:
    found = county.content_of(row) if row.sealed is not None else None
    return _content_part(found, row.kind_code)


def _case_content(row: Case) -> Part:
    return _content_part(content_of(row), row.kind_code)


def _content_part(content: BaseModel | None, kind_code: str) -> Part:
    facts: list[Fact] = []
    if content is not None:
        names = reason_names(current_language())
        for name, value in content.model_dump(mode="json").items():
            facts += _content_facts(name, value, kind_code=kind_code, names=names)
    return Part(name="content", title=_l("About you"), entries=[facts] if facts else [])


def _content_facts(
    name: str, value: Any, *, kind_code: str, names: Mapping[tuple[str, str], str]
) -> list[Fact]:
    if isinstance(value, dict):
        # Somebody else: the contact person, the sender.
        return [
            fact(f"{name}.{inner}", FIELDS.get(f"{name}.{inner}", str(inner)), each)
            for inner, each in value.items()
        ]
    label = FIELDS.get(name, name)
    if name in {"reasons", "interests"}:
        words = ", ".join(names.get((kind_code, code), code) for code in value)
        return [fact(name, label, value, words)]
    if name == "channels":
        told = {channel.value: str(text) for channel, text in sending.CHANNELS.items()}
        return [fact(name, label, value, ", ".join(told[each] for each in value))]
    if name == "language":
        return [fact(name, label, value, inbox.LANGUAGES.get(value, value))]
    words_of: dict[str, Mapping[Any, Text]] = {
        "consent_method": sending.METHODS,
        "consent_giver": sending.GIVERS,
        "contact_first": sending.CONTACTS,
    }
    if name in words_of and value is not None:
        return [fact(name, label, value, _word(words_of[name], value))]
    return [fact(name, label, value)]


def _word(words: Mapping[Any, Text], value: str) -> Text:
    return next((text for member, text in words.items() if member.value == value), value)


def _consents(row: Referral) -> Part:
    told = {channel.value: str(text) for channel, text in sending.CHANNELS.items()}
    return Part(
        name="consents",
        title=_l("Permissions that you gave"),
        entries=[
            [
                fact("given_at", _lp("rights", "Given"), each.given_at),
                fact("giver", _l("Who gave the permission?"), each.giver, sending.GIVERS[each.giver]),
                fact(
                    "method", _l("How was the permission given?"), each.method, sending.METHODS[each.method]
                ),
                fact("text_version", _l("Version of the text"), f"{each.text_version} {each.text_language}"),
                fact("recipient", _l("To whom"), each.recipient),
                fact("items", _l("Which data"), list(each.items), str(len(each.items))),
                fact("feedback", _l("The sender may be told how it went"), each.feedback),
                fact("follow_up", _l("May be asked how things are later"), each.follow_up),
                fact("transfer", _l("May be moved to another municipality"), each.transfer),
                fact(
                    "channels",
                    FIELDS["channels"],
                    list(each.channels),
                    ", ".join(told.get(channel, channel) for channel in each.channels),
                ),
                fact("interpreted_by", _l("Who interpreted the text to the client?"), each.interpreted_by),
                fact("withdrawn_at", _l("Taken back"), each.withdrawn_at),
                fact("replaced_at", _l("Replaced by a later one"), each.replaced_at),
            ]
            for each in consents.all_of(row.id)
        ],
    )


def _referral_course(row: Referral) -> Part:
    return Part(
        name="course",
        title=_l("What happened to the referral"),
        entries=[
            [
                fact("at", _lp("log", "When"), each.at),
                fact("to", _lp("rights", "State"), each.to_status, REFERRAL_STATUSES[each.to_status]),
                fact("reason", _lp("rights", "Reason"), each.reason or ""),
            ]
            for each in county.history_of(row.id)
        ],
    )


def _questions(row: Referral) -> Part:
    return Part(
        name="questions",
        title=_l("Questions about you"),
        entries=[
            [
                fact("asked_at", _lp("log", "When"), each.asked_at),
                fact("question", _lp("rights", "Question"), each.text),
                fact("answer", _lp("rights", "Answer"), each.answer),
            ]
            for each in questions_of(row.id)
        ],
    )


def _referral_messages(row: Referral) -> Part:
    return _messages(messages.messages_of(row.id))


def _case_messages(row: Case) -> Part:
    return _messages(messages.messages_of(row.referral_id, municipality_code=row.municipality_code))


def _messages(found: Sequence[messages.Message]) -> Part:
    return Part(
        name="messages",
        title=_l("What you said on your own page"),
        entries=[
            [
                fact("at", _lp("log", "When"), each.at),
                fact("kind", _lp("rights", "What"), each.kind, CLAIMS[each.kind]),
                fact("phone", FIELDS["phone"], each.said.phone),
                fact("best_time", FIELDS["best_time"], each.said.best_time),
            ]
            for each in found
        ],
    )


def _call_time(row: Referral) -> Part:
    booked = booked_time(row.id)
    return Part(
        name="call_time",
        title=_l("The call time that you have"),
        entries=[[fact("starts_at", _lp("log", "When"), booked.starts_at)]] if booked else [],
    )


def _case(row: Case) -> Part:
    outcome = inbox.OUTCOMES[row.outcome] if row.outcome else ""
    return Part(
        name="case",
        title=_l("Counselling"),
        entries=[
            [
                fact("reference", _l("Reference"), row.reference),
                fact("kind", _lp("log", "Kind"), row.kind_code),
                fact("municipality", _l("Municipality"), row.municipality_code),
                fact("status", _lp("rights", "State"), row.status, inbox.STATUSES[row.status]),
                fact("outcome", _lp("rights", "How it ended"), row.outcome, outcome),
                fact("age_group", _l("Age group"), row.age_group),
                fact("accepted_at", _lp("rights", "Taken on"), row.accepted_at),
                fact("first_contact_at", _lp("rights", "First reached"), row.first_contact_at),
                fact("started_at", _lp("rights", "Counselling began"), row.started_at),
                fact("closed_at", _lp("rights", "Ended"), row.closed_at),
                fact("appointment_at", _lp("rights", "Agreed time"), row.appointment_at),
                fact("erase_after", _l("To be erased"), row.erase_after),
                fact("restricted_at", _l("Use restricted since"), row.restricted_at),
            ]
        ],
    )


def _attempts(row: Case) -> Part:
    return Part(
        name="attempts",
        title=_l("When you were contacted"),
        entries=[
            [
                fact("at", _lp("log", "When"), each.at),
                fact("channel", _lp("rights", "How"), each.channel, inbox.CHANNELS[each.channel]),
                fact("result", _lp("rights", "How it went"), each.result, inbox.RESULTS[each.result]),
                fact("note", _lp("rights", "Note"), _note(each.sealed_note, row)),
            ]
            for each in municipality.attempts_of(row.id)
        ],
    )


def _notes(row: Case) -> Part:
    return Part(
        name="notes",
        title=_l("Notes of the adviser"),
        entries=[
            [
                fact("at", _lp("log", "When"), each.at),
                fact("note", _lp("rights", "Note"), _note(each.sealed, row)),
            ]
            for each in municipality.notes_of(row.id)
        ],
    )


def _case_course(row: Case) -> Part:
    return Part(
        name="course",
        title=_l("What happened in counselling"),
        entries=[
            [
                fact("at", _lp("log", "When"), each.at),
                fact("to", _lp("rights", "State"), each.to_status, inbox.STATUSES[each.to_status]),
                fact("reason", _lp("rights", "Reason"), each.reason or ""),
                fact("note", _lp("rights", "Note"), _note(each.sealed_note, row)),
            ]
            for each in municipality.history_of(row.id)
        ],
    )


def _note(sealed: bytes | None, row: Case) -> str:
    return unseal_note(sealed, municipality_code=row.municipality_code, case_id=row.id)
