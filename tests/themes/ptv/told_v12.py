"""Invented records in the shape of PTV's API, version 12, and a server that answers with them.

Each record is the twin of the one that ``told`` has in the shape of version 11.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.themes.ptv.told import Answer, Record, ident

KEY = "invented-key-0123456789"
CLASSES = "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/"
GROUPS = "http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat/code/"


def version(name: str, **changes: Any) -> Record:
    """One language version of a service."""
    return {
        "name": name,
        "alternativeName": None,
        "summary": None,
        "description": None,
        "userInstructions": None,
        "conditions": None,
        "legislationLinks": [],
        "freelyAssignedKeywords": [],
        "voucher": {"voucherType": "NotUsed"},
        "chargeTypeAdditionalInformation": None,
        **changes,
    }


def limited(*municipalities: str, **changes: list[str]) -> Record:
    """An area."""
    nothing: Record = {"regions": [], "wellbeingServicesCounties": []}
    return {"areaType": "LimitedArea", "municipalities": list(municipalities), **nothing, **changes}


def service(number: int = 1, **changes: Any) -> Record:
    """The service of the invented association in Kouvola."""
    return {
        "contentId": ident(number),
        "serviceType": "Service",
        "organizationContentId": ident(900),
        "generalDescriptionContentId": None,
        "targetGroups": ["KR1"],
        "industrialClasses": [],
        "lifeEvents": [],
        "ontologyTerms": [],
        "serviceClasses": ["P27.1"],
        "producers": {
            "selfProducedProducers": {"organizations": []},
            "procuredProducers": {"organizations": [], "other": []},
            "otherProducers": {"organizations": [], "other": []},
        },
        "otherResponsibleOrganizations": [],
        "chargeType": "Free",
        "fundingType": "PubliclyFunded",
        "serviceLanguages": ["fi", "sv"],
        "area": limited("286"),
        "publishedAt": "2026-01-15T08:30:00.123Z",
        "migratedAt": None,
        "languageVersions": {
            "fi": version(
                "Jokivarren jumppa",
                summary="Jumpataan yhdessä ulkona.",
                description="Tule sellaisena kuin olet.",
                freelyAssignedKeywords=["jumppa", "ulkoliikunta"],
                conditions="\n",
            ),
            "sv": version("Gympa vid älven", summary="Vi gympar ute tillsammans."),
        },
        **changes,
    }


def channel(number: int = 500, **changes: Any) -> Record:
    """The place in Kouvola."""
    return {
        "contentId": ident(number),
        "serviceChannelType": "ServiceLocation",
        "organizationContentId": ident(900),
        "allowedConnectionType": "AllOrganizations",
        "serviceLanguages": ["fi"],
        "area": None,
        "publishedAt": "2026-01-10T00:00:00Z",
        "languageVersions": {"fi": place_version("Jokivarren talo")},
        "location": {
            "foreignAddresses": [],
            "otherAddresses": [],
            "streetAddresses": [address("Simpelkatu", "7")],
        },
        "contactAddresses": {"foreignAddresses": [], "postOfficeBoxAddresses": [], "streetAddresses": []},
        "serviceHours": {"hours": [], "holidayServiceHours": None},
        **changes,
    }


def place_version(name: str, **changes: Any) -> Record:
    """One language version of a place."""
    return {
        "name": name,
        "alternativeName": None,
        "isAlternativeNamePrimary": False,
        "summary": None,
        "description": "Talo joen rannassa.",
        "contactEmails": [{"email": "talo@example.org"}],
        "contactFaxNumbers": [phone("57654321", type="Fax")],
        "contactPhoneNumbers": [phone("401234567")],
        "contactWebPages": [{"name": "Talo", "url": "https://www.example.org/talo"}],
        **changes,
    }


def phone(number: str, **changes: Any) -> Record:
    """A number to call."""
    return {
        "type": "InternationalPhone",
        "dialCode": "+358",
        "number": number,
        "chargeType": "Charged",
        "chargeDescription": None,
        "additionalInformation": None,
        **changes,
    }


def address(street: str, house: str, **changes: Any) -> Record:
    """A street address in Kouvola."""
    return {
        "addressSource": {"source": "Posti"},
        "streetName": {"fi": street},
        "addressDetail": house,
        "postalCode": "45100",
        "coordinates": [point("NLS", 6749000, 482000)],
        "additionalInformation": {},
        **changes,
    }


def point(source: str, northing: float, easting: float, *, system: str = "EPSG:3067") -> Record:
    """A point of an address."""
    return {"system": system, "source": source, "easting": easting, "northing": northing}


def organisation(number: int = 900, **changes: Any) -> Record:
    """The invented association."""
    contact: Record = {
        "alternativeName": None,
        "isAlternativeNamePrimary": False,
        "description": None,
        "summary": None,
        "contactWebPages": [],
    }
    return {
        "contentId": ident(number),
        "parentOrganizationContentId": None,
        "organizationType": "Organization",
        "businessId": "1234567-1",
        "oid": None,
        "languageVersions": {
            "fi": {
                **contact,
                "name": "Jokivarren väki ry",
                "contactEmails": [{"email": "vaki@example.org", "additionalInformation": None}],
                "contactPhoneNumbers": [phone("401111111")],
            },
            "sv": {
                **contact,
                "name": "Folket vid älven rf",
                "contactEmails": [],
                "contactPhoneNumbers": [],
            },
        },
        "publishedAt": "2025-12-01T10:00:00Z",
        "area": limited("286"),
        **changes,
    }


def connection(service_number: int, channel_number: int) -> Record:
    """A connection of a service to a channel."""
    return {
        "serviceContentId": ident(service_number),
        "channelContentId": ident(channel_number),
        "chargeType": None,
        "publishedAt": "2026-01-15T08:30:00Z",
        "languageVersions": {},
    }


def entry(code: str, name: str, **more: Any) -> Record:
    """An entry of a code list."""
    return {"code": code, "isValid": True, "name": {"fi": name, "sv": ""}, **more}


LISTS: dict[str, list[Record]] = {
    "service-classes": [entry("P27.1", "Liikunta ja urheilu", uri=CLASSES + "P27.1", parentUri=None)],
    "target-groups": [entry("KR1", "Kansalaiset", uri=GROUPS + "KR1", parentUri=None)],
    "life-events": [],
    "ontology-terms": [],
    "industrial-classes": [],
    "region-codes": [entry("08", "Kymenlaakso", municipalities=["075", "286"])],
    "wellbeing-services-county-codes": [],
    "postal-codes": [entry("45100", "KOUVOLA")],
}


def refusal(status: int, **more: Any) -> Answer:
    """Problem details."""
    body = {"title": "Problem", "status": status, "type": "about:blank", "requestId": "1", "instance": "/"}
    return Answer({**body, "detail": "Invented detail.", **more}, status)


@dataclass
class FakeV12:
    """A catalogue behind a key; ``faults`` answer instead of it, by path with or without ``?page=N``."""

    url: str = ""
    services: list[Record] = field(default_factory=list)
    connections: list[Record] = field(default_factory=list)
    records: dict[str, Record] = field(default_factory=dict)
    lists: dict[str, list[Record]] = field(default_factory=lambda: {**LISTS})
    faults: dict[str, list[Answer | None]] = field(default_factory=dict)
    page_size: int = 100
    asked: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def has(self, kind: str, *records: Record) -> None:
        """Answer each record's own address (``service-channel``, ``organization``, ``general-description``)."""
        for record in records:
            self.records[f"/api/v12/{kind}/{record['contentId']}"] = record

    def says(self, path: str, *answers: Answer | Record | None) -> None:
        """Answer this path otherwise: one by one, the last one stays; None is what the catalogue has."""
        self.faults[f"/api/v12/{path}"] = [
            told if isinstance(told, Answer) or told is None else Answer(told) for told in answers
        ]

    def times(self, part: str) -> int:
        """Return how often something with this in its address was asked for."""
        return sum(part in target for target in self.asked)

    def answer(self, target: str, key: str | None) -> Answer:
        """Return the answer to a request."""
        self.asked.append(unquote(target))
        self.keys.append(key)
        parts = urlsplit(target)
        asked = parse_qs(parts.query)
        for path in (f"{parts.path}?page={asked.get('page', ['1'])[0]}", parts.path):
            if left := self.faults.get(path):
                told = left.pop(0) if len(left) > 1 else left[0]
                if told is not None:
                    return told
        if key is None:
            return refusal(401)
        if key != KEY:
            return refusal(403, detail=f"No such key: {key}")
        return self._found(parts.path, asked)

    def _found(self, path: str, asked: dict[str, list[str]]) -> Answer:
        name = path.removeprefix("/api/v12/")
        if name == "service/search":
            return self._page(self.services, asked)
        if name == "connection/search":
            wanted = asked["serviceContentIds"]
            assert len(wanted) <= 20
            return self._page([row for row in self.connections if row["serviceContentId"] in wanted], asked)
        if name in self.lists:
            by = "uris" if name in ("ontology-terms", "industrial-classes") else "codes"
            assert len(asked[by]) <= 20
            return self._page([row for row in self.lists[name] if row[by[:-1]] in asked[by]], asked)
        if path in self.records:
            return Answer(self.records[path])
        return refusal(404, reason="Unknown")

    def _page(self, rows: list[Record], asked: dict[str, list[str]]) -> Answer:
        number, size = int(asked["page"][0]), min(self.page_size, int(asked["pageSize"][0]))
        return Answer(
            {
                "page": number,
                "pageSize": size,
                "totalItems": len(rows),
                "totalPages": -(-len(rows) // size),
                "items": rows[(number - 1) * size : number * size],
            }
        )


@contextmanager
def serving() -> Iterator[FakeV12]:
    """Run the fake catalogue on a free local port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = api.answer(self.path, self.headers.get("x-api-key"))
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(content)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api = FakeV12(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
