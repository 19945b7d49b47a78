"""Invented units of the demonstration, and the windows in which counselling takes referrals.

The windows are those of the pilots: exercise from 1.9.2023 in all six municipalities, culture by
municipality. What goes on past a pilot's end does so only here, and says so in the data.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from referrals.municipality.routing import add_absence, has_absence, open_catchment
from servicetray.accounts import queries as accounts
from servicetray.accounts.operations import create_unit
from servicetray.accounts.queries import UnitKind
from servicetray.core.db import Texts

NAMESPACE = uuid.UUID("6d1f0c52-7b0e-5c7e-9d53-0d9a6a1c7e10")


def key(name: str) -> uuid.UUID:
    """Return the fixed id of a demonstration row."""
    return uuid.uuid5(NAMESPACE, name)


@dataclass(frozen=True, kw_only=True)
class SendingUnit:
    """A unit of the county that sends referrals."""

    name: str
    texts: Texts
    service_area: str
    municipality: str
    phone: str
    weight: int
    """How many of a hundred referrals come from here."""
    shared_list: bool = False
    """Whether its people see each other's referrals."""


@dataclass(frozen=True, kw_only=True)
class CounsellingUnit:
    """A unit of a municipality that takes them."""

    name: str
    texts: Texts
    municipality: str
    phone: str
    mailbox: str


SENDING = (
    SendingUnit(
        name="koskenranta",
        texts={"fi": "Koskenrannan sote-asema", "sv": "Koskenranta social- och hälsostation"},
        service_area="vastaanottopalvelut",
        municipality="286",
        phone="040 000 0110",
        weight=34,
        shared_list=True,
    ),
    SendingUnit(
        name="merikulma",
        texts={"fi": "Merikulman sote-asema", "sv": "Merikulma social- och hälsostation"},
        service_area="vastaanottopalvelut",
        municipality="285",
        phone="040 000 0111",
        weight=26,
    ),
    SendingUnit(
        name="kuntoutus",
        texts={"fi": "Kymen kuntoutuspalvelut", "sv": "Kymmene rehabiliteringstjänster"},
        service_area="kuntoutus",
        municipality="286",
        phone="040 000 0112",
        weight=14,
    ),
    SendingUnit(
        name="aikuissosiaali",
        texts={"fi": "Aikuissosiaalityö, etelä", "sv": "Vuxensocialarbete, söder"},
        service_area="sosiaalipalvelut",
        municipality="285",
        phone="040 000 0113",
        weight=9,
    ),
    SendingUnit(
        name="mielenterveys",
        texts={"fi": "Mielenterveyspalvelut, Satakielentie", "sv": "Mentalvårdstjänster, Satakielentie"},
        service_area="mielenterveys- ja päihdepalvelut",
        municipality="286",
        phone="040 000 0114",
        weight=9,
    ),
    SendingUnit(
        name="rannikko",
        texts={"fi": "Rannikon sote-asema", "sv": "Kustens social- och hälsostation"},
        service_area="ikääntyneiden palvelut",
        municipality="075",
        phone="040 000 0115",
        weight=8,
    ),
)

COUNSELLING = (
    CounsellingUnit(
        name="kouvola-liikunta",
        texts={"fi": "Kouvolan liikuntaneuvonta", "sv": "Motionsrådgivningen i Kouvola"},
        municipality="286",
        phone="040 000 0130",
        mailbox="liikuntaneuvonta.kouvola@example.org",
    ),
    CounsellingUnit(
        name="kotka-liikunta",
        texts={"fi": "Kotkan liikuntaneuvonta", "sv": "Motionsrådgivningen i Kotka"},
        municipality="285",
        phone="040 000 0131",
        mailbox="liikuntaneuvonta.kotka@example.org",
    ),
    CounsellingUnit(
        name="hamina-liikunta",
        texts={"fi": "Haminan seudun liikuntaneuvonta", "sv": "Motionsrådgivningen i Fredrikshamnsregionen"},
        municipality="075",
        phone="040 000 0132",
        mailbox="liikuntaneuvonta.hamina@example.org",
    ),
    CounsellingUnit(
        name="pyhtaa-liikunta",
        texts={"fi": "Pyhtään liikuntaneuvonta", "sv": "Motionsrådgivningen i Pyttis"},
        municipality="624",
        phone="040 000 0133",
        mailbox="liikuntaneuvonta.pyhtaa@example.org",
    ),
    CounsellingUnit(
        name="kouvola-kulttuuri",
        texts={"fi": "Kouvolan kulttuurineuvonta", "sv": "Kulturrådgivningen i Kouvola"},
        municipality="286",
        phone="040 000 0140",
        mailbox="kulttuurineuvonta.kouvola@example.org",
    ),
    CounsellingUnit(
        name="kotka-kulttuuri",
        texts={"fi": "Kotkan kulttuurineuvonta", "sv": "Kulturrådgivningen i Kotka"},
        municipality="285",
        phone="040 000 0141",
        mailbox="kulttuurineuvonta.kotka@example.org",
    ),
    CounsellingUnit(
        name="hamina-kulttuuri",
        texts={"fi": "Haminan kulttuurineuvonta", "sv": "Kulturrådgivningen i Fredrikshamn"},
        municipality="075",
        phone="040 000 0142",
        mailbox="kulttuurineuvonta.hamina@example.org",
    ),
)


OFFICES: dict[str, tuple[Texts, str | None]] = {
    "tietosuoja-maakunta": ({"fi": "Hyvinvointialueen tietosuoja", "sv": "Välfärdsområdets dataskydd"}, None),
    "tietosuoja-kouvola": ({"fi": "Kouvolan tietosuoja", "sv": "Dataskyddet i Kouvola"}, "286"),
}
"""Where the data protection officers work: name and municipality, None for the county."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """When a unit takes a municipality's referrals of a kind."""

    kind: str
    municipality: str
    unit: str
    opens_on: dt.date
    closes_on: dt.date | None = None
    continued: bool = False
    languages: tuple[str, ...] = ("fi",)
    takes_non_residents: bool = False
    usual_wait_days: int

    @property
    def id(self) -> uuid.UUID:
        """The catchment's fixed id."""
        return key(f"catchment:{self.kind}:{self.municipality}:{self.opens_on}")


_EXERCISE = dt.date(2023, 9, 1)

WINDOWS = (
    Window(
        kind="exercise", municipality="286", unit="kouvola-liikunta", opens_on=_EXERCISE, usual_wait_days=6
    ),
    Window(
        kind="exercise",
        municipality="285",
        unit="kotka-liikunta",
        opens_on=_EXERCISE,
        languages=("fi", "sv"),
        usual_wait_days=8,
    ),
    Window(
        kind="exercise",
        municipality="075",
        unit="hamina-liikunta",
        opens_on=_EXERCISE,
        languages=("fi", "sv"),
        takes_non_residents=True,
        usual_wait_days=4,
    ),
    Window(
        kind="exercise",
        municipality="624",
        unit="pyhtaa-liikunta",
        opens_on=_EXERCISE,
        languages=("fi", "sv"),
        usual_wait_days=5,
    ),
    Window(
        kind="exercise", municipality="935", unit="hamina-liikunta", opens_on=_EXERCISE, usual_wait_days=3
    ),
    Window(
        kind="exercise", municipality="489", unit="hamina-liikunta", opens_on=_EXERCISE, usual_wait_days=5
    ),
    Window(
        kind="culture",
        municipality="286",
        unit="kouvola-kulttuuri",
        opens_on=dt.date(2024, 4, 2),
        closes_on=dt.date(2025, 2, 15),
        usual_wait_days=5,
    ),
    Window(
        kind="culture",
        municipality="286",
        unit="kouvola-kulttuuri",
        opens_on=dt.date(2025, 2, 16),
        continued=True,
        usual_wait_days=5,
    ),
    Window(
        kind="culture",
        municipality="075",
        unit="hamina-kulttuuri",
        opens_on=dt.date(2024, 5, 2),
        closes_on=dt.date(2025, 2, 15),
        usual_wait_days=4,
    ),
    Window(
        kind="culture",
        municipality="075",
        unit="hamina-kulttuuri",
        opens_on=dt.date(2025, 2, 16),
        continued=True,
        usual_wait_days=4,
    ),
    Window(
        kind="culture",
        municipality="285",
        unit="kotka-kulttuuri",
        opens_on=dt.date(2024, 10, 9),
        closes_on=dt.date(2024, 12, 31),
        usual_wait_days=7,
    ),
    Window(
        kind="culture",
        municipality="285",
        unit="kotka-kulttuuri",
        opens_on=dt.date(2025, 1, 1),
        continued=True,
        usual_wait_days=7,
    ),
)


def load(*, today: dt.date) -> None:
    """Add the units, catchments and an absence that are missing."""
    for sending in SENDING:
        if accounts.unit(key(sending.name)) is None:
            made = create_unit(
                unit_id=key(sending.name),
                kind=UnitKind.SENDING,
                name=sending.texts,
                service_area=sending.service_area,
                municipality_code=sending.municipality,
                phone=sending.phone,
            )
            made.shared_list = sending.shared_list
    for counselling in COUNSELLING:
        if accounts.unit(key(counselling.name)) is None:
            create_unit(
                unit_id=key(counselling.name),
                kind=UnitKind.COUNSELLING,
                name=counselling.texts,
                municipality_code=counselling.municipality,
                phone=counselling.phone,
                mailbox=counselling.mailbox,
            )
    for name, (texts, municipality) in OFFICES.items():
        if accounts.unit(key(name)) is None:
            create_unit(unit_id=key(name), kind=UnitKind.OFFICE, name=texts, municipality_code=municipality)
    for window in WINDOWS:
        open_catchment(
            catchment_id=window.id,
            unit_id=key(window.unit),
            municipality_code=window.municipality,
            kind_code=window.kind,
            opens_on=window.opens_on,
            closes_on=window.closes_on,
            languages=window.languages,
            takes_non_residents=window.takes_non_residents,
            usual_wait_days=window.usual_wait_days,
            continued_as_demonstration=window.continued,
        )
    _miehikkala_is_away(today)


def _miehikkala_is_away(today: dt.date) -> None:
    # So that the form has an absence to tell of: from the Monday before to three weeks on.
    catchment_id = next(w.id for w in WINDOWS if w.kind == "exercise" and w.municipality == "489")
    if not has_absence(catchment_id):
        monday = today - dt.timedelta(days=today.weekday())
        add_absence(catchment_id, first_day=monday, last_day=monday + dt.timedelta(days=20))
