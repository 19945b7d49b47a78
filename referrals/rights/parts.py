"""A copy of the data is made of parts; whoever keeps data of a client adds its own (GDPR, article 15)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from referrals.county.queries import Referral
from referrals.municipality.queries import Case
from servicetray.core.pages import Text


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that is held: for machines a name and a value, for people a label and words."""

    name: str
    value: Any
    """What JSON can say."""
    label: Text
    words: Text


@dataclass(frozen=True, kw_only=True)
class Part:
    """One kind of thing that is held: the facts of each entry."""

    name: str
    title: Text
    entries: Sequence[Sequence[Fact]]


OfReferral = Callable[[Referral], Part]
OfCase = Callable[[Case], Part]

_of_referral: dict[str, OfReferral] = {}
_of_case: dict[str, OfCase] = {}


def add_referral_part(name: str, made: OfReferral) -> None:
    """Let a feature add its part to the copy of the county's record; in its ``init_app``."""
    _of_referral[name] = made


def add_case_part(name: str, made: OfCase) -> None:
    """Let a feature add its part to the copy of each case of a municipality's record; in its ``init_app``."""
    _of_case[name] = made


def parts_of_referral(row: Referral) -> tuple[Part, ...]:
    """Return everything that the county holds about the client of a referral, in the order of registration."""
    return tuple(made(row) for made in _of_referral.values())


def parts_of_case(row: Case) -> tuple[Part, ...]:
    """Return everything that the municipality holds about the client of a case."""
    return tuple(made(row) for made in _of_case.values())
