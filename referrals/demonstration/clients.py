"""Invented clients and what they agreed to."""

import random
from dataclasses import dataclass
from typing import Final

from referrals.consent import Basis, Contact, Giver, Method
from referrals.county.content import ContactPerson, ReferralContent, SenderCard
from referrals.demonstration import words
from referrals.demonstration.planning import Slot
from referrals.moves import ContactChannel, Priority
from referrals.municipality.content import CaseContent

EXERCISE_REASONS: Final = {
    "inactivity": 46,
    "overweight": 30,
    "musculoskeletal": 28,
    "diabetes": 18,
    "blood_pressure": 15,
    "mental_health": 17,
    "own_interest": 14,
    "unemployment": 6,
}
CULTURE_REASONS: Final = {
    "loneliness": 40,
    "mood": 34,
    "participation": 24,
    "life_change": 14,
    "own_interest": 12,
    "memory": 9,
    "unemployment": 7,
}
INTERESTS: Final = ("music", "theatre", "library", "crafts", "museum", "dance", "other", "companion")
AGES: Final = {
    "exercise": (((12, 17), 3), ((18, 29), 13), ((30, 64), 55), ((65, 74), 19), ((75, 91), 10)),
    "culture": (((13, 17), 3), ((18, 29), 16), ((30, 64), 43), ((65, 74), 22), ((75, 90), 16)),
}
MAJORITY: Final = 18
SWEDISH_SHARE: Final = {"286": 0.01, "285": 0.04, "075": 0.04, "624": 0.18, "935": 0.03, "489": 0.0}


@dataclass(frozen=True, kw_only=True)
class Client:
    """One invented client with everything that the form asked."""

    content: ReferralContent
    channels: frozenset[ContactChannel]
    priority: Priority
    text_language: str
    giver: Giver
    basis: Basis | None
    contact: Contact | None
    guardians_may_be_told: bool | None
    method: Method
    feedback: bool
    follow_up: bool
    transfer: bool


def invent(slot: Slot, sender: SenderCard, rng: random.Random) -> Client:
    """Make up the client of a referral."""
    swedish = rng.random() < SWEDISH_SHARE[slot.municipality]
    first_names = words.SWEDISH_FIRST_NAMES if swedish else words.FIRST_NAMES
    last_names = words.SWEDISH_LAST_NAMES if swedish else words.LAST_NAMES
    span = rng.choices([span for span, _ in AGES[slot.kind]], [share for _, share in AGES[slot.kind]])[0]
    age = rng.randint(*span)
    minor = age < MAJORITY
    channels = _channels(rng)
    guardian = minor and rng.random() < 0.6  # noqa: PLR2004 - a share
    last_name = rng.choice(last_names)
    wishes = words.SWEDISH_WISHES if swedish else words.WISHES[slot.kind]
    content = ReferralContent(
        first_name=rng.choice(first_names),
        last_name=last_name,
        birth_year=slot.day.year - age,
        phone=f"040 000 {rng.randint(1000, 9999)}",
        email=f"asiakas.{rng.randint(100, 999)}@example.org" if ContactChannel.EMAIL in channels else "",
        address=(
            f"{rng.choice(words.STREETS)} {rng.randint(1, 60)}" if ContactChannel.LETTER in channels else ""
        ),
        contact_person=(
            ContactPerson(
                name=f"{rng.choice(first_names)} {last_name}",
                relation="huoltaja",
                phone=f"040 000 {rng.randint(1000, 9999)}",
            )
            if guardian
            else None
        ),
        best_time=rng.choice(words.BEST_TIMES),
        language="sv" if swedish else "fi",
        interpreter=rng.choice(words.INTERPRETERS) if not swedish and rng.random() < 0.03 else "",  # noqa: PLR2004 - a share
        reasons=_reasons(slot.kind, rng),
        interests=tuple(sorted(rng.sample(INTERESTS, rng.randint(1, 3)))) if slot.kind == "culture" else (),
        own_wish=rng.choice(wishes),
        what_to_heed=rng.choice(words.HEEDED),
        sender=sender,
    )
    return Client(
        content=content,
        channels=channels,
        priority=Priority.SOON if rng.random() < 0.06 else Priority.NORMAL,  # noqa: PLR2004 - a share
        text_language="sv" if swedish else "fi",
        giver=Giver.GUARDIAN if guardian else Giver.CLIENT,
        basis=(Basis.CUSTODY if guardian else Basis.UNDERSTANDS) if minor else None,
        contact=(Contact.GUARDIAN if guardian else Contact.CLIENT) if minor else None,
        guardians_may_be_told=guardian if minor else None,
        method=Method.ORAL if rng.random() < 0.9 else Method.WRITTEN,  # noqa: PLR2004 - a share
        feedback=rng.random() < 0.86,  # noqa: PLR2004 - a share
        follow_up=rng.random() < 0.6,  # noqa: PLR2004 - a share
        transfer=rng.random() < 0.45,  # noqa: PLR2004 - a share
    )


def copied(client: Client) -> CaseContent:
    """Return what acceptance copies of a client."""
    content = client.content
    person = content.contact_person
    return CaseContent(
        **content.model_dump(exclude={"contact_person", "sender"}),
        contact_person=f"{person.name} ({person.relation}), {person.phone}" if person else "",
        sender=", ".join(filter(None, (content.sender.name, content.sender.title))),
        sender_unit=content.sender.unit,
        sender_phone=content.sender.phone,
        channels=tuple(sorted(client.channels)),
        feedback=client.feedback,
        follow_up=client.follow_up,
        transfer=client.transfer,
    )


def _channels(rng: random.Random) -> frozenset[ContactChannel]:
    chosen = {ContactChannel.PHONE}
    for channel, share in (
        (ContactChannel.TEXT_MESSAGE, 0.5),
        (ContactChannel.EMAIL, 0.22),
        (ContactChannel.LETTER, 0.04),
    ):
        if rng.random() < share:
            chosen.add(channel)
    return frozenset(chosen)


def _reasons(kind: str, rng: random.Random) -> tuple[str, ...]:
    if rng.random() < 0.03:  # noqa: PLR2004 - a share
        return ("unspecified",)
    weights = EXERCISE_REASONS if kind == "exercise" else CULTURE_REASONS
    drawn = rng.choices(list(weights), list(weights.values()), k=rng.choice((1, 1, 2, 2, 3)))
    return tuple(code for code in weights if code in drawn)
