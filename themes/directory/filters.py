"""How a list of services is narrowed: by what, to how many, and at which address. Pure.

Within a group any of the chosen values will do (remote *or* at home); of accessibility all are needed. The
number beside a choice is how many services one would see after making it.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol, Self

from themes.directory.alphabet import alphabetical
from themes.directory.models import Facet


class Group(StrEnum):
    """A group of choices, by its name in the address."""

    THEME = "teema"
    MUNICIPALITY = "kunta"
    LIFE_STAGE = "ikavaihe"
    TARGET_GROUP = "kohderyhma"
    PRICE = "hinta"
    FORM = "miten"
    ACCESSIBILITY = "esteettomyys"
    LANGUAGE = "kieli"
    KAIKUKORTTI = "kaikukortti"
    EASY = "selko"


_GROUPS = tuple((group, group.value) for group in Group)
"""To walk through an enumeration itself takes longer than what is done at each step."""


class Order(StrEnum):
    """How a list goes, by its name in the address; the empty one is the order that it is given in."""

    GIVEN = ""
    NAME = "nimi"
    NEAREST = "lahin"
    """Those whose next event or meeting is soonest come first."""
    CHECKED = "tarkistettu"
    """Those that were checked last come first."""


class TargetGroup(StrEnum):
    """Values of the facet target_group that residents choose by: PTV's groups that are no stage of life."""

    FAMILIES = "KR1.2"
    YOUNG = "KR1.3"
    LONG_TERM_ILL = "KR1.4"
    DISABLED = "KR1.6"


class LifeStage(StrEnum):
    """Values of the facet life_stage."""

    CHILDREN_AND_YOUNG = "children_and_young"
    WORKING_AGE = "working_age"
    OLDER_PEOPLE = "older_people"


class Form(StrEnum):
    """Values of the facet form."""

    IN_PERSON = "in_person"
    REMOTE = "remote"
    AT_HOME = "at_home"
    SELF_CARE = "self_care"


class Accessibility(StrEnum):
    """Values of the facet accessibility."""

    STEP_FREE = "step_free"
    ACCESSIBLE_TOILET = "accessible_toilet"
    INDUCTION_LOOP = "induction_loop"
    SIGN_LANGUAGE = "sign_language"


FREE = "free"
TAKEN = "taken"
"""That Kaikukortti is taken."""
WRITTEN = "written"
"""That there is an easy text in the page's language."""
PAGE = "sivu"
ORDER = "jarjestys"
PARAMETERS = (*(group.value for group in Group), PAGE, ORDER)
"""What the address of a list of services may hold."""

FACETS = {
    Facet.MUNICIPALITY: Group.MUNICIPALITY,
    Facet.LIFE_STAGE: Group.LIFE_STAGE,
    Facet.FORM: Group.FORM,
    Facet.ACCESSIBILITY: Group.ACCESSIBILITY,
    Facet.LANGUAGE: Group.LANGUAGE,
    Facet.TARGET_GROUP: Group.TARGET_GROUP,
}

WORDS: Mapping[Group, Mapping[str, str]] = {
    Group.LIFE_STAGE: {
        LifeStage.CHILDREN_AND_YOUNG: "lapset-ja-nuoret",
        LifeStage.WORKING_AGE: "tyoikaiset",
        LifeStage.OLDER_PEOPLE: "ikaantyneet",
    },
    Group.TARGET_GROUP: {
        TargetGroup.FAMILIES: "lapsiperheet",
        TargetGroup.YOUNG: "nuoret",
        TargetGroup.LONG_TERM_ILL: "pitkaaikaissairaat",
        TargetGroup.DISABLED: "vammaiset",
    },
    Group.PRICE: {FREE: "maksuton"},
    Group.FORM: {
        Form.IN_PERSON: "paikalla",
        Form.REMOTE: "etana",
        Form.AT_HOME: "kotona",
        Form.SELF_CARE: "omahoito",
    },
    Group.ACCESSIBILITY: {
        Accessibility.STEP_FREE: "esteeton",
        Accessibility.ACCESSIBLE_TOILET: "inva-wc",
        Accessibility.INDUCTION_LOOP: "induktiosilmukka",
        Accessibility.SIGN_LANGUAGE: "viittomakieli",
    },
    Group.KAIKUKORTTI: {TAKEN: "kylla"},
    Group.EASY: {WRITTEN: "kylla"},
}
"""How a value is written in an address; municipalities and languages stand there by their codes."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A service, as far as narrowing and ordering a list needs it."""

    id: uuid.UUID
    name: str
    """In the language of the page, for ordering."""
    values: Mapping[Group, frozenset[str]]
    everywhere: bool = False
    """Whether it serves the whole country, and so every municipality."""
    referral_kind: str | None = None
    checked_on: dt.date | None = None

    def has(self, group: Group, value: str) -> bool:
        """Whether it is found by this value."""
        if group is Group.MUNICIPALITY and self.everywhere:
            return True
        return value in self.values.get(group, frozenset())


class Arguments(Protocol):
    """The query string of an address, such as werkzeug's ``MultiDict``."""

    def getlist(self, key: str, /) -> list[str]:
        """Return all values of a parameter."""


@dataclass(frozen=True)
class Filters:
    """What was chosen: values by group, each group's in its fixed order."""

    chosen: Mapping[Group, tuple[str, ...]]

    @classmethod
    def read(cls, arguments: Arguments, known: Mapping[Group, Sequence[str]]) -> "Filters":
        """Read an address. What is not among the known values is passed over.

        Args:
            arguments: of the address.
            known: the values of each group, in the order to show them.
        """
        chosen: dict[Group, tuple[str, ...]] = {}
        for group, name in _GROUPS:
            asked = set(arguments.getlist(name))
            if not asked:
                continue
            words = WORDS.get(group, {})
            values = tuple(value for value in known.get(group, ()) if words.get(value, value) in asked)
            if group is Group.MUNICIPALITY:
                values = values[:1]
            if values:
                chosen[group] = values
        return cls(chosen)

    def __bool__(self) -> bool:
        return bool(self.chosen)

    @property
    def municipality(self) -> str | None:
        """The chosen municipality's code."""
        return next(iter(self.chosen.get(Group.MUNICIPALITY, ())), None)

    def values(self, group: Group) -> tuple[str, ...]:
        """Return what is chosen in a group."""
        return self.chosen.get(group, ())

    def choosing(self, group: Group, value: str | None) -> "Filters":
        """Return these with one more value; of municipalities there is one at a time, None is all."""
        if group is Group.MUNICIPALITY:
            values: tuple[str, ...] = (value,) if value else ()
        elif value is None or value in self.values(group):
            values = self.values(group)
        else:
            values = (*self.values(group), value)
        return self._with(group, values)

    def dropping(self, group: Group, value: str) -> "Filters":
        """Return these without one value."""
        return self._with(group, tuple(kept for kept in self.values(group) if kept != value))

    def without(self, group: Group) -> "Filters":
        """Return these with nothing chosen in a group."""
        return self._with(group, ()) if group in self.chosen else self

    def pairs(self) -> Iterator[tuple[Group, str]]:
        """Yield each choice made, in the order of the groups."""
        for group, _ in _GROUPS if self.chosen else ():
            for value in self.values(group):
                yield group, value

    def parameters(self) -> dict[str, list[str]]:
        """Return what stands in the address: words by parameter."""
        found: dict[str, list[str]] = {}
        for group, value in self.pairs():
            found.setdefault(group.value, []).append(WORDS.get(group, {}).get(value, value))
        return found

    def _with(self, group: Group, values: tuple[str, ...]) -> "Filters":
        chosen = {other: kept for other, kept in self.chosen.items() if other is not group}
        return Filters({**chosen, group: values} if values else chosen)


class Entries(tuple[Entry, ...]):  # noqa: SLOT001 - a tuple's kind can't have slots that hold anything
    """Entries that may be narrowed many times over: remembers which of them each value finds."""

    masks: Mapping[Group, Mapping[str, int]]
    """A bit mask over the entries by group and value, so that a count costs one AND."""
    languages: set[str]
    """All languages that are spoken in any of them."""

    def __new__(cls, entries: Iterable[Entry] = ()) -> Self:
        made = super().__new__(cls, entries)
        made.masks = masks_by_group(made)
        made.languages = {code for entry in made for code in entry.values.get(Group.LANGUAGE, ())}
        return made


class Narrowing:
    """A list of services and what each further choice would make of it."""

    def __init__(self, entries: Sequence[Entry], filters: Filters) -> None:
        self.entries = entries
        self.filters = filters
        self._all = (1 << len(entries)) - 1
        self._masks = entries.masks if isinstance(entries, Entries) else masks_by_group(entries)

    @property
    def results(self) -> list[Entry]:
        """The entries that remain, in the order given."""
        remaining = self._remaining(self.filters)
        if remaining == self._all:
            return list(self.entries)
        # Read as text: shifting a long number once an entry takes time in the square of their count.
        bits = reversed(f"{remaining:b}")
        return [entry for entry, bit in zip(self.entries, bits, strict=False) if bit == "1"]

    def count(self, filters: Filters) -> int:
        """Return how many entries would remain with these filters."""
        return self._remaining(filters).bit_count()

    def offered(self, group: Group, values: Iterable[str]) -> list[tuple[str, int]]:
        """Return the values that may be chosen, each with how many entries would remain beside those chosen.

        A value that no entry has leads nowhere; a municipality is still looked for in its place.
        """
        masks, everything = self._masks[group], self._all
        is_place = group is Group.MUNICIPALITY
        if not self.filters:
            return [
                (value, count)
                for value in values
                if (count := (masks[value] & everything).bit_count()) or is_place
            ]
        chosen, start = self.filters.values(group), 0
        others = self._remaining(self.filters.without(group))
        if group is Group.ACCESSIBILITY:
            others &= _and((masks[value] for value in chosen), everything)
        elif not is_place:
            start = _or(masks[value] for value in chosen)
        return [
            (value, ((start | masks[value]) & others).bit_count())
            for value in values
            if masks[value] & everything or is_place or value in chosen
        ]

    def _remaining(self, filters: Filters) -> int:
        remaining = self._all
        for group, values in filters.chosen.items():
            masks = (self._masks[group][value] for value in values)
            remaining &= _and(masks, self._all) if group is Group.ACCESSIBILITY else _or(masks)
        return remaining


class Masks(dict[str, int]):
    """The masks of one group by value, each made when it is first asked for."""

    def __init__(self, make: Callable[[str], int]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: str) -> int:
        found = self[value] = self._make(value)
        return found


def masks_by_group(entries: Sequence[Entry]) -> Mapping[Group, Mapping[str, int]]:
    """Return the masks of entries: bit *n* stands for the *n*-th of them."""

    def make(group: Group, value: str) -> int:
        bits = "".join("1" if entry.has(group, value) else "0" for entry in reversed(entries))
        return int(bits or "0", 2)

    return {group: Masks(partial(make, group)) for group in Group}


def _and(masks: Iterable[int], start: int) -> int:
    for mask in masks:
        start &= mask
    return start


def _or(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def page_number(asked: str | None, *, total: int, size: int) -> tuple[int, int]:
    """Return which page to show and which is the last, both counted from 1.

    Anything that is no number is the first page; a number too high is the last.
    """
    last = max(1, -(-total // size))
    if asked is None or not asked.isascii() or not asked.isdigit():
        return 1, last
    # A number of a thousand digits is refused by int() itself.
    return (min(max(1, int(asked[:9])), last), last)


def in_order(
    entries: Sequence[Entry], order: Order, *, nearest: Mapping[uuid.UUID, dt.date]
) -> Sequence[Entry]:
    """Return the entries in another order; among equals they keep the one that they have.

    Args:
        entries: in the order given.
        order: the one wanted.
        nearest: the next day on which something of a service takes place, where there is one.
    """
    if order is Order.NAME:
        return sorted(entries, key=lambda entry: alphabetical(entry.name))
    if order is Order.NEAREST:
        return sorted(entries, key=lambda entry: nearest.get(entry.id, dt.date.max))
    if order is Order.CHECKED:
        return sorted(entries, key=lambda entry: entry.checked_on or dt.date.min, reverse=True)
    return entries
