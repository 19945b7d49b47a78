"""Invented people of the demonstration, at least one for each role, with their secrets in the open."""

import datetime as dt
from dataclasses import dataclass

from referrals.demonstration.units import key
from servicetray.accounts import queries as accounts
from servicetray.accounts.operations import NewGrant, create_user
from servicetray.accounts.permissions import Role

PASSWORD = "joki-virtaa-hiljaa"  # noqa: S105 - of invented people, printed by the demonstration


@dataclass(frozen=True, kw_only=True)
class Person:
    """One account."""

    email: str
    name: str
    title: str
    what: str
    """The role in words, for the list of accounts."""
    grants: tuple[tuple[Role, str | None], ...]
    """Role and unit."""
    totp_secret: str
    phone: str = ""
    language: str = "fi"

    @property
    def unit(self) -> str | None:
        """The unit they work in: that of their first role."""
        return next((unit for _, unit in self.grants if unit), None)


PEOPLE = (
    Person(
        email="sanna.koski@example.org",
        name="Sanna Koski",
        title="sairaanhoitaja",
        what="professional, Koskenranta",
        grants=((Role.PROFESSIONAL, "koskenranta"),),
        totp_secret="KOSKENRANTASANNAKOSKI234",
        phone="040 000 0116",
    ),
    Person(
        email="katja.lahti@example.org",
        name="Katja Lahti",
        title="terveydenhoitaja",
        what="professional, Koskenranta, sees the unit's list",
        grants=((Role.PROFESSIONAL, "koskenranta"),),
        totp_secret="KOSKENRANTAKATJALAHTI234",
        phone="040 000 0119",
    ),
    Person(
        email="henrik.wiik@example.org",
        name="Henrik Wiik",
        title="fysioterapeut",
        what="professional, Swedish",
        grants=((Role.PROFESSIONAL, "merikulma"),),
        totp_secret="MERIKULMAHENRIKWIIK23456",
        phone="040 000 0117",
        language="sv",
    ),
    Person(
        email="laura.niemi@example.org",
        name="Laura Niemi",
        title="sosiaaliohjaaja",
        what="professional, social services",
        grants=((Role.PROFESSIONAL, "aikuissosiaali"),),
        totp_secret="AIKUISSOSIAALILAURANIEMI",
        phone="040 000 0118",
    ),
    Person(
        email="mikko.rantala@example.org",
        name="Mikko Rantala",
        title="liikuntaneuvoja",
        what="adviser, exercise, Kouvola",
        grants=((Role.ADVISER, "kouvola-liikunta"),),
        totp_secret="KOUVOLAMIKKORANTALA23456",
    ),
    Person(
        email="liisa.vuori@example.org",
        name="Liisa Vuori",
        title="liikuntaneuvoja",
        what="adviser, exercise, Kouvola",
        grants=((Role.ADVISER, "kouvola-liikunta"),),
        totp_secret="KOUVOLALIISAVUORI2345672",
    ),
    Person(
        email="jari.satama@example.org",
        name="Jari Satama",
        title="liikuntaneuvoja",
        what="adviser, exercise, Kotka and Pyhtää",
        grants=((Role.ADVISER, "kotka-liikunta"), (Role.ADVISER, "pyhtaa-liikunta")),
        totp_secret="KOTKAJARISATAMA234567234",
    ),
    Person(
        email="eva.strand@example.org",
        name="Eva Strand",
        title="motionsrådgivare",
        what="adviser, exercise, Hamina and coast",
        grants=((Role.ADVISER, "hamina-liikunta"),),
        totp_secret="HAMINAEVASTRAND234567234",
        language="sv",
    ),
    Person(
        email="outi.lehto@example.org",
        name="Outi Lehto",
        title="kulttuurineuvoja",
        what="adviser, culture, Kouvola",
        grants=((Role.ADVISER, "kouvola-kulttuuri"),),
        totp_secret="KULTTUURIOUTILEHTO234567",
    ),
    Person(
        email="pekka.laine@example.org",
        name="Pekka Laine",
        title="kulttuurineuvoja",
        what="adviser, culture, Kotka and Hamina",
        grants=((Role.ADVISER, "kotka-kulttuuri"), (Role.ADVISER, "hamina-kulttuuri")),
        totp_secret="KULTTUURIPEKKALAINE23456",
    ),
    Person(
        email="tiina.harju@example.org",
        name="Tiina Harju",
        title="liikuntapalvelupäällikkö",
        what="municipal lead, Kouvola",
        grants=((Role.MUNICIPAL_LEAD, "kouvola-liikunta"), (Role.MUNICIPAL_LEAD, "kouvola-kulttuuri")),
        totp_secret="KOUVOLATIINAHARJU2345672",
    ),
    Person(
        email="marja.aho@example.org",
        name="Marja Aho",
        title="vapaa-aikajohtaja",
        what="municipal lead, Kotka",
        grants=((Role.MUNICIPAL_LEAD, "kotka-liikunta"), (Role.MUNICIPAL_LEAD, "kotka-kulttuuri")),
        totp_secret="KOTKAMARJAAHO23456723456",
    ),
    Person(
        email="anu.salo@example.org",
        name="Anu Salo",
        title="hyte-koordinaattori",
        what="county coordinator",
        grants=((Role.COORDINATOR, None),),
        totp_secret="KOORDINAATTORIANUSALO234",
    ),
    Person(
        email="ville.kuusi@example.org",
        name="Ville Kuusi",
        title="aluejohtaja",
        what="network partner",
        grants=((Role.NETWORK_PARTNER, None),),
        totp_secret="VERKOSTOVILLEKUUSI234567",
    ),
    Person(
        email="riikka.maki@example.org",
        name="Riikka Mäki",
        title="viestintäasiantuntija",
        what="content editor",
        grants=((Role.CONTENT_EDITOR, None),),
        totp_secret="SISALTORIIKKAMAKI2345672",
    ),
    Person(
        email="kari.jokela@example.org",
        name="Kari Jokela",
        title="toiminnanjohtaja",
        what="provider editor",
        grants=((Role.PROVIDER_EDITOR, None),),
        totp_secret="JARJESTAJAKARIJOKELA2345",
    ),
    Person(
        email="paula.hill@example.org",
        name="Paula Hill",
        title="pääkäyttäjä",
        what="administrator",
        grants=((Role.ADMINISTRATOR, None),),
        totp_secret="PAAKAYTTAJAPAULAHILL2345",
    ),
    Person(
        email="tapio.suoja@example.org",
        name="Tapio Suoja",
        title="tietosuojavastaava",
        what="data protection officer, county",
        grants=((Role.DATA_PROTECTION_OFFICER, "tietosuoja-maakunta"),),
        totp_secret="TIETOSUOJATAPIOSUOJA2345",
    ),
    Person(
        email="helena.turva@example.org",
        name="Helena Turva",
        title="tietosuojavastaava",
        what="data protection officer, Kouvola",
        grants=((Role.DATA_PROTECTION_OFFICER, "tietosuoja-kouvola"),),
        totp_secret="TIETOSUOJAHELENATURVA234",
    ),
)


def load(*, now: dt.datetime) -> int:
    """Add the accounts that are missing; return how many were added."""
    added = 0
    for person in PEOPLE:
        if accounts.user_by_email(person.email) is not None:
            continue
        create_user(
            email=person.email,
            name=person.name,
            title=person.title,
            phone=person.phone,
            language=person.language,
            password=PASSWORD,
            grants=[NewGrant(role=role, unit_id=key(unit) if unit else None) for role, unit in person.grants],
            unit_id=key(person.unit) if person.unit else None,
            totp_secret=person.totp_secret,
            now=now,
        )
        added += 1
    return added
