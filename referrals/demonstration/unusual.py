"""Scenes of clients for whom something is different, and of what went wrong: as in ``scenes``."""

from collections.abc import Callable
from typing import Final

from referrals import handover
from referrals.breaches import operations as breaches
from referrals.breaches.models import BreachRisk
from referrals.consent import Basis, Contact, Giver
from referrals.county.content import ContactPerson
from referrals.demonstration.stage import (
    COUNTY_OFFICER,
    EVA,
    LAURA,
    MIKKO,
    SANNA,
    TOWN_OFFICER,
    Invented,
    Scene,
    Stage,
)
from referrals.log_report.scope import Reach
from referrals.moves import ContactChannel, Outcome, Side, VoidReason, Who
from referrals.rights import operations as rights
from referrals.rights.records import COUNTY_HOLDER, record_of

LEGAL_CLAIM: Final = (
    "Asiakas on pyytänyt selvitystä. Säilytetään, kunnes se on annettu. (Keksitty esimerkki.)"
)


# ------------------------------------------------------------------------------- who they are


def protected(stage: Stage) -> Scene:
    """Known to the handler alone."""
    yield stage.at(4, 14)
    sent = stage.send(
        Invented(first_name="Elli", last_name="Sammalisto", birth_year=1985, protected=True), by=SANNA
    )
    yield stage.at(3, 9, 30)
    stage.call(stage.accept(sent), note="Sovimme, että soitan aina samaan aikaan.")


def with_guardian(stage: Stage) -> Scene:
    """Under 18: the guardian is called first, and is told."""
    guardian = ContactPerson(name="Virpi Kanervala", relation="äiti", phone="040 000 0173")
    yield stage.at(4, 12)
    sent = stage.send(
        Invented(
            first_name="Aada",
            last_name="Kanervala",
            birth_year=stage.today.year - 13,
            phone="",
            own_wish="Haluaisin kokeilla tanssia, ei kilpailuja.",
            contact_person=guardian,
            giver=Giver.GUARDIAN,
            basis=Basis.CUSTODY,
            contact=Contact.GUARDIAN,
            guardians_may_be_told=True,
            channels=frozenset({ContactChannel.CONTACT_PERSON}),
        )
    )
    yield stage.at(2, 13)
    case = stage.accept(sent)
    stage.call(case, channel=ContactChannel.CONTACT_PERSON, note="Äiti soittaa, kun Aada on koulusta kotona.")


def with_representative(stage: Stage) -> Scene:
    """An adult for whom somebody else decides."""
    son = ContactPerson(
        name="Antti Ruisniitty", relation="poika, edunvalvontavaltuutettu", phone="040 000 0174"
    )
    yield stage.at(2, 10, 30)
    stage.send(
        Invented(
            first_name="Lempi",
            last_name="Ruisniitty",
            birth_year=1938,
            phone="",
            what_to_heed="Muistaa vanhat laulut, uudet asiat unohtuvat. Poika tulee mukaan.",
            contact_person=son,
            giver=Giver.REPRESENTATIVE,
            basis=Basis.CONTINUING_POWER,
            contact=Contact.REPRESENTATIVE,
            channels=frozenset({ContactChannel.CONTACT_PERSON}),
        )
    )


def from_elsewhere(stage: Stage) -> Scene:
    """Lives in Kotka, spends the week in Hamina, where others are welcome too."""
    yield stage.at(3, 15)
    sent = stage.send(
        Invented(first_name="Oskari", last_name="Salmivuo", birth_year=1991, home_municipality="285"),
        by=LAURA,
        to="075",
    )
    yield stage.at(2, 9)
    stage.accept(sent, by=EVA)


# ---------------------------------------------------------------------------- what went wrong


def breach_open(stage: Stage) -> Scene:
    """Went to the wrong municipality yesterday; nobody has judged the risk yet."""
    yield stage.at(2, 16)
    sent = stage.send(Invented(first_name="Kimmo", last_name="Louhivuo", birth_year=1977))
    yield stage.at(1, 8, 40)
    handover.void(
        stage.referral(sent),
        reason=VoidReason.WRONG_RECIPIENT,
        who=Who.SENDER,
        actor=stage.person(SANNA),
        now=stage.now,
    )


def breach_closed(stage: Stage) -> Scene:
    """Was about the wrong person: judged, told, and closed; the municipality has still to release it."""
    yield stage.at(12, 10)
    sent = stage.send(Invented(first_name="Satu", last_name="Aaltovirta", birth_year=1990))
    yield stage.at(11, 9)
    stage.accept(sent)
    yield stage.at(10, 12)
    found = handover.void(
        stage.referral(sent),
        reason=VoidReason.WRONG_PERSON,
        who=Who.SENDER,
        actor=stage.person(SANNA),
        now=stage.now,
    )
    assert found is not None
    yield stage.at(9, 10)
    officer = stage.person(COUNTY_OFFICER)
    text = (
        "Lähete kirjoitettiin saman nimisestä väärästä ihmisestä. Neuvoja huomasi sen ensimmäisessä "
        "puhelussa. Lähete piilotettiin heti, ja asiakkaalle kerrottiin. (Keksitty esimerkki.)"
    )
    breaches.assess(found, risk=BreachRisk.RISK, text=text, actor=officer, now=stage.now)
    breaches.note_notified(found, at=stage.now, actor=officer, now=stage.now)
    breaches.note_client_told(found, at=stage.now, actor=officer, now=stage.now)
    yield stage.at(8, 15)
    breaches.close(found, actor=officer, now=stage.now)
    handover.release_erasure(stage.referral(sent), side=Side.COUNTY, actor=officer, now=stage.now)


def held(stage: Stage) -> Scene:
    """Ended, and kept from being erased on both sides."""
    yield stage.at(14, 10)
    sent = stage.send(Invented(first_name="Orvokki", last_name="Leppäsuo", birth_year=1956))
    yield stage.at(13, 9)
    case = stage.accept(sent)
    stage.call(case)
    stage.start(case)
    yield stage.at(6, 10)
    handover.hold_cases(sent)
    handover.close(case, outcome=Outcome.COMPLETED, who=Who.ADVISER, actor=stage.person(MIKKO), now=stage.now)
    yield stage.at(4, 9)
    for officer, holder, reach in (
        (COUNTY_OFFICER, COUNTY_HOLDER, Reach(county=True, municipalities=frozenset())),
        (TOWN_OFFICER, "286", Reach(county=False, municipalities=frozenset({"286"}))),
    ):
        record = record_of(sent, holder, reach=reach, lock=True)
        rights.hold(record, reason=LEGAL_CLAIM, actor=stage.person(officer), now=stage.now)


SCENES: Final[tuple[Callable[[Stage], Scene], ...]] = (
    protected,
    with_guardian,
    with_representative,
    from_elsewhere,
    breach_open,
    breach_closed,
    held,
)
