"""PTV's open API over HTTP: pages of ids, then the records, a hundred at a time where the server can.

Patient: 5xx, 429 and time-outs are tried again a few times with growing pauses. Careful: redirects to other
hosts are not followed, an answer has a largest size, and a server that has gone away ends the walk instead of
being asked a thousand times more.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

import httpx
from pydantic import SecretStr

from themes.ptv import reading
from themes.ptv.adapters import V11
from themes.ptv.sources import (
    LARGEST_RECORD,
    Kind,
    Problem,
    SourceKind,
    SourceUnavailableError,
    UnavailableError,
    parsed,
)

MOST_IDS = 100
"""``/list`` takes at most this many ids (API documentation)."""

_PAUSES = (0.5, 1.0, 2.0)
_LONGEST_PAUSE = 10.0
_LONGEST_REASON = 140
_MOST_REDIRECTS = 3
_MOST_PAGES = 2000
_MOST_FAILED_BATCHES = 2
_MOST_TOLD_LESS = 2
_WITH_GENERAL = "Service/serviceWithGD"
_GONE_AFTER = 8
_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_AREA_TYPES = ("Municipality", "Province", "WellbeingServiceCounties")
_TRY_AGAIN = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


@dataclass(frozen=True, kw_only=True)
class AreaFilter:
    """Only the services of one area: an area type of the API and a code in it."""

    type: str
    code: str

    @classmethod
    def parse(cls, told: str) -> Self:
        """Read ``TYPE:CODE`` such as ``Municipality:286``; raise ValueError if it isn't that."""
        kind, _, code = told.partition(":")
        known = {name.lower(): name for name in _AREA_TYPES}
        if kind.lower() not in known or not re.fullmatch(r"\d{1,5}", code):
            raise ValueError(
                f"expected TYPE:CODE with a type of {', '.join(_AREA_TYPES)}, such as Municipality:286"
            )
        return cls(type=known[kind.lower()], code=code)


class FailedError(Exception):
    """A request that gave no usable answer, after all tries."""

    def __init__(self, reason: str, *, is_down: bool = False, is_gone: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_down = is_down
        self.is_gone = is_gone


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A key that every request bears, and the setting that holds it: what a failure may name is the setting alone."""

    header: str
    value: SecretStr
    setting: str


class Api:
    """One version of the open API at some address: asked patiently, with a key where it wants one."""

    def __init__(
        self,
        base: httpx.URL,
        client: httpx.Client,
        *,
        sleep: Callable[[float], None],
        is_gone: Callable[[int, Mapping[str, object]], bool],
        key: ApiKey | None = None,
    ) -> None:
        """Take the address with its version, and what sends the requests.

        Args:
            base: as ``base_of`` gives it.
            client: its time-outs count.
            sleep: waits between tries (seconds).
            is_gone: says by status and body of a refusal whether the record doesn't exist (any more).
            key: sent with each request, to this host alone.
        """
        self._base = base
        self.address = str(base.copy_with(userinfo=b""))
        self._client = client
        self._sleep = sleep
        self._is_gone = is_gone
        self._key = key
        self._down_in_a_row = 0

    def get(self, path: str, params: Mapping[str, str | Sequence[str]]) -> object:
        """Return the JSON of one answer; a parameter with several values is repeated.

        Raises:
            FailedError: there was none, after all tries.
            SourceUnavailableError: there has been none for several requests in a row, or the key is refused.
        """
        url = httpx.URL(f"{self._base}/{path}", params=dict(params))
        try:
            content = self._patiently(url)
        except FailedError as error:
            self._down_in_a_row = self._down_in_a_row + 1 if error.is_down else 0
            if self._down_in_a_row >= _GONE_AFTER:
                raise SourceUnavailableError(self.address, f"no answer any more: {error.reason}") from error
            raise
        self._down_in_a_row = 0
        try:
            return parsed(content)
        except ValueError as error:
            raise FailedError("the answer is not JSON") from error

    def page(self, path: str, params: Mapping[str, str | Sequence[str]]) -> Mapping[str, object]:
        """Return one page of a list; raise as ``get`` does."""
        page = reading.mapping(self.get(path, params))
        if not page:
            raise FailedError("the answer is not a page of a list")
        return page

    def _patiently(self, url: httpx.URL) -> bytes:
        for pause in (*_PAUSES, None):
            wait = pause
            try:
                status, content, headers = self._send(url)
            except httpx.RequestError as error:
                reason = f"no answer ({type(error).__name__})"
            else:
                if status == HTTPStatus.OK:
                    return content
                body = _body_of(content)
                reason = self._without_key(_told(status, body))[:_LONGEST_REASON]
                if self._key and status in _REFUSED:
                    raise SourceUnavailableError(
                        self.address, f"{reason}: the key in {self._key.setting} is not accepted"
                    )
                if status not in _TRY_AGAIN:
                    raise FailedError(reason, is_gone=self._is_gone(status, body))
                wait = None if pause is None else max(pause, _retry_after(headers))
            if wait is None:
                raise FailedError(reason, is_down=True)
            self._sleep(wait)
        raise AssertionError("unreachable")  # the last turn of the loop returns or raises

    def _send(self, url: httpx.URL) -> tuple[int, bytes, httpx.Headers]:
        """Send a GET, following redirects within the same host only."""
        headers = {"Accept": "application/json", "User-Agent": "Servicetray"}
        if self._key:
            headers[self._key.header] = self._key.value.get_secret_value()
        for _ in range(_MOST_REDIRECTS + 1):
            with self._client.stream("GET", url, headers=headers, follow_redirects=False) as response:
                if not response.has_redirect_location:
                    return response.status_code, _content(response), response.headers
                target = _joined(url, response.headers["Location"])
            if not _is_same_host(url, target):
                raise FailedError(f"redirects to another host ({target.host})")
            url = target
        raise FailedError("redirects too often")

    def _without_key(self, reason: str) -> str:
        """Take the key out of what a server says: some repeat what they refuse."""
        return reason.replace(self._key.value.get_secret_value(), "…") if self._key else reason


class HttpSource:
    """The open API, version 11, at some address."""

    kind = SourceKind.HTTP
    adapter = V11

    def __init__(
        self,
        base_url: str,
        client: httpx.Client,
        *,
        area: AreaFilter | None = None,
        with_nationwide: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the address of the API, with or without ``/api/v11`` at its end.

        Args:
            base_url: http or https.
            client: sends the requests; its time-outs count.
            area: only services of this area.
            with_nationwide: with ``area``, nationwide services too.
            sleep: waits between tries (seconds).

        Raises:
            SourceUnavailableError: the address is not one of an API of version 11.
        """
        self._api = Api(base_of(base_url, version=11), client, sleep=sleep, is_gone=_is_gone)
        self.address = self._api.address
        self.is_whole = area is None
        self._area = area
        self._with_nationwide = with_nationwide
        self._failed_batches: dict[Kind, int] = dict.fromkeys(Kind, 0)
        self._told_less = 0
        self._ready: dict[tuple[Kind, uuid.UUID], object] = {}

    def services(self) -> Iterator[object]:
        """Give each service's JSON, or the Problem in its place; raise SourceUnavailableError."""
        seen: set[uuid.UUID] = set()
        for page in self._pages():
            ids: list[uuid.UUID] = []
            for row in page:
                if isinstance(row, Problem):
                    yield row
                    continue
                found = reading.identifier(row.get("id"))
                if found is None:
                    told = str(row.get("id"))[:80]
                    yield Problem(kind=Kind.SERVICE, record_id=told, reason="the list gives no usable id")
                elif found not in seen:
                    seen.add(found)
                    ids.append(found)
            for start in range(0, len(ids), MOST_IDS):
                batch = ids[start : start + MOST_IDS]
                self.prefetch(Kind.SERVICE, batch)
                for service_id in batch:
                    try:
                        yield self.fetch(Kind.SERVICE, service_id)
                    except UnavailableError as error:
                        yield error.problem

    def prefetch(self, kind: Kind, ids: Sequence[uuid.UUID]) -> None:
        """Fetch these records in batches; what doesn't come that way is fetched one by one later."""
        wanted = [record_id for record_id in dict.fromkeys(ids) if (kind, record_id) not in self._ready]
        for start in range(0, len(wanted), MOST_IDS):
            batch = wanted[start : start + MOST_IDS]
            if len(batch) > 1 and self._failed_batches[kind] < _MOST_FAILED_BATCHES:
                self._fetch_batch(kind, batch)

    def fetch(self, kind: Kind, record_id: uuid.UUID) -> object:
        """Return the JSON of one record; raise UnavailableError, or SourceUnavailableError."""
        if (kind, record_id) in self._ready:
            return self._ready.pop((kind, record_id))
        try:
            return self._get(kind, str(record_id), {})
        except FailedError as error:
            problem = Problem(kind=kind, record_id=str(record_id), reason=error.reason)
            raise UnavailableError(problem, is_gone=error.is_gone) from error

    def _fetch_batch(self, kind: Kind, ids: Sequence[uuid.UUID]) -> None:
        wanted = set(ids)
        try:
            answer = self._get(kind, "list", {"guids": ",".join(map(str, ids))})
        except FailedError:
            # 404 where none of them exists, 400 or 500 where one id upsets the server, or no such endpoint.
            self._failed_batches[kind] += 1
            return
        listed = answer if isinstance(answer, list) else reading.mapping(answer).get("itemList")
        for row in reading.rows(listed):
            record_id = reading.identifier(row.get("id"))
            if record_id in wanted:
                self._ready[kind, record_id] = row

    def _get(self, kind: Kind, rest: str, params: Mapping[str, str]) -> object:
        """Ask for records; of services with the texts of their general description, where the API tells these."""
        if kind is Kind.SERVICE and self._told_less < _MOST_TOLD_LESS:
            try:
                return self._api.get(f"{_WITH_GENERAL}/{rest}", params)
            except FailedError:
                answer = self._api.get(f"{kind}/{rest}", params)
                self._told_less += 1
                return answer
        return self._api.get(f"{kind}/{rest}", params)

    def _pages(self) -> Iterator[list[Mapping[str, object] | Problem]]:
        """Give the rows of each page, from page 1 to ``pageCount``; a page without rows has null for them."""
        path, params = "Service", {}
        if self._area:
            path = f"Service/area/{self._area.type}/code/{self._area.code}"
            params = {"includeWholeCountry": str(self._with_nationwide).lower()}
        number, count = 1, 1
        while number <= min(count, _MOST_PAGES):
            try:
                page = self._api.page(path, {**params, "page": str(number)})
            except FailedError as error:
                if number == 1:
                    raise SourceUnavailableError(
                        self.address, f"page 1 of the list: {error.reason}"
                    ) from error
                yield [Problem(kind=Kind.SERVICE, record_id=f"page {number}", reason=error.reason)]
            else:
                told = page.get("pageCount")
                count = told if isinstance(told, int) else count
                yield list(reading.rows(page.get("itemList")))
            number += 1


def base_of(told: str, *, version: int) -> httpx.URL:
    """Return the address of a version of the API, given with or without ``/api/v…`` at its end.

    Raises:
        SourceUnavailableError: it is not a web address, or one of another version.
    """
    try:
        url = httpx.URL(told.strip())
    except httpx.InvalidURL as error:
        raise SourceUnavailableError(told, "is not a web address") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise SourceUnavailableError(told, "is not an http or https address")
    path = url.path.rstrip("/")
    named = re.search(r"/api/v(\d+)$", path, re.IGNORECASE)
    if named is None:
        path += f"/api/v{version}"
    elif int(named[1]) != version:
        raise SourceUnavailableError(
            told, f"is of version {named[1]} of the API; version {version} is read (SERVICETRAY_PTV_VERSION)"
        )
    return url.copy_with(path=path, query=None, fragment=None)


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return url.join(location)
    except httpx.InvalidURL as error:
        raise FailedError("redirects to nowhere") from error


def _is_same_host(url: httpx.URL, target: httpx.URL) -> bool:
    if url.host != target.host:
        return False
    is_upgrade = (url.scheme, target.scheme) == ("http", "https") and url.port is None and target.port is None
    return is_upgrade or (url.scheme, url.port) == (target.scheme, target.port)


def _is_gone(status: int, body: Mapping[str, object]) -> bool:  # noqa: ARG001 - version 11 tells it by the status
    return status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def _content(response: httpx.Response) -> bytes:
    """Read the answer, decompressed, up to the largest size."""
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LARGEST_RECORD:
            raise FailedError("the answer is too large")
    return bytes(content)


def _body_of(content: bytes) -> Mapping[str, object]:
    """Return the object that a refusal comes with, an empty one if it doesn't."""
    try:
        return reading.mapping(parsed(content))
    except ValueError:
        return {}


def _told(status: int, body: Mapping[str, object]) -> str:
    """Return status and the server's own words, if it gives any.

    Version 11 says ``{"errorMessage": …}``, version 12 gives problem details: a reason of a 404, or the first of
    ``errors``, or a detail.
    """
    errors = (reading.text(row.get("message")) for row in reading.rows(body.get("errors")))
    named = (reading.text(body.get(name)) for name in ("detail", "title"))
    message = reading.first(
        (reading.text(body.get("errorMessage")), reading.text(body.get("reason")), *errors, *named)
    )
    return f"HTTP {status}" + (f" ({' '.join(message.split())})" if message else "")


def _retry_after(headers: httpx.Headers) -> float:
    told = headers.get("Retry-After", "")
    return min(float(told), _LONGEST_PAUSE) if told.isdigit() else 0.0
