"""From a case that somebody may open to the parts that are copied out."""

import datetime as dt
from collections.abc import Sequence

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.municipality.appointments import queries as appointments
from referrals.municipality.appointments.labels import STATES
from referrals.municipality.content import CaseContent
from referrals.municipality.copying_out.labels import LINES
from referrals.municipality.copying_out.parts import Fact, Part, Value
from referrals.municipality.follow_up import operations as follow_ups
from referrals.municipality.follow_up import queries as follow_up_queries
from referrals.municipality.follow_up.labels import HOW, NOT_MEASURED_SHORT, POINTS, SHORT
from referrals.municipality.follow_up.points import measures_of
from referrals.municipality.inbox.case.correspondence import Correspondence
from referrals.municipality.inbox.case.file import CaseFile, Entry
from referrals.municipality.inbox.case.timeline import timeline_of
from referrals.municipality.inbox.labels import MEETING_FORMS
from referrals.municipality.inbox.pages import Words
from referrals.municipality.plan import operations as plans
from referrals.municipality.plan import queries as plan_queries
from servicetray.core import clock
from servicetray.core.pages import Text


def parts_of(file: CaseFile, said: Correspondence, words: Words) -> Sequence[Part]:
    """Return everything of a case in the order in which a client record is usually filled in."""
    content = file.content
    return (
        _case(file, words),
        *(
            (_client(file, content, words), _referral(file, content, words), _permissions(content, words))
            if content
            else ()
        ),
        _plan(file),
        _appointments(file),
        _follow_up(file),
        _questions(said),
        _messages(said),
        _course(file.entries),
    )


def _fact(name: str, label: Text, value: Value | dt.date | dt.datetime, words: Text | None = None) -> Fact:
    """Return a fact; without words of its own a value is told as it is, a day or time as Finland writes it."""
    if isinstance(value, dt.datetime):
        told = format_datetime(clock.helsinki(value), _p("copy-out", "d.M.yyyy 'at' H.mm"), rebase=False)
        return Fact(name=name, value=value.astimezone(dt.UTC).isoformat(), label=str(label), words=told)
    if isinstance(value, dt.date):
        return Fact(
            name=name, value=value.isoformat(), label=str(label), words=format_date(value, "d.M.yyyy")
        )
    if isinstance(value, bool):
        return Fact(name=name, value=value, label=str(label), words=_("Yes") if value else _("No"))
    told = str(words) if words is not None else "" if value is None else str(value)
    return Fact(name=name, value=value, label=str(label), words=told)


def _case(file: CaseFile, words: Words) -> Part:
    return Part(
        name="case",
        title=_p("copy-out", "Client relationship"),
        entries=[
            [
                _fact("reference", _("Reference"), file.reference),
                _fact("kind", _p("copy-out", "Counselling"), file.kind_code, words.kind(file.kind_code)),
                _fact(
                    "municipality",
                    _("Municipality"),
                    file.municipality_code,
                    words.municipality(file.municipality_code),
                ),
                _fact("status", _p("copy-out", "Stands at"), file.status.value, words.status(file.status)),
                _fact(
                    "outcome",
                    _p("copy-out", "How it ended"),
                    file.outcome.value if file.outcome else None,
                    words.outcome(file.outcome),
                ),
                _fact("handler", _p("copy-out", "Handled by"), file.handler),
                _fact("sent_at", _p("copy-out", "Referral sent"), file.sent_at),
                _fact("accepted_at", _p("copy-out", "Taken on"), file.accepted_at),
                _fact("closed_at", _p("copy-out", "Ended"), file.closed_at),
                # Said only where it is so: the usual case needs no line of it.
                _fact("protected", _("Protected client"), file.protected)
                if file.protected
                else Fact(name="protected", value=False, label="", words=""),
            ]
        ],
    )


def _client(file: CaseFile, content: CaseContent, words: Words) -> Part:
    return Part(
        name="client",
        title=_p("copy-out", "Client"),
        entries=[
            [
                _fact("last_name", _("Last name"), content.last_name),
                _fact("first_name", _("First name"), content.first_name),
                _fact("birth_year", _("Year of birth"), content.birth_year),
                _fact(
                    "language", _("Language of service"), content.language, words.language(content.language)
                ),
                _fact("interpreter", _("Interpreter or aids"), content.interpreter),
                _fact("phone", _("Phone"), content.phone),
                _fact("best_time", _("When is a good time to call?"), content.best_time),
                _fact("email", _("E-mail"), content.email),
                _fact("address", _("Postal address"), content.address),
                _fact(
                    "home_municipality",
                    _("The client's home municipality"),
                    content.home_municipality or file.municipality_code,
                    words.municipality(content.home_municipality or file.municipality_code),
                ),
                _fact("contact_person", _("Contact person"), content.contact_person),
            ]
        ],
    )


def _referral(file: CaseFile, content: CaseContent, words: Words) -> Part:
    return Part(
        name="referral",
        title=_p("heading", "Referral"),
        entries=[
            [
                _fact("sender", _("Sender"), content.sender),
                _fact("sender_unit", _("Sender's unit"), content.sender_unit),
                _fact("sender_phone", _("Sender's phone"), content.sender_phone),
                _fact("reasons", _("Reasons"), list(content.reasons), _joined(words, file, content.reasons)),
                _fact(
                    "interests",
                    _("Interested in"),
                    list(content.interests),
                    _joined(words, file, content.interests),
                ),
                _fact("own_wish", _("Own wish"), content.own_wish),
                _fact("what_to_heed", _("To heed"), content.what_to_heed),
            ]
        ],
    )


def _joined(words: Words, file: CaseFile, codes: Sequence[str]) -> str:
    return ", ".join(words.reasons_of(file.kind_code, codes))


def _permissions(content: CaseContent, words: Words) -> Part:
    method, contact = content.consent_method, content.contact_first
    return Part(
        name="permissions",
        title=_("Permissions"),
        entries=[
            [
                _fact("given_on", _("Permission given on"), content.consent_given_on),
                _fact(
                    "method",
                    _("How was the permission given?"),
                    method.value if method else None,
                    words.method(method),
                ),
                _fact(
                    "giver",
                    _("Who gave the permission?"),
                    content.consent_giver.value,
                    words.giver(content.consent_giver),
                ),
                _fact(
                    "contact_first",
                    _("Whom does the adviser contact first?"),
                    contact.value if contact else None,
                    words.contact(contact),
                ),
                _fact(
                    "guardians_may_be_told",
                    _("May guardians be told of the referral?"),
                    content.guardians_may_be_told,
                ),
                _fact(
                    "channels",
                    _("Ways of contact that were allowed"),
                    [each.value for each in content.channels],
                    ", ".join(str(each) for each in words.channels(content.channels)),
                ),
                _fact("feedback", _("The sender may be told how it went"), content.feedback),
                _fact("follow_up", _("May be asked how things are later"), content.follow_up),
                _fact("transfer", _("May be moved to another municipality"), content.transfer),
            ]
        ],
    )


def _plan(file: CaseFile) -> Part:
    entries: list[list[Fact]] = []
    for line in plan_queries.lines_of(file.id):
        text = plans.content_of(line, municipality_code=file.municipality_code).text
        entries.append(
            [
                _fact("added_at", "", line.added_at),
                _fact("kind", "", line.kind.value, f"{LINES[line.kind]}: {text}"),
                _fact("text", "", text, ""),
                _fact("done_at", _p("copy-out", "Done"), line.done_at),
            ]
        )
    return Part(name="plan", title=_p("page title", "Plan"), dated=True, entries=entries)


def _appointments(file: CaseFile) -> Part:
    return Part(
        name="appointments",
        title=_p("page title", "Appointments"),
        dated=True,
        entries=[
            [
                _fact("at", "", each.at),
                _fact("form", "", each.form.value, f"{MEETING_FORMS[each.form]}, {each.minutes} min"),
                _fact("minutes", "", each.minutes, ""),
                _fact("state", _p("copy-out", "Stands at"), each.state.value, STATES[each.state]),
            ]
            for each in reversed(appointments.of_case(file.id))
        ],
    )


def _follow_up(file: CaseFile) -> Part:
    rows = [row for row in follow_up_queries.of_case(file.id) if row.recorded_at is not None]
    entries: list[list[Fact]] = []
    for row in rows:
        asked = HOW[row.how] if row.how else NOT_MEASURED_SHORT[row.not_measured] if row.not_measured else ""
        answers = follow_ups.answer_of(row, municipality_code=file.municipality_code)
        entries.append(
            [
                _fact("measured_on", "", row.measured_on),
                _fact("point", "", row.point.value, f"{POINTS[row.point]}, {asked}"),
                _fact("how", "", row.how.value if row.how else None, ""),
                _fact("not_measured", "", row.not_measured.value if row.not_measured else None, ""),
                *(
                    _fact(measure.value, SHORT[measure], answers.of(measure))
                    for measure in measures_of(file.kind_code)
                    if answers is not None
                ),
            ]
        )
    return Part(name="follow_up", title=_p("page title", "Follow-up"), dated=True, entries=entries)


def _questions(said: Correspondence) -> Part:
    return Part(
        name="questions",
        title=_("Questions to the sender"),
        dated=True,
        entries=[
            [
                _fact("asked_at", "", each.question.asked_at),
                _fact("question", "", each.question.text),
                _fact("by", "", each.by),
                _fact("answer", _p("copy-out", "Answer"), each.question.answer),
                _fact("answered_at", "", each.question.answered_at, ""),
            ]
            for each in said.asked
        ],
    )


def _messages(said: Correspondence) -> Part:
    return Part(
        name="messages",
        title=_("From the client’s own page"),
        dated=True,
        entries=[
            [
                _fact("at", "", claim.at),
                _fact("what", "", str(claim.title)),
                _fact("phone", _("Phone"), claim.phone),
                _fact("best_time", _("When is a good time to call?"), str(claim.best_time)),
            ]
            for claim in said.claims
        ],
    )


def _course(entries: Sequence[Entry]) -> Part:
    """Return what happened, oldest first: a record is read downwards."""
    told: list[list[Fact]] = []
    for entry in reversed(entries):
        rows = timeline_of((entry,))
        if not rows:
            # A missed appointment is told by its attempt, not by its move too.
            continue
        told.append(
            [
                _fact("at", "", entry.at),
                _fact("what", "", (entry.move or entry.kind).value, rows[0].title),
                _fact("by", "", rows[0].by),
                _fact("channel", "", entry.channel.value if entry.channel else None, ""),
                _fact("result", "", entry.result.value if entry.result else None, ""),
                _fact("reason", "", entry.reason, ""),
                _fact("note", "", entry.text),
            ]
        )
    return Part(name="course", title=_("What has happened"), dated=True, entries=told)
