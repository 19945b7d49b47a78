"""Reading untrusted JSON: what is missing, null or of another type reads as nothing.

PTV's lists may be null, its texts null or blank, and old records hold the placeholders of the API's own
documentation ("value", "type"). A record that lacks what makes it a record is refused by the adapter; all
else is read as far as it goes.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import cast
from urllib.parse import urlsplit

from servicetray.core import clock
from servicetray.core.db import Texts
from servicetray.core.errors import DomainError

Json = Mapping[str, object]

_LANGUAGE = re.compile(r"[a-z]{2,3}")
# Line feeds and tabs stay; the rest can't be shown, and PostgreSQL refuses NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PLACEHOLDERS = frozenset({"value", "type", "string"})
_ZERO = uuid.UUID(int=0)
_LONGEST_URL = 2000


class UnreadableError(DomainError):
    """A record lacks what makes it a record.

    ``record_id`` is what the record calls itself, empty if it doesn't; ``reason`` is for an operator.
    """

    def __init__(self, record_id: str, reason: str) -> None:
        super().__init__(f"{record_id}: {reason}")
        self.record_id = record_id
        self.reason = reason


def record(value: object, key: str = "id") -> tuple[uuid.UUID, Json]:
    """Return a record and its id (in ``key``); raise UnreadableError if it isn't an object or has no usable id."""
    body = mapping(value)
    if not body:
        raise UnreadableError("", "the record is not a JSON object")
    record_id = identifier(body.get(key))
    if record_id is None:
        told = body.get(key)
        raise UnreadableError(told[:80] if isinstance(told, str) else "", "the record has no usable id")
    return record_id, body


def mapping(value: object) -> Json:
    """Return the JSON object, an empty one for anything else."""
    return cast("Json", value) if isinstance(value, dict) else {}


def rows(value: object) -> Iterator[Json]:
    """Iterate over the objects of a list; null, a lone value and odd members give nothing."""
    if isinstance(value, list):
        yield from (cast("Json", item) for item in value if isinstance(item, dict))


def text(value: object) -> str:
    """Return the text without surrounding space and control characters; empty for null and placeholders."""
    if not isinstance(value, str):
        return ""
    cleaned = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return "" if cleaned in _PLACEHOLDERS else cleaned


def language(value: object) -> str | None:
    """Return a language code in lower case (``fi``, ``smn``), None if it isn't one."""
    code = value.lower() if isinstance(value, str) else ""
    return code if _LANGUAGE.fullmatch(code) else None


def languages(value: object) -> tuple[str, ...]:
    """Return the language codes of a list, each once, in its order."""
    codes = (language(item) for item in value) if isinstance(value, list) else ()
    return tuple(dict.fromkeys(code for code in codes if code))


def texts(value: object, *types: str, key: str = "value") -> Texts:
    """Return the first text of each language, only of these ``types`` if any are named.

    Where several types are named, an earlier one wins: the lists of PTV are in no order.
    """
    found: Texts = {}
    for wanted in types or (None,):
        for row in rows(value):
            code = language(row.get("language"))
            content = text(row.get(key))
            if code and content and (wanted is None or row.get("type") == wanted):
                found.setdefault(code, content)
    return found


def own_after_general(general: Texts, own: Texts) -> Texts:
    """Return the text of a general description and, after it, the service's own, which tells what is special here."""
    both = {code: _joined(general[code], own[code]) for code in general.keys() & own.keys()}
    return {**general, **own, **both}


def _joined(general: str, own: str) -> str:
    if own in general:
        return general
    return own if general in own else f"{general}\n\n{own}"


def by_language(value: object) -> Texts:
    """Return the texts of an object with a key for each language (``{"fi": "…"}``)."""
    told = ((language(key), text(content)) for key, content in mapping(value).items())
    return {code: content for code, content in told if code and content}


def words(value: object) -> dict[str, list[str]]:
    """Return keywords by language, each once; PTV's editors write several into one, with commas between."""
    found: dict[str, list[str]] = {}
    for row in rows(value):
        code = language(row.get("language"))
        for word in re.split(r"[,;\n]", text(row.get("value"))):
            cleaned = " ".join(word.split())
            if code and cleaned and cleaned not in found.setdefault(code, []):
                found[code].append(cleaned)
    return {code: listed for code, listed in found.items() if listed}


def identifier(value: object) -> uuid.UUID | None:
    """Return the UUID, None for anything else and for the all-zero one (which PTV answers with 500)."""
    try:
        found = uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if found == _ZERO else found


def municipality_code(value: object) -> str | None:
    """Return the three-digit code (``075``); PTV's are strings, not always padded."""
    code = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return code.zfill(3) if re.fullmatch(r"\d{1,3}", code) else None


def web_address(value: object) -> str:
    """Return an http(s) address that is safe to link to, else an empty text.

    Addresses come from thousands of editors: other schemes (``javascript:``) and addresses with a user name
    in them are dropped, a missing scheme is added.
    """
    address = text(value)
    if not address or len(address) > _LONGEST_URL or any(c.isspace() for c in address):
        return ""
    if re.match(r"www\.", address, re.IGNORECASE):
        address = "https://" + address
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    good = parts.scheme.lower() in {"http", "https"} and host and "@" not in parts.netloc
    return address if good else ""


def instant(value: object) -> dt.datetime | None:
    """Return the instant in UTC; without a zone it is UTC already, in any number of fraction digits."""
    try:
        found = dt.datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None:
        return None
    try:
        return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
    except OverflowError:
        return None


def day(value: object) -> dt.date | None:
    """Return the Helsinki day of an instant."""
    moment = instant(value)
    if moment is None:
        return None
    try:
        return clock.helsinki_day(moment)
    except OverflowError:
        return None


def number(value: object) -> float | None:
    """Return the number that PTV writes as a text, with a point or a comma."""
    try:
        return float(value.strip().replace(",", ".")) if isinstance(value, str) else None
    except ValueError:
        return None


def first(values: Iterable[str]) -> str:
    """Return the first text that isn't empty, else an empty one."""
    return next((value for value in values if value), "")
