"""Invented records in the shape of PTV's API, version 11, and a server that answers with them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Record = dict[str, Any]


def ident(number: int) -> str:
    """A UUID that one recognises in a failing test."""
    return f"00000000-0000-4000-8000-{number:012}"


def texts(fi: str | None, sv: str | None = None, **more: str) -> list[Record]:
    """A list of texts by language."""
    listed = [{"language": "fi", "value": fi, **more}]
    return listed + ([{"language": "sv", "value": sv, **more}] if sv else [])


def service(number: int = 1, **changes: Any) -> Record:
    """A service of an invented association in Kouvola."""
    return {
        "id": ident(number),
        "type": "Service",
        "serviceNames": texts("Jokivarren jumppa", "Gympa vid älven", type="Name"),
        "serviceChargeType": "FreeOfCharge",
        "areaType": "LimitedType",
        "areas": [{"type": "Municipality", "code": None, "name": None, "municipalities": [{"code": "286"}]}],
        "serviceDescriptions": [
            *texts("Jumpataan yhdessä ulkona.", "Vi gympar ute tillsammans.", type="Summary"),
            *texts("Tule sellaisena kuin olet.", type="Description"),
            *texts(None, type="DeadLine"),
        ],
        "languages": ["fi", "sv"],
        "serviceClasses": [term("P27.1", "Liikunta ja urheilu")],
        "ontologyTerms": [],
        "targetGroups": [term("KR1", "Kansalaiset", group=True)],
        "lifeEvents": None,
        "industrialClasses": [],
        "keywords": texts("jumppa, ulkoliikunta"),
        "requirements": texts("\n"),
        "serviceChannels": None,
        "organizations": [
            {"organization": {"id": ident(900), "name": "Jokivarren väki ry"}, "roleType": "Responsible"},
            {"organization": None, "roleType": "Producer"},
        ],
        "publishingStatus": "Published",
        "modified": "2026-01-15T08:30:00.123",
        **changes,
    }


def term(code: str | None, name: str, *, group: bool = False, uri: str | None = None) -> Record:
    """A term of a classification."""
    listed = "ptvkohderyhmat" if group else "ptvserclass2"
    return {
        "name": texts(name),
        "code": code,
        "uri": uri or f"http://uri.suomi.fi/codelist/ptv/{listed}/code/{code}",
    }


def channel(number: int = 500, **changes: Any) -> Record:
    """A place in Kouvola."""
    return {
        "id": ident(number),
        "serviceChannelType": "ServiceLocation",
        "organizationId": ident(900),
        "serviceChannelNames": texts("Jokivarren talo", type="Name"),
        "serviceChannelDescriptions": texts("Talo joen rannassa.", type="Description"),
        "phoneNumbers": [phone("401234567"), {**phone("57654321"), "type": "Fax"}],
        "emails": texts("talo@example.org"),
        "webPages": [{"url": "https://www.example.org/talo", "value": None, "language": "fi"}],
        "addresses": [address("Simpelkatu", "7")],
        "serviceHours": [],
        "publishingStatus": "Published",
        "modified": "2026-01-10T00:00:00",
        **changes,
    }


def phone(number: str, **changes: Any) -> Record:
    """A number to call."""
    return {
        "type": "Phone",
        "additionalInformation": None,
        "serviceChargeType": "Chargeable",
        "chargeDescription": None,
        "prefixNumber": "+358",
        "isFinnishServiceNumber": False,
        "number": number,
        "language": "fi",
        **changes,
    }


def linked(numbers: list[int]) -> list[Record]:
    """The connections of a service to these channels."""
    return [{"serviceChannel": {"id": ident(number), "name": "…"}} for number in numbers]


def address(street: str, house: str, **changes: Any) -> Record:
    """A street address in Kouvola, in a channel."""
    return {
        "type": "Location",
        "subType": "Single",
        "streetAddress": {
            "street": texts(street),
            "streetNumber": house,
            "postalCode": "45100",
            "postOffice": texts("KOUVOLA"),
            "municipality": {"code": "286", "name": texts("Kouvola")},
            "additionalInformation": texts(None),
            "latitude": "6749000",
            "longitude": "482000",
            "coordinateState": "Ok",
            **changes,
        },
        "country": "FI",
    }


def organisation(number: int = 900, **changes: Any) -> Record:
    """An invented association."""
    return {
        "id": ident(number),
        "organizationType": "Organization",
        "businessCode": "1234567-1",
        "organizationNames": texts("Jokivarren väki ry", "Folket vid älven rf", type="Name"),
        "municipality": {"code": "286"},
        "phoneNumbers": [phone("401111111")],
        "emails": texts("vaki@example.org"),
        "webPages": None,
        "modified": "2025-12-01T10:00:00Z",
        **changes,
    }


def page(ids: list[str] | None, *, number: int = 1, count: int = 1) -> Record:
    """A page of the list of services."""
    rows = None if ids is None else [{"id": record_id, "name": "…"} for record_id in ids]
    return {"pageNumber": number, "pageSize": 2, "pageCount": count, "itemList": rows}


class Folder:
    """A folder of records to import."""

    KINDS = ("services", "servicechannels", "organizations")

    def __init__(self, path: Path) -> None:
        self.path = path
        for kind in self.KINDS:
            (path / kind).mkdir()

    def put(self, kind: str, *records: Record) -> None:
        for record in records:
            (self.path / kind / f"{record['id']}.json").write_text(json.dumps(record), encoding="utf-8")

    def take_away(self, kind: str, number: int) -> None:
        (self.path / kind / f"{ident(number)}.json").unlink()


@dataclass
class Answer:
    """What the server says to one request."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """Return the bytes of the body: bytes as they are, else JSON."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


MISSING = Answer({"errorMessage": "Not found."}, 404)
BUSY = Answer(b"", 503)


class FakeApi:
    """Answers by path; a list of answers is used up one by one, the last one stays."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[str] = []

    def say(self, path: str, *answers: Answer | Record | list[Any] | bytes) -> None:
        """Answer requests for this path (with its query, if it has one)."""
        self.answers[path.lower()] = [a if isinstance(a, Answer) else Answer(a) for a in answers]

    def say_records(self, *records: Record, kind: str = "Service") -> None:
        """Answer each record's own address."""
        for record in records:
            self.say(f"/api/v11/{kind}/{record['id']}", record)

    def answer(self, target: str) -> Answer:
        """Return the next answer to a request."""
        self.asked.append(unquote(target))
        parts = urlsplit(target)
        number = parse_qs(parts.query).get("page", ["1"])[0]
        for path in (unquote(target).lower(), f"{parts.path.lower()}?page={number}", parts.path.lower()):
            if path in self.answers:
                left = self.answers[path]
                return left.pop(0) if len(left) > 1 else left[0]
        return MISSING

    def times(self, part: str) -> int:
        """Return how often something with this in its address was asked for."""
        return sum(part.lower() in target.lower() for target in self.asked)


@contextmanager
def serving() -> Iterator[FakeApi]:
    """Run the fake API on a free local port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = api.answer(self.path)
            content = answer.content()
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(content)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api = FakeApi(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
