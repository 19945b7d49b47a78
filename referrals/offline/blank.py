"""The blank form of a kind: the fields of the true form, in Finnish and Swedish beside each other.

Labels, hints and choices are read from ``ReferralForm`` itself, so that what is asked on paper is what has to be
typed later. What a screen alone needs is named in ``NOT_ON_PAPER``: a field that is in neither is an error.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from referrals.county import consent_texts
from referrals.county import queries as county
from referrals.county.queries import ConsentText
from referrals.county.sending.fields import AnyOf, OneInList, OneOf, TextBox
from referrals.county.sending.forms import Offer, ReferralForm
from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.municipality import queries as municipality
from servicetray.accounts import queries as accounts
from servicetray.core.db import Texts, in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text

LANGUAGES = ("fi", "sv")
"""Of the paper: the two that the county serves in."""

NOT_ON_PAPER = frozenset(
    {
        # Of one showing of the form on a screen.
        "csrf_token",
        "form_key",
        "owner",
        "practice",
        "invented",
        "more_times",
        "send_anyway",
        "read_for",
        # The text is printed, with its version.
        "text_language",
        "text_version",
        # Both ask the service something that it can't answer while it is down.
        "card_code",
        "call_time",
        # Which units take clients of others is known to the service; the unit itself is asked by phone.
        "elsewhere",
    }
)

GROUPS: Sequence[tuple[Text, Sequence[str]]] = (
    (_l("To which municipality?"), ("municipality",)),
    (
        _p("heading", "The client"),
        ("first_name", "last_name", "birth_year", "language", "other_language", "interpreter"),
    ),
    (
        _l("How to reach the client"),
        (
            "channels",
            "phone",
            "best_time",
            "email",
            "address",
            "contact_name",
            "contact_relation",
            "contact_phone",
        ),
    ),
    (
        _l("Why is the client referred?"),
        ("reasons", "interests", "own_wish", "what_to_heed", "priority"),
    ),
    (
        _l("Permission"),
        (
            "consent_given",
            "method",
            "feedback",
            "follow_up",
            "transfer",
            "giver",
            "basis",
            "contact",
            "guardians_may_be_told",
            "interpreted_by",
            "protected",
        ),
    ),
)
"""The form's fields, in the order in which they are asked."""
WITH_CONSENT = "consent_given"
"""Above it stands the text to read aloud."""
SENDER: Sequence[tuple[str, Text]] = (
    ("paper_date", _p("paper", "Date when the client gave the permission")),
    ("sender_name", _p("paper", "Sender’s name and title")),
    ("sender_unit", _p("paper", "Sender’s unit")),
    ("sender_phone", _p("paper", "Sender’s phone")),
    ("signature", _p("paper", "Client’s signature, if the permission is given in writing")),
)
SENDER_TITLE = _p("paper", "Who fills this in")
NOTES: Sequence[Text] = (
    _p(
        "paper",
        "For use when the referral can’t be sent in the service. Fill it in together with the client.",
    ),
    _p("paper", "Never write a personal identity code, a diagnosis, a medicine or a measurement."),
    _p(
        "paper",
        "Hand the form to the counselling unit, or post it in a closed envelope. Never send it by e-mail. "
        "In a hurry, call the unit.",
    ),
    _p(
        "paper",
        "The unit enters the referral in the service, with the date on the paper, and then destroys the paper.",
    ),
)
UNITS_TITLE = _p("paper", "Where to hand it in")
ELSEWHERE_TITLE = _p("paper", "If the client is counselled in another municipality, read this instead")
TO_WRITE = "_" * 24
"""Room for a name."""
VERSION = _p("paper", "Version of the text")
TITLE = _p("paper", "Referral on paper")


class Shape(StrEnum):
    """How a field is filled in by hand."""

    LINE = "line"
    BOX = "box"
    ONE = "one"
    MANY = "many"
    TICK = "tick"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A text in both languages."""

    fi: str
    sv: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field."""

    name: str
    shape: Shape
    label: Pair
    hint: Pair
    choices: Sequence[Pair] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """Fields under one heading."""

    title: Pair
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the paper is handed in."""

    municipality: Pair
    unit: Pair
    phone: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything that stands on the blank form of one kind."""

    kind_code: str
    title: Pair
    kind: Pair
    notes: Sequence[Pair]
    groups: Sequence[Group]
    consent: Pair
    """What is read aloud, above the boxes of the permission."""
    consent_elsewhere: Pair | None
    """What is read instead to a client of another municipality, with room for the names of the recipient."""
    elsewhere_title: Pair
    version_label: Pair
    version: str
    units_title: Pair
    places: Sequence[Place]
    """Those that take referrals on the day; the form's choices of municipality too."""
    valid_on: str
    """The Helsinki day on which it was made, as Finland writes it."""


def sheet_of(kind: Kind, *, on: dt.date) -> Sheet:
    """Return the blank form of a kind as it is on a Helsinki day.

    Raises:
        NotFoundError: if there is no text of consent to read aloud on the day.
    """
    forms = {language: _form(kind, language) for language in LANGUAGES}
    texts = {language: county.consent_text(kind.code, language, on=on) for language in LANGUAGES}
    finnish, swedish = texts["fi"], texts["sv"]
    if finnish is None or swedish is None:
        raise NotFoundError
    places = _places(kind, on=on)
    groups = [
        Group(
            title=_pair(title), lines=[_line(name, forms, places) for name in names if _is_asked(name, kind)]
        )
        for title, names in GROUPS
    ]
    sender = [
        Line(name=name, shape=Shape.LINE, label=_pair(label), hint=Pair(fi="", sv=""))
        for name, label in SENDER
    ]
    return Sheet(
        kind_code=kind.code,
        title=_pair(TITLE),
        kind=_named(kind.counselling),
        notes=[_pair(each) for each in NOTES],
        groups=[*groups, Group(title=_pair(SENDER_TITLE), lines=sender)],
        consent=Pair(fi=finnish.body, sv=swedish.body),
        consent_elsewhere=_elsewhere(finnish, swedish, on=on),
        elsewhere_title=_pair(ELSEWHERE_TITLE),
        version_label=_pair(VERSION),
        version=finnish.version,
        units_title=_pair(UNITS_TITLE),
        places=places,
        valid_on=f"{on.day}.{on.month}.{on.year}",
    )


def _elsewhere(finnish: ConsentText, swedish: ConsentText, *, on: dt.date) -> Pair | None:
    variants = [consent_texts.elsewhere_of(text, on=on) for text in (finnish, swedish)]
    bodies = [consent_texts.naming(each.body, place=TO_WRITE, unit=TO_WRITE) for each in variants if each]
    return Pair(fi=bodies[0], sv=bodies[1]) if len(bodies) == len(variants) else None


def _form(kind: Kind, language: str) -> ReferralForm:
    offer = Offer(
        # The municipalities are written in both languages from their own names.
        openings=(),
        reasons=kinds.reasons(kind.code),
        interests=kinds.interests(kind.code),
        language=language,
    )
    with force_locale(language):
        return ReferralForm(offer=offer, formdata=None, meta={"csrf": False})


def _is_asked(name: str, kind: Kind) -> bool:
    return name != "interests" or kind.asks_interests


def _line(name: str, forms: dict[str, ReferralForm], places: Sequence[Place]) -> Line:
    fields = {language: form[name] for language, form in forms.items()}
    shape = _shape(fields["fi"])
    if name == "municipality":
        choices: Sequence[Pair] = [place.municipality for place in places]
    elif shape in {Shape.ONE, Shape.MANY}:
        finnish, swedish = (_choices(fields[language], language) for language in LANGUAGES)
        choices = [Pair(fi=fi, sv=sv) for fi, sv in zip(finnish, swedish, strict=True)]
    else:
        choices = ()
    return Line(
        name=name,
        shape=shape,
        label=_said({language: field.label.text for language, field in fields.items()}),
        hint=_said({language: field.description for language, field in fields.items()}),
        choices=choices,
    )


def _shape(field: Any) -> Shape:
    if isinstance(field, AnyOf):
        return Shape.MANY
    if isinstance(field, OneOf | OneInList):
        return Shape.ONE
    if isinstance(field, TextBox):
        return Shape.BOX
    return Shape.TICK if field.type == "BooleanField" else Shape.LINE


def _choices(field: Any, language: str) -> list[str]:
    with force_locale(language):
        return [str(choice.label) for choice in field.choices or ()]


def _places(kind: Kind, *, on: dt.date) -> Sequence[Place]:
    routes = {each.municipality_code: each for each in municipality.routes(kind.code, on=on) if each.is_open}
    units = {unit.id: unit for unit in accounts.units(route.unit_id for route in routes.values())}
    return [
        Place(municipality=_named(town.name), unit=_named(unit.name), phone=unit.phone)
        for town in municipalities()
        if (route := routes.get(town.code)) and (unit := units.get(route.unit_id))
    ]


def _pair(text: Text) -> Pair:
    return _said(dict.fromkeys(LANGUAGES, text))


def _said(texts: dict[str, Text]) -> Pair:
    told: dict[str, str] = {}
    for language, text in texts.items():
        with force_locale(language):
            told[language] = str(text)
    return Pair(fi=told["fi"], sv=told["sv"])


def _named(name: Texts) -> Pair:
    return Pair(fi=in_language(name, "fi").text, sv=in_language(name, "sv").text)


def field_names() -> Iterable[str]:
    """Return the names of the form's fields that stand on paper."""
    return [name for _title, names in GROUPS for name in names]
