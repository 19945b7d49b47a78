"""What happens beside the ordinary course: one invented client for each thing that the pages can show.

Each scene is a generator: it yields a time, and what follows is done then, by the operations of the pages.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from referrals import handover
from referrals.client import codes
from referrals.client import operations as client
from referrals.client.labels import CallTime
from referrals.client.models import MessageKind
from referrals.county.content import SenderCard
from referrals.county.models import Origin
from referrals.demonstration import unusual
from referrals.demonstration.planning import COUNTED_TO
from referrals.demonstration.stage import (
    JARI,
    LAURA,
    LIISA,
    MIKKO,
    OUTI,
    SANNA,
    Invented,
    Scene,
    Stage,
    play,
)
from referrals.demonstration.units import WINDOWS
from referrals.moves import Who
from referrals.municipality import operations as municipality
from referrals.municipality.models import AttemptResult, MeetingForm
from servicetray.core import clock

EARLIEST: Final = 15
"""Working days ago: nothing of these scenes is older."""


def load(*, now: dt.datetime) -> None:
    """Play every scene, in the transaction of the caller; nothing is added to the days whose counts were published."""
    if clock.add_working_days(clock.helsinki_day(now), -EARLIEST) > COUNTED_TO:
        play((*SCENES, *unusual.SCENES), now=now)


# ------------------------------------------------------------------------- questions and answers


def question_waits(stage: Stage) -> Scene:
    """An adviser has asked, and nobody has answered yet."""
    yield stage.at(3, 10)
    sent = stage.send(Invented(first_name="Ahti", last_name="Kaislaranta", birth_year=1957))
    yield stage.at(1, 9, 15)
    question = "Puhelimeen ei vastata. Onko numero oikein, ja mihin aikaan hän on kotona?"
    handover.ask(stage.referral(sent), question=question, actor=stage.person(MIKKO), now=stage.now)


def question_was_answered(stage: Stage) -> Scene:
    """The sender has answered, and the work goes on."""
    yield stage.at(6, 13)
    sent = stage.send(Invented(first_name="Helvi", last_name="Otavaara", birth_year=1949))
    yield stage.at(5, 9)
    case = stage.accept(sent)
    question = "Pääseekö hän portaita? Ryhmän sali on toisessa kerroksessa, eikä hissiä ole."
    asked = handover.ask(stage.referral(sent), question=question, actor=stage.person(MIKKO), now=stage.now)
    yield stage.at(4, 11)
    handover.answer(
        asked.id,
        text="Pääsee, kun saa mennä rauhassa ja kaide on oikealla.",
        actor=stage.person(SANNA),
        now=stage.now,
    )
    yield stage.at(3, 14)
    stage.call(case, note="Ilahtui soitosta. Tulee mielellään ryhmään.")


# ----------------------------------------------------------------------------------- transfers


def offered_here(stage: Stage) -> Scene:
    """Kotka offers a client who is moving to Kouvola."""
    yield stage.at(4, 9)
    moving = Invented(first_name="Tuula", last_name="Pajukari", birth_year=1971, transfer=True)
    sent = stage.send(moving, by=LAURA, to="285")
    yield stage.at(2, 10)
    handover.offer_transfer(
        stage.referral(sent),
        to_catchment_id=_place("286"),
        who=Who.ADVISER,
        actor=stage.person(JARI),
        now=stage.now,
    )


def taken_elsewhere(stage: Stage) -> Scene:
    """Kouvola offered, and Kotka took."""
    yield stage.at(9, 9)
    moving = Invented(first_name="Ilmari", last_name="Harjulampi", birth_year=1988, transfer=True)
    sent = stage.send(moving)
    yield stage.at(8, 10)
    case = stage.accept(sent)
    stage.call(case, note="Muuttaa kuun lopussa Kotkaan.")
    yield stage.at(7, 12)
    offer = handover.offer_transfer(
        stage.referral(sent),
        to_catchment_id=_place("285"),
        who=Who.ADVISER,
        actor=stage.person(MIKKO),
        now=stage.now,
    )
    yield stage.at(6, 9, 30)
    handover.accept_offer(offer.id, who=Who.ADVISER, actor=stage.person(JARI), now=stage.now)


# --------------------------------------------------------------------------- the client's words


def client_claims_a_number(stage: Stage) -> Scene:
    """Called in vain; the client asks for another call, at another number."""
    yield stage.at(5, 10)
    sent = stage.send(Invented(first_name="Marketta", last_name="Lumiaho", birth_year=1962))
    codes.make_code(sent, actor=stage.person(SANNA), now=stage.now)
    yield stage.at(3, 9)
    case = stage.accept(sent)
    stage.call(case, result=AttemptResult.NO_ANSWER, note="Ei vastannut, jätin soittopyynnön.")
    yield stage.at(2, 15)
    stage.says(sent, MessageKind.CALL_AGAIN, best_time=CallTime.AFTERNOON)
    stage.says(sent, MessageKind.NEW_NUMBER, phone="040 000 0172")


def client_tells_a_time(stage: Stage) -> Scene:
    """Waits to be taken, and tells when to call."""
    yield stage.at(2, 11)
    sent = stage.send(Invented(first_name="Jorma", last_name="Suoranta", birth_year=1954))
    yield stage.at(1, 18)
    stage.says(sent, MessageKind.BEST_TIME, best_time=CallTime.MORNING)


def client_needs_no_more(stage: Stage) -> Scene:
    """Has found company already."""
    yield stage.at(6, 10)
    sent = stage.send(
        Invented(
            first_name="Anneli",
            last_name="Vainiola",
            birth_year=1946,
            reasons=("loneliness",),
            interests=("music", "companion"),
        ),
        kind="culture",
    )
    yield stage.at(4, 10)
    stage.accept(sent, by=OUTI)
    yield stage.at(1, 12)
    stage.says(sent, MessageKind.NO_LONGER_NEEDED)


def client_withdrew(stage: Stage) -> Scene:
    """Took the permission back by their own hand."""
    yield stage.at(5, 12)
    sent = stage.send(Invented(first_name="Reijo", last_name="Tervakoski", birth_year=1979))
    yield stage.at(4, 9)
    stage.accept(sent, by=LIISA)
    yield stage.at(1, 19)
    client.withdraw(sent, now=stage.now)


def resident_asks(stage: Stage) -> Scene:
    """Asks for contact without a professional."""
    yield stage.at(1, 16)
    stage.send(
        Invented(
            first_name="Kerttu",
            last_name="Mustikkaharju",
            birth_year=1968,
            reasons=("unspecified",),
            own_wish="Haluaisin aloittaa kävelyn, mutta en yksin.",
        ),
        by=None,
        origin=Origin.RESIDENT,
    )


# --------------------------------------------------------------------------------- there and back


def returned(stage: Stage) -> Scene:
    """Came back to its sender, who has not looked yet; the letter about it was refused."""
    yield stage.at(4, 10)
    sent = stage.send(
        Invented(first_name="Pauli", last_name="Hietaniitty", birth_year=1974, phone="040 000 0175")
    )
    yield stage.at(2, 11)
    handover.give_back(
        stage.referral(sent),
        reason="contact_details_missing",
        who=Who.ADVISER,
        actor=stage.person(MIKKO),
        now=stage.now,
    )
    stage.refused.append(sent)


def sent_again(stage: Stage) -> Scene:
    """Came back, was mended, and waits again."""
    yield stage.at(7, 10)
    who = Invented(first_name="Raili", last_name="Koivusuo", birth_year=1959)
    sent = stage.send(who)
    yield stage.at(5, 9)
    handover.give_back(
        stage.referral(sent),
        reason="contact_details_missing",
        who=Who.ADVISER,
        actor=stage.person(MIKKO),
        now=stage.now,
    )
    yield stage.at(2, 12)
    stage.send_again(sent, replace(who, phone="040 000 0176"))


def stop_was_asked(stage: Stage) -> Scene:
    """The sender has heard that the client has changed their mind."""
    yield stage.at(8, 9)
    sent = stage.send(Invented(first_name="Eino", last_name="Kuusivaara", birth_year=1966))
    yield stage.at(6, 10)
    case = stage.accept(sent)
    stage.call(case)
    yield stage.at(1, 14)
    handover.request_stop(stage.referral(sent), actor=stage.person(SANNA), now=stage.now)


def waits(stage: Stage) -> Scene:
    """In a pause until a day."""
    yield stage.at(9, 11)
    sent = stage.send(Invented(first_name="Sylvi", last_name="Tuomiharju", birth_year=1952))
    yield stage.at(7, 9)
    case = stage.accept(sent)
    stage.call(case, note="Polvi leikataan ensi viikolla, soitan kuukauden päästä.")
    municipality.wait(
        case,
        reason="client_asked",
        review_on=clock.next_working_day(stage.today + dt.timedelta(days=30)),
        who=Who.ADVISER,
        actor=stage.person(MIKKO),
        now=stage.now,
    )


def from_paper(stage: Stage) -> Scene:
    """Was written while the network was away, and entered by the adviser."""
    yield stage.at(2, 14)
    card = SenderCard(
        name="Maarit Hiekkala", title="terveydenhoitaja", unit="Rannikon sote-asema", phone="040 000 0115"
    )
    stage.send(
        Invented(first_name="Vieno", last_name="Ilvesoja", birth_year=1944),
        by=MIKKO,
        origin=Origin.PAPER,
        written_on=clock.helsinki_day(stage.at(4, 10)),
        written_by=card,
    )


def practice(stage: Stage) -> Scene:
    """Two clients for training: one waits, one is in counselling."""
    yield stage.at(2, 9)
    stage.send(Invented(first_name="Harri", last_name="Harjoitus", birth_year=1960), practice=True)
    sent = stage.send(Invented(first_name="Hilja", last_name="Harjoitus", birth_year=1982), practice=True)
    yield stage.at(1, 10)
    case = stage.accept(sent)
    stage.call(case)
    municipality.schedule(
        case,
        at=stage.now + dt.timedelta(days=6),
        form=MeetingForm.IN_PERSON,
        who=Who.ADVISER,
        actor=stage.person(MIKKO),
        now=stage.now,
    )


def _place(municipality_code: str) -> uuid.UUID:
    return next(
        each.id
        for each in WINDOWS
        if (each.kind, each.municipality, each.closes_on) == ("exercise", municipality_code, None)
    )


SCENES: Final[tuple[Callable[[Stage], Scene], ...]] = (
    question_waits,
    question_was_answered,
    offered_here,
    taken_elsewhere,
    client_claims_a_number,
    client_tells_a_time,
    client_needs_no_more,
    client_withdrew,
    resident_asks,
    returned,
    sent_again,
    stop_was_asked,
    waits,
    from_paper,
    practice,
)
