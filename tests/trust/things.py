"""What the routes are about, one of each: made for the matrix by the operations that the pages call."""

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy import select

from referrals.breaches.models import Breach
from referrals.call_times.publishing import Hours, add_exception, publish_pattern
from referrals.client.messages import Said, keep, messages_of
from referrals.client.models import MessageKind
from referrals.county import consent_texts
from referrals.county.sending import drafts
from referrals.kinds.models import Reason
from referrals.moves import TargetDays, Who
from referrals.municipality import operations
from referrals.municipality.appointments.models import Appointment
from referrals.municipality.models import Case, MeetingForm
from referrals.municipality.plan.models import LineKind
from referrals.municipality.plan.operations import add_line
from referrals.municipality.setting_up import add_absence
from referrals.ready_texts import operations as ready_texts
from referrals.ready_texts.models import Use
from referrals.statistics.monthly import freeze
from referrals.statistics.publication.operations import publish
from referrals.statistics.report.making import make
from referrals.target_times.operations import add_rule
from servicetray.accounts import kept_forms
from servicetray.accounts.models import SignInSession, User
from servicetray.accounts.organisations import all_organisations
from servicetray.accounts.sign_ins import open_session
from servicetray.core import clock, crypto, outbox
from servicetray.core.db import db, transaction
from servicetray.core.outbox import MessageState
from servicetray.core.periods import Month
from tests.factories import catalogue, events, happenings
from tests.referrals.scenes import user
from themes.directory.desk.scope import add_editor
from themes.feedback.operations import give
from themes.feedback.queries import Topic
from themes.happenings.models import Occurrence
from themes.ptv.operations import start_run
from themes.ptv.sources import SourceKind

BEFORE, MONTH = Month(2025, 11), Month(2025, 12)
"""Those that are frozen, published and reported; the routes are asked about the second."""
OF_OTHERS = dict.fromkeys(("fi", "sv", "en"), "PLACE, UNIT")
TEXTS = {"fi": "Teksti", "sv": "Text", "en": "Text"}


def tray() -> dict[str, object]:
    """Make a service, an event and a group, published."""
    event, channel = happenings.event(), catalogue.channel()
    return {
        "provider": catalogue.provider(),
        "service": catalogue.service("Kuntosali", channel_ids=(channel,)),
        "channel": channel,
        "event": event,
        "tray_group": happenings.group(),
        "guided_path": "nukun-huonosti",
        "path_step": "kauan",
        "programme": "parempi-uni",
        "programme_step": 1,
        "feedback": feedback_given(),
        "event_date": db.session.scalars(
            select(Occurrence.id).where(Occurrence.happening_id == event).order_by(Occurrence.day)
        ).first(),
    }


def of_provider(editor_id: uuid.UUID) -> dict[str, object]:
    """Make a provider that somebody edits for, with a service and an event; and an import's account."""
    now = clock.now()
    provider_id = catalogue.provider("Oman väen yhdistys")
    with transaction():
        add_editor(provider_id, user(editor_id), actor=user(editor_id), now=now)
        run_id = start_run(source_kind=SourceKind.FOLDER, address="/srv/catalogue", now=now).id
    event, channel = happenings.event("Oma ilta", provider_id=provider_id), catalogue.channel()
    return {
        "own_service": catalogue.service("Oma kerho", provider_id=provider_id, channel_ids=(channel,)),
        "own_channel": channel,
        "own_event": event,
        "own_date": db.session.scalars(
            select(Occurrence.id).where(Occurrence.happening_id == event).order_by(Occurrence.day)
        ).first(),
        "import_run": run_id,
    }


def feedback_given() -> uuid.UUID:
    """Give feedback that waits for an editor."""
    with transaction():
        return give(
            topic=Topic.IDEA,
            text="Lisää tansseja.",
            contact="",
            service_id=None,
            language="fi",
            form_key=uuid.uuid4(),
            now=clock.now(),
        ).id


def figures() -> None:
    """Freeze, publish and report two months: a picture needs two points."""
    now = clock.now()
    for month, number in ((BEFORE, 20), (MONTH, 24)):
        events.sent(f"{month}-10 10:00", times=number)
        with transaction():
            freeze(month, now=now)
            publish(month, now=now, threshold=5)
            make(month, now=now)


def of_accounts(users: Mapping[str, User]) -> dict[str, object]:
    """Make a form that waits for its person, and second sign-ins beside those that the matrix uses."""
    now = clock.now()
    ids = {name: person.id for name, person in users.items()}
    with transaction():
        kept = kept_forms.keep(
            user(ids["adviser"]), path="/omat-tiedot", fields=[("language", "fi")], now=now
        )
        for name in ("adviser", "colleague"):
            open_session(user(ids[name]), now=now)
    return {
        "kept_form": kept,
        "sign_in_of_the_adviser": _sign_in(ids["adviser"]),
        "colleague": ids["colleague"],
        "sign_in_of_the_colleague": _sign_in(ids["colleague"]),
        "organisation": all_organisations()[0].id,
    }


def of_sending(users: Mapping[str, User], referral_id: uuid.UUID) -> dict[str, object]:
    """Make a draft of the sender's, and what a client said before anybody took the referral."""
    now, form_key, sender_id = clock.now(), uuid.uuid4(), users["sender"].id
    with transaction():
        drafts.save(form_key, {"phone": ["040"]}, kind_code="exercise", actor=user(sender_id), now=now)
    return {"draft": form_key, "message": _message(referral_id, crypto.COUNTY, None)}


def of_casework(
    users: Mapping[str, User], case_id: uuid.UUID, protected_id: uuid.UUID, code: str
) -> dict[str, object]:
    """Make an appointment, a line of a plan and a client's message of a case."""
    now, adviser_id = clock.now(), users["adviser"].id
    with transaction():
        adviser = user(adviser_id)
        for each in (case_id, protected_id):
            case = db.session.get_one(Case, each)
            operations.schedule(
                case,
                at=now + dt.timedelta(days=3),
                form=MeetingForm.IN_PERSON,
                who=Who.ADVISER,
                actor=adviser,
                now=now,
            )
        case = db.session.get_one(Case, case_id)
        line = add_line(case, kind=LineKind.GOAL, text="Kävelen kauppaan", actor=adviser, now=now).id
        referral_id = case.referral_id
    return {
        "plan_line": line,
        "appointment": _appointment(case_id),
        "protected_appointment": _appointment(protected_id),
        "message_of_the_case": _message(referral_id, crypto.municipality_controller(code), code),
    }


def of_unit(users: Mapping[str, User], unit_id: uuid.UUID, catchment_id: uuid.UUID) -> dict[str, object]:
    """Make what a unit sets up: times, time off, an absence, a ready text, a letter that did not leave."""
    now, lead_id, adviser_id = clock.now(), users["lead"].id, users["adviser"].id
    today = clock.helsinki_day(now)
    hours = Hours(
        weekday=1,
        from_time=dt.time(9),
        until_time=dt.time(11),
        slot_minutes=30,
        capacity=1,
        form=MeetingForm.PHONE,
        place="",
        valid_from=today,
        valid_until=None,
        adviser_id=adviser_id,
    )
    with transaction():
        lead = user(lead_id)
        pattern = publish_pattern(unit_id, hours, actor=lead, now=now)
        off = add_exception(
            unit_id,
            first_day=today + dt.timedelta(days=60),
            last_day=today + dt.timedelta(days=61),
            actor=lead,
            now=now,
        )
        absence = add_absence(
            catchment_id,
            first_day=today + dt.timedelta(days=10),
            last_day=today + dt.timedelta(days=20),
            substitute_id=None,
            actor=lead,
            now=now,
        )
        text = ready_texts.add(
            unit_id=unit_id, kind_code=None, use=Use.NOTE, title=TEXTS, body=TEXTS, position=0
        )
        letter = outbox.enqueue(
            address=user(adviser_id).email,
            template="referral_arrived",
            language="fi",
            context={"reference": "LIK-4F7K2M", "path": "/saapuneet"},
            about="other:1",
            now=now,
        )
        letter.state, letter.last_problem = MessageState.FAILED, "SMTPRecipientsRefused"
        return {
            "weekly_times": pattern.id,
            "time_off": off.id,
            "absence": absence.id,
            "ready_text": text.id,
            "letter": letter.id,
        }


def of_county(users: Mapping[str, User]) -> dict[str, object]:
    """Make targets and a consent text that do not hold yet."""
    now, administrator_id = clock.now(), users["administrator"].id
    day = clock.helsinki_day(now) + dt.timedelta(days=30)
    with transaction():
        administrator = user(administrator_id)
        add_rule(TargetDays(), valid_from=day, actor=administrator, now=now)
        version = consent_texts.add_version(
            "exercise", TEXTS, OF_OTHERS, valid_from=day, actor=administrator, now=now
        )
    reason = db.session.scalars(select(Reason.id).order_by(Reason.id)).first()
    return {"coming_day": day.isoformat(), "coming_text": version, "reason": reason}


def breach_of(referral_id: uuid.UUID) -> uuid.UUID:
    """Return the breach that was opened when a referral was voided."""
    return db.session.scalars(select(Breach.id).where(Breach.referral_id == referral_id)).one()


def _sign_in(user_id: uuid.UUID) -> uuid.UUID:
    return db.session.scalars(select(SignInSession.id).where(SignInSession.user_id == user_id)).one()


def _appointment(case_id: uuid.UUID) -> uuid.UUID:
    return db.session.scalars(select(Appointment.id).where(Appointment.case_id == case_id)).one()


def _message(referral_id: uuid.UUID, controller: str, code: str | None) -> uuid.UUID:
    with transaction():
        keep(referral_id, MessageKind.CALL_AGAIN, Said(), controller=controller, now=clock.now())
    return messages_of(referral_id, municipality_code=code)[0].id
