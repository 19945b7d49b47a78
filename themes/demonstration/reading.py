"""Reading the demonstration's files: strictly, since a mistake in them is ours.

A fault names the file, the record and what is wrong with it; all faults are told at once. Pure.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicetray.core.db import Texts
from servicetray.core.errors import DomainError
from themes.directory.easy import LONGEST as LONGEST_EASY
from themes.directory.filters import Accessibility, Form, LifeStage, TargetGroup
from themes.directory.operations import Price, ProviderKind

FOLDER = Path(__file__).resolve().parent
PROVIDERS = "providers"
LANGUAGES = ("fi", "sv", "en")
NEEDED_LANGUAGES = ("fi", "sv")
MUNICIPALITIES = ("075", "285", "286", "489", "624", "935")
REFERRAL_KINDS = ("exercise", "culture")
LONGEST_SUMMARY = 160
MOST_MONTHS = 24

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PHONE = re.compile(r"040 000 0\d{3}")
_MAIL = re.compile(r"[a-z0-9.-]+@example\.org")
_URL = re.compile(r"https://www\.example\.org/\S*")
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")

_TEXTS = (
    "name",
    "summary",
    "description",
    "for_whom",
    "when",
    "where",
    "price_details",
    "instructions",
)
_NEEDED = frozenset(
    {
        *_TEXTS,
        *(
            "key",
            "provider",
            "themes",
            "municipalities",
            "life_stages",
            "forms",
            "accessibility",
            "languages",
        ),
        *("price", "kaikukortti", "checked_months_ago", "keywords"),
    }
)
_MAY = frozenset({"referral_kind", "phone", "email", "url", "address", "target_groups", "hours", "easy"})
_ADDRESS = frozenset({"street", "postal_code", "municipality"})
_HOURS = re.compile(r"([1-7])-([1-7]) ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_CLOSED = re.compile(r"closed (\d\d)-(\d\d) to (\d\d)-(\d\d)")
_PROVIDER_NEEDED = frozenset({"key", "kind", "name", "phone", "email", "url"})
_PROVIDER_MAY = frozenset({"municipality"})


class ContentError(DomainError):
    """The files of the demonstration have faults: one line each, with file, record and what is wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where something takes place."""

    street: Texts
    postal_code: str
    municipality: str


@dataclass(frozen=True, kw_only=True)
class InventedProvider:
    """A provider of the demonstration."""

    key: str
    kind: ProviderKind
    name: Texts
    municipality: str | None
    phone: str
    email: str
    url: str


@dataclass(frozen=True, kw_only=True)
class InventedService:
    """A service of the demonstration; texts are by language, the themes' main one stands first."""

    key: str
    provider: str
    themes: tuple[str, ...]
    municipalities: tuple[str, ...]
    life_stages: tuple[LifeStage, ...]
    forms: tuple[Form, ...]
    accessibility: tuple[Accessibility, ...]
    languages: tuple[str, ...]
    target_groups: tuple[TargetGroup, ...]
    hours: tuple[str, ...]
    """``1-5 08:00-16:00`` (Monday is 1), and ``closed 06-20 to 07-31`` of every year."""
    price: Price
    kaikukortti: bool
    referral_kind: str | None
    checked_months_ago: int
    phone: str
    email: str
    url: str
    address: Address | None
    name: Texts
    summary: Texts
    description: Texts
    for_whom: Texts
    when: Texts
    where: Texts
    price_details: Texts
    instructions: Texts
    easy: Texts
    keywords: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything that the files hold."""

    providers: tuple[InventedProvider, ...]
    services: tuple[InventedService, ...]


def read(folder: Path = FOLDER, *, themes: Collection[str]) -> Content:
    """Read and check every file of a folder.

    Args:
        folder: with ``providers.toml`` and any number of files of services.
        themes: the slugs that there are.

    Raises:
        ContentError: with every fault of every file.
    """
    faults: list[str] = []
    providers = _records(folder / f"{PROVIDERS}.toml", "provider", faults)
    for place, row in providers:
        faults += (f"{place}: {fault}" for fault in _provider_faults(row))
    known = {str(row.get("key")) for _, row in providers}
    services: list[tuple[str, dict[str, Any]]] = []
    for path in sorted(folder.glob("*.toml")):
        if path.stem != PROVIDERS:
            services += _records(path, "service", faults)
    for place, row in services:
        faults += (f"{place}: {fault}" for fault in _service_faults(row, themes=themes, providers=known))
    faults += _twice([*providers])
    faults += _twice(services)
    if faults:
        raise ContentError(faults)
    return Content(
        providers=tuple(_provider(row) for _, row in providers),
        services=tuple(_service(row) for _, row in services),
    )


def _records(path: Path, table: str, faults: list[str]) -> list[tuple[str, dict[str, Any]]]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{path.name}: {error}")
        return []
    faults += [f"{path.name}: unknown table {name!r}" for name in found if name != table]
    rows = found.get(table, [])
    return [(f"{path.name}, {row.get('key', f'number {at}')}", row) for at, row in enumerate(rows, start=1)]


def _twice(records: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for place, row in records:
        key = str(row.get("key"))
        if key in seen:
            yield f"{place}: the key is taken by {seen[key]}"
        seen.setdefault(key, place)


def _provider_faults(row: Mapping[str, Any]) -> Iterator[str]:
    yield from _names(row, needed=_PROVIDER_NEEDED, may=_PROVIDER_MAY)
    yield from _pattern(row, "key", _KEY)
    yield from _one_of(row, "kind", list(ProviderKind))
    yield from _one_of(row, "municipality", MUNICIPALITIES)
    yield from _texts(row, "name")
    yield from _contacts(row)


def _service_faults(
    row: Mapping[str, Any], *, themes: Collection[str], providers: Collection[str]
) -> Iterator[str]:
    yield from _names(row, needed=_NEEDED, may=_MAY)
    yield from _pattern(row, "key", _KEY)
    yield from _one_of(row, "provider", providers)
    yield from _some_of(row, "themes", themes)
    yield from _some_of(row, "municipalities", MUNICIPALITIES)
    yield from _some_of(row, "life_stages", list(LifeStage))
    yield from _some_of(row, "forms", list(Form))
    yield from _some_of(row, "accessibility", list(Accessibility), may_be_empty=True)
    yield from _some_of(row, "target_groups", list(TargetGroup))
    yield from _hours(row)
    yield from _one_of(row, "price", list(Price))
    yield from _one_of(row, "referral_kind", REFERRAL_KINDS)
    if not isinstance(row.get("kaikukortti", False), bool):
        yield "kaikukortti: neither true nor false"
    months = row.get("checked_months_ago", 0)
    if type(months) is not int or not 0 <= months <= MOST_MONTHS:
        yield f"checked_months_ago: {months!r} is not 0 to {MOST_MONTHS}"
    languages = row.get("languages", [])
    if not languages or not all(
        isinstance(code, str) and _LANGUAGE_CODE.fullmatch(code) for code in languages
    ):
        yield f"languages: {languages!r} are not language codes"
    for name in _TEXTS:
        yield from _texts(row, name)
    yield from _easy(row)
    yield from _summary(row)
    yield from _keywords(row)
    yield from _contacts(row)
    yield from _address(row)


def _names(row: Mapping[str, Any], *, needed: Collection[str], may: Collection[str]) -> Iterator[str]:
    yield from (f"{name} is missing" for name in sorted(set(needed) - row.keys()))
    yield from (f"{name} is not a field" for name in sorted(row.keys() - set(needed) - set(may)))


def _pattern(row: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> Iterator[str]:
    if name in row and not (isinstance(row[name], str) and pattern.fullmatch(row[name])):
        yield f"{name}: {row[name]!r} does not look like {pattern.pattern}"


def _one_of(row: Mapping[str, Any], name: str, known: Collection[str]) -> Iterator[str]:
    if name in row and row[name] not in known:
        yield f"{name}: {row[name]!r} is not one of {', '.join(sorted(known))}"


def _some_of(
    row: Mapping[str, Any], name: str, known: Collection[str], *, may_be_empty: bool = False
) -> Iterator[str]:
    values = row.get(name, ["?"] if name not in row else [])
    if name not in row:
        return
    if not isinstance(values, list) or (not values and not may_be_empty):
        yield f"{name}: needs at least one of {', '.join(sorted(known))}"
        return
    if len(set(map(str, values))) != len(values):
        yield f"{name}: a value stands twice"
    yield from (
        f"{name}: {value!r} is not one of {', '.join(sorted(known))}"
        for value in values
        if value not in known
    )


def _texts(row: Mapping[str, Any], name: str) -> Iterator[str]:
    texts = row.get(name)
    if texts is None:
        return
    if not isinstance(texts, dict):
        yield f"{name}: must be texts by language"
        return
    for code, text in texts.items():
        if code not in LANGUAGES:
            yield f"{name}: {code!r} is not one of {', '.join(LANGUAGES)}"
        elif not isinstance(text, str) or not text.strip():
            yield f"{name}.{code} is empty"
    yield from (f"{name}.{code} is missing" for code in NEEDED_LANGUAGES if code not in texts)


def _easy(row: Mapping[str, Any]) -> Iterator[str]:
    easy = row.get("easy", {})
    if not isinstance(easy, dict) or not easy.keys() <= set(LANGUAGES):
        yield "easy: must be texts by language"
        return
    for code, text in easy.items():
        if not isinstance(text, str) or not 0 < len(text.strip()) <= LONGEST_EASY:
            yield f"easy.{code}: must be 1 to {LONGEST_EASY} signs"


def _summary(row: Mapping[str, Any]) -> Iterator[str]:
    texts = row.get("summary")
    for code, text in texts.items() if isinstance(texts, dict) else ():
        if isinstance(text, str) and len(text) > LONGEST_SUMMARY:
            yield f"summary.{code}: {len(text)} signs, at most {LONGEST_SUMMARY}"


def _keywords(row: Mapping[str, Any]) -> Iterator[str]:
    found = row.get("keywords", {})
    if not isinstance(found, dict) or not found.keys() <= set(LANGUAGES):
        yield "keywords: must be lists by language"
        return
    for code, words in found.items():
        if (
            not isinstance(words, list)
            or not words
            or not all(isinstance(w, str) and w.strip() for w in words)
        ):
            yield f"keywords.{code}: must be a list of words"
    if "keywords" in row:
        yield from (f"keywords.{code} is missing" for code in NEEDED_LANGUAGES if code not in found)


def _contacts(row: Mapping[str, Any]) -> Iterator[str]:
    yield from _pattern(row, "phone", _PHONE)
    yield from _pattern(row, "email", _MAIL)
    yield from _pattern(row, "url", _URL)


def _hours(row: Mapping[str, Any]) -> Iterator[str]:
    hours = row.get("hours", [])
    if not isinstance(hours, list) or not all(isinstance(each, str) for each in hours):
        yield "hours: must be a list of texts"
        return
    yield from (
        f"hours: {each!r} is neither like '1-5 08:00-16:00' nor like 'closed 06-20 to 07-31'"
        for each in hours
        if not (_HOURS.fullmatch(each) or _CLOSED.fullmatch(each))
    )
    if hours and not (row.keys() & {"address", "phone", "email"}):
        yield "hours: there is no place or number that they could be of"


def _address(row: Mapping[str, Any]) -> Iterator[str]:
    address = row.get("address")
    if address is None:
        return
    if not isinstance(address, dict):
        yield "address: must have street, postal_code and municipality"
        return
    yield from (f"address: {fault}" for fault in _names(address, needed=_ADDRESS, may=()))
    yield from (f"address: {fault}" for fault in _texts(address, "street"))
    yield from (f"address: {fault}" for fault in _pattern(address, "postal_code", re.compile(r"\d{5}")))
    yield from (f"address: {fault}" for fault in _one_of(address, "municipality", MUNICIPALITIES))


def _provider(row: Mapping[str, Any]) -> InventedProvider:
    return InventedProvider(
        key=row["key"],
        kind=ProviderKind(row["kind"]),
        name=row["name"],
        municipality=row.get("municipality"),
        phone=row["phone"],
        email=row["email"],
        url=row["url"],
    )


def _service(row: Mapping[str, Any]) -> InventedService:
    address = row.get("address")
    return InventedService(
        key=row["key"],
        provider=row["provider"],
        themes=tuple(row["themes"]),
        municipalities=tuple(row["municipalities"]),
        life_stages=tuple(LifeStage(value) for value in row["life_stages"]),
        forms=tuple(Form(value) for value in row["forms"]),
        accessibility=tuple(Accessibility(value) for value in row["accessibility"]),
        languages=tuple(row["languages"]),
        target_groups=tuple(TargetGroup(value) for value in row.get("target_groups", ())),
        hours=tuple(row.get("hours", ())),
        price=Price(row["price"]),
        kaikukortti=row["kaikukortti"],
        referral_kind=row.get("referral_kind"),
        checked_months_ago=row["checked_months_ago"],
        phone=row.get("phone", ""),
        email=row.get("email", ""),
        url=row.get("url", ""),
        address=Address(**address) if address else None,
        easy={code: text.strip() for code, text in row.get("easy", {}).items()},
        keywords=row["keywords"],
        **{name: {code: text.strip() for code, text in row[name].items()} for name in _TEXTS},
    )
