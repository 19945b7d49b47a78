"""PTV's open API, version 12 (beta), over HTTP: whole services by search, and what they refer to.

A search gives a hundred whole records a page. What version 11 has in a service and version 12 has elsewhere is
asked for beside it, twenty services at a time: connections to channels, the general description, names of terms and
regions. A service whose parts can't all be had is a Problem and stays as it is; it is never written in half.

A list is believed only when it is proved: every page came, each said the same ``totalItems``, and so many different
records came. One that changed while it was read is walked again.
"""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx
from pydantic import SecretStr

from themes.ptv import reading, v12
from themes.ptv.adapters import V12
from themes.ptv.http_source import Api, ApiKey, AreaFilter, FailedError, base_of
from themes.ptv.reading import Json
from themes.ptv.sources import Kind, Problem, SourceKind, SourceUnavailableError, UnavailableError
from themes.ptv.v12_lists import MOST_FILTERED, PAGE_SIZE, CodeLists, count, parts, whole

KEY_SETTING = "SERVICETRAY_PTV_API_KEY"

_PATHS = {Kind.SERVICE: "service", Kind.CHANNEL: "service-channel", Kind.ORGANISATION: "organization"}
# The filter of an area by the type's name in version 11, and how many digits its codes have.
_AREAS = {
    "Municipality": ("municipalities", 3),
    "Province": ("regions", 2),
    "WellbeingServiceCounties": ("wellbeingServicesCounties", 2),
}
_NATIONWIDE = ("WholeCountry", "WholeCountryExceptAland")
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_GONE = ("NotPublished", "Unknown")
_MOST_PAGES = 2000
_MOST_WALKS = 3


@dataclass
class _Walk:
    """What one walk through a list has seen."""

    ids: set[uuid.UUID] = field(default_factory=set)
    without_id: int = 0
    told: set[int | None] = field(default_factory=set)
    is_broken: bool = False

    @property
    def is_proved(self) -> bool:
        return not self.is_broken and self.told == {len(self.ids) + self.without_id}


class HttpSourceV12:
    """The open API, version 12, at some address."""

    kind = SourceKind.HTTP
    adapter = V12

    def __init__(
        self,
        base_url: str,
        client: httpx.Client,
        *,
        key: SecretStr,
        area: AreaFilter | None = None,
        with_nationwide: bool = False,
        since: dt.datetime | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the address of the API, with or without ``/api/v12`` at its end.

        Args:
            base_url: https, or http on this machine: the key goes to nobody in the clear.
            client: sends the requests; its time-outs count.
            key: the key of the API (``x-api-key``).
            area: only services of this area.
            with_nationwide: with ``area``, nationwide services too.
            since: only services that were published at or after this instant (UTC).
            sleep: waits between tries (seconds).

        Raises:
            SourceUnavailableError: the address is not one of an API of version 12, or there is no usable key.
        """
        base = base_of(base_url, version=12)
        _check(base, key)
        self._api = Api(
            base,
            client,
            sleep=sleep,
            is_gone=_is_gone,
            key=ApiKey(header="x-api-key", value=key, setting=KEY_SETTING),
        )
        self.address = self._api.address
        self.is_whole = area is None and since is None
        self._searches = tuple(_searches(area, with_nationwide=with_nationwide, since=since))
        self._lists = CodeLists(self._api)
        # None: there is none, or it is not for the public.
        self._general: dict[uuid.UUID, object | None] = {}
        self._ready: dict[tuple[Kind, uuid.UUID], Json | FailedError] = {}

    def services(self) -> Iterator[object]:
        """Give each service's JSON with what stands beside it, or the Problem in its place.

        Raises:
            SourceUnavailableError: the source can't be read, or not any further.
        """
        given: set[uuid.UUID] = set()
        for search in self._searches:
            walk = _Walk()
            for _ in range(_MOST_WALKS):
                walk = _Walk()
                yield from self._walked(search, walk, given)
                if walk.is_proved or walk.is_broken or walk.told == {None}:
                    break
            if not walk.is_proved and not walk.is_broken:
                yield Problem(kind=Kind.SERVICE, record_id="list", reason=_unproved(walk))

    def prefetch(self, kind: Kind, ids: Sequence[uuid.UUID]) -> None:
        """Fetch these records, one by one as the API has it, and what they refer to together."""
        for record_id in dict.fromkeys(ids):
            if (kind, record_id) not in self._ready:
                self._ready[kind, record_id] = self._asked(kind, record_id)
        if kind is Kind.CHANNEL:
            told = [self._ready[kind, record_id] for record_id in dict.fromkeys(ids)]
            codes = {code for row in told if not isinstance(row, FailedError) for code in _postal_codes(row)}
            self._lists.load(v12.POSTAL_CODES, codes)

    def fetch(self, kind: Kind, record_id: uuid.UUID) -> object:
        """Return the JSON of one record; raise UnavailableError, or SourceUnavailableError."""
        if (kind, record_id) not in self._ready:
            self.prefetch(kind, [record_id])
        told = self._ready.pop((kind, record_id))
        try:
            if isinstance(told, FailedError):
                raise told
            if kind is not Kind.CHANNEL:
                return told
            offices = self._lists.entries(v12.POSTAL_CODES, _postal_codes(told))
        except FailedError as error:
            problem = Problem(kind=kind, record_id=str(record_id), reason=error.reason)
            raise UnavailableError(problem, is_gone=error.is_gone) from error
        return {**told, "codeLists": {v12.POSTAL_CODES: offices}}

    def _asked(self, kind: Kind, record_id: uuid.UUID) -> Json | FailedError:
        try:
            told = reading.mapping(self._api.get(f"{_PATHS[kind]}/{record_id}", {}))
        except FailedError as error:
            return error
        if reading.identifier(told.get("contentId")) != record_id:
            return FailedError("the answer is not this record")
        return told

    def _walked(self, search: Mapping[str, str], walk: _Walk, given: set[uuid.UUID]) -> Iterator[object]:
        """Walk every page of a search once; give what was not given yet."""
        number, pages = 1, 1
        while number <= min(pages, _MOST_PAGES):
            params = {**search, "page": str(number), "pageSize": str(PAGE_SIZE)}
            try:
                page = self._api.page("service/search", params)
            except FailedError as error:
                if number == 1:
                    raise SourceUnavailableError(
                        self.address, f"page 1 of the list: {error.reason}"
                    ) from error
                walk.is_broken = True
                yield Problem(kind=Kind.SERVICE, record_id=f"page {number}", reason=error.reason)
            else:
                told = count(page.get("totalPages"))
                pages = pages if told is None else told
                walk.told.add(count(page.get("totalItems")))
                new: list[tuple[uuid.UUID, Json]] = []
                for row in reading.rows(page.get("items")):
                    service_id = reading.identifier(row.get("contentId"))
                    if service_id is None:
                        walk.without_id += 1
                        yield _nameless(row)
                        continue
                    walk.ids.add(service_id)
                    if service_id not in given:
                        given.add(service_id)
                        new.append((service_id, row))
                for start in range(0, len(new), MOST_FILTERED):
                    yield from self._with_parts(new[start : start + MOST_FILTERED])
            number += 1

    def _with_parts(self, services: Sequence[tuple[uuid.UUID, Json]]) -> Iterator[object]:
        """Give these services, each with its parts or the Problem in its place."""
        try:
            connections = self._connections([str(service_id) for service_id, _ in services])
        except FailedError as error:
            for service_id, _ in services:
                yield Problem(kind=Kind.SERVICE, record_id=str(service_id), reason=error.reason)
            return
        whole_ones: list[tuple[uuid.UUID, dict[str, object]]] = []
        for service_id, row in services:
            try:
                general = self._general_description(row)
            except FailedError as error:
                yield Problem(kind=Kind.SERVICE, record_id=str(service_id), reason=error.reason)
                continue
            beside = {"connections": connections.get(service_id, []), "generalDescription": general}
            whole_ones.append((service_id, {**row, **beside}))
        for name in _list_names():
            self._lists.load(name, {told for _, row in whole_ones for told in _references(row).get(name, ())})
        for service_id, row in whole_ones:
            try:
                lists = {name: self._lists.entries(name, told) for name, told in _references(row).items()}
            except FailedError as error:
                yield Problem(kind=Kind.SERVICE, record_id=str(service_id), reason=error.reason)
            else:
                yield {**row, "codeLists": lists}

    def _connections(self, ids: Sequence[str]) -> Mapping[uuid.UUID, list[Json]]:
        """Return the connections of these services by service; raise FailedError."""
        found: dict[uuid.UUID, list[Json]] = {}
        asked = {uuid.UUID(told) for told in ids}
        for part in parts(ids):
            for row in whole(self._api, "connection/search", {"serviceContentIds": part}):
                service_id = reading.identifier(row.get("serviceContentId"))
                if service_id not in asked:
                    raise FailedError("connection/search: connections of other services came")
                found.setdefault(service_id, []).append(row)
        return found

    def _general_description(self, row: Json) -> object | None:
        """Return the general description of a service, None where there is none (any more); raise FailedError."""
        general_id = reading.identifier(row.get("generalDescriptionContentId"))
        if general_id is None:
            return None
        if general_id not in self._general:
            try:
                self._general[general_id] = self._api.get(f"general-description/{general_id}", {})
            except FailedError as error:
                if not error.is_gone:
                    raise FailedError(f"general description {general_id}: {error.reason}") from error
                self._general[general_id] = None
        return self._general[general_id]


def _check(base: httpx.URL, key: SecretStr) -> None:
    told, address = key.get_secret_value(), str(base.copy_with(userinfo=b""))
    if not told:
        raise SourceUnavailableError(address, f"version 12 asks for a key: set {KEY_SETTING}")
    if not told.isascii() or not told.isprintable() or " " in told:
        raise SourceUnavailableError(address, f"{KEY_SETTING} holds characters that no key has")
    if base.scheme != "https" and base.host not in _THIS_MACHINE:
        raise SourceUnavailableError(address, "is not an https address: the key is not sent in the clear")


def _searches(
    area: AreaFilter | None, *, with_nationwide: bool, since: dt.datetime | None
) -> Iterator[Mapping[str, str]]:
    """Give the searches whose results together are what is asked for."""
    changed = {"publishedAtOrAfter": since.isoformat().replace("+00:00", "Z")} if since else {}
    if area is None:
        yield changed
        return
    name, digits = _AREAS[area.type]
    yield {"areaType": "LimitedArea", name: area.code.zfill(digits), **changed}
    if with_nationwide:
        yield from ({"areaType": told, **changed} for told in _NATIONWIDE)


def _is_gone(status: int, body: Mapping[str, object]) -> bool:
    """Whether the API itself says so: a 404 without its reason may come from whatever stands before it."""
    return status == HTTPStatus.GONE or (status == HTTPStatus.NOT_FOUND and body.get("reason") in _GONE)


def _nameless(row: Json) -> Problem:
    told = str(row.get("contentId"))[:80]
    return Problem(kind=Kind.SERVICE, record_id=told, reason="the list gives no usable id")


def _unproved(walk: _Walk) -> str:
    if walk.told == {None}:
        return "the list doesn't say how many services there are"
    told = ", ".join(sorted(str(one) for one in walk.told))
    return f"the list is not whole: {len(walk.ids)} services came of {told}"


def _list_names() -> tuple[str, ...]:
    return (
        *(name for name, _ in v12.TERM_LISTS.values()),
        *(name for name, _ in v12.AREA_LISTS.values()),
    )


def _references(row: Json) -> Mapping[str, list[str]]:
    """Return what a service and its general description tell by code or URI, by the list that has its name."""
    general, area = reading.mapping(row.get("generalDescription")), reading.mapping(row.get("area"))
    found = {
        name: [*v12.strings(row.get(told)), *v12.strings(general.get(told))]
        for told, (name, _) in v12.TERM_LISTS.items()
    }
    return {
        **found,
        **{name: list(v12.strings(area.get(told))) for told, (name, _) in v12.AREA_LISTS.items()},
    }


def _postal_codes(row: Json) -> list[str]:
    location = reading.mapping(row.get("location"))
    rows = [
        *reading.rows(location.get("streetAddresses")),
        *reading.rows(location.get("otherAddresses")),
    ]
    told = (reading.text(address.get("postalCode")) for address in rows)
    return [code for code in told if code]
