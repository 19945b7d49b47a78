"""Invented meetings of the network: two that were held, with news and minutes, and one to come; each says so."""

import datetime as dt
from dataclasses import dataclass, field

from referrals.meetings import operations, queries
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.core import clock
from servicetray.core.db import db

INVENTED = "(Esittelyaineistoa, keksitty.)"
COORDINATOR, KOUVOLA_LEAD, KOTKA_LEAD = (
    "anu.salo@example.org",
    "tiina.harju@example.org",
    "marja.aho@example.org",
)
CALLED_BEFORE = dt.timedelta(days=21)


@dataclass(frozen=True, kw_only=True)
class Invented:
    """A meeting so many days from today, and what is written in it."""

    days: int
    place: str
    agenda: str
    minutes: str = ""
    news: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By municipality: who writes, and what."""


MEETINGS = (
    Invented(
        days=-153,
        place="Kouvolan kaupungintalo",
        agenda="Kevään luvut\nKuntien kuulumiset\nSyksyn ryhmät",
        minutes="Käytiin läpi kevään lähetteet ja odotusajat.\nSovittiin, että kunnat kertovat ryhmistään "
        "palvelutarjottimessa viimeistään elokuussa.",
        news={"286": (KOUVOLA_LEAD, "Tasapainoryhmä sai toisen ohjaajan.")},
    ),
    Invented(
        days=-62,
        place="Etänä",
        agenda="Luvut edellisen kokouksen jälkeen\nMyöhässä olevat lähetteet\nKuntien kuulumiset",
        minutes="Todettiin, että lähetteet otetaan vastaan aiempaa nopeammin.\nKotka kertoo seuraavassa "
        "kokouksessa puhelinneuvonnan kokeilusta.",
        news={
            "286": (KOUVOLA_LEAD, "Uimahalli avasi aamuvuoron neuvonnan asiakkaille."),
            "285": (KOTKA_LEAD, "Kokeilemme neuvontaa puhelimitse torstaisin."),
        },
    ),
    Invented(
        days=24,
        place="Kotkan kaupunginkirjasto",
        agenda="Luvut edellisen kokouksen jälkeen\nKokemukset puhelinneuvonnasta\nKevään kokoukset",
        news={"285": (KOTKA_LEAD, "Puhelinneuvonta jatkuu, esittelemme tulokset kokouksessa.")},
    ),
)


def load(*, now: dt.datetime) -> None:
    """Add the meetings where there are none yet; the operations are those of the pages."""
    if queries.meetings():
        return
    for each in MEETINGS:
        _hold(each, now=now)


def _hold(it: Invented, *, now: dt.datetime) -> None:
    day = clock.next_working_day(clock.helsinki_day(now) + dt.timedelta(days=it.days))
    at = clock.day_start(day) + dt.timedelta(hours=13)
    called_at = min(now, at) - CALLED_BEFORE
    made = operations.call(
        at=at,
        place=it.place,
        agenda=f"{it.agenda}\n{INVENTED}",
        actor=_person(COORDINATOR),
        now=called_at,
    )
    for code, (writer, text) in it.news.items():
        operations.write_news(
            made.id,
            municipality_code=code,
            seen=0,
            text=f"{text} {INVENTED}",
            actor=_person(writer),
            now=called_at + dt.timedelta(days=7),
        )
    if it.minutes:
        operations.write_minutes(
            made.id,
            seen=0,
            text=f"{it.minutes}\n{INVENTED}",
            actor=_person(COORDINATOR),
            now=at + dt.timedelta(hours=3),
        )
    db.session.flush()


def _person(email: str) -> User:
    found = accounts.user_by_email(email)
    if found is None:
        raise LookupError(email)
    return found
