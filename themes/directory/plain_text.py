"""Texts of services are plain: paragraphs and lists are told by line breaks. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

_BULLET = re.compile(r"^\s*(?:[-–•·*]|\u2022)\s+(?P<text>\S.*)$")
_NUMBER = re.compile(r"[\d\s()+./-]+")
_MAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_SHORTEST_NUMBER = 3
_LONG_REST = 6
# Area and network codes of more than one digit; all others are an area's single digit (06, 09).
_LONG_CODES = (
    "600",
    "700",
    "800",
    *("10", "20", "29", "30", "71", "73", "75"),
    *("13", "14", "15", "16"),
    *("17", "18", "19"),
    *(f"4{n}" for n in range(10)),
    "50",
)


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """Points of a list."""

    points: tuple[str, ...]


def blocks(text: str) -> Sequence[Paragraph | Bullets]:
    """Return the paragraphs and lists of a text: a blank line ends a block, a dash begins a point."""
    found: list[Paragraph | Bullets] = []
    for part in re.split(r"\n[^\S\n]*\n\s*", text.replace("\r\n", "\n").strip()):
        lines: list[str] = []
        points: list[str] = []
        for line in part.split("\n"):
            bullet = _BULLET.match(line)
            if bullet:
                _close(found, Paragraph, lines)
                points.append(bullet["text"].strip())
            elif line.strip():
                _close(found, Bullets, points)
                lines.append(line.strip())
        _close(found, Paragraph, lines)
        _close(found, Bullets, points)
    return found


def _close(found: list[Paragraph | Bullets], kind: type[Paragraph] | type[Bullets], lines: list[str]) -> None:
    if lines:
        found.append(kind(tuple(lines)))
        lines.clear()


def web_address(url: str) -> str:
    """Return the address if it may be linked to (http or https, with a host), else an empty text."""
    try:
        parts = urlsplit(url.strip())
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return url.strip() if good else ""


def web_name(url: str) -> str:
    """Return an address as people say it: without scheme, ``www`` and a closing slash."""
    return re.sub(r"^https?://(?:www\.)?", "", url).split("?")[0].rstrip("/")


def phone_address(number: str) -> str:
    """Return the ``tel:`` address of a number, empty if it can't be dialled."""
    if not _NUMBER.fullmatch(number.strip()):
        return ""
    dialled = re.sub(r"[^\d+]", "", number)
    return f"tel:{dialled}" if len(dialled) >= _SHORTEST_NUMBER else ""


def mail_address(address: str) -> str:
    """Return the ``mailto:`` address, empty if it is none."""
    return f"mailto:{address.strip()}" if _MAIL.fullmatch(address.strip()) else ""


def spoken_number(number: str) -> str:
    """Return a Finnish number as it is dialled at home, in groups: ``+35863251111`` → 06 325 1111.

    A number that its source has grouped already stays as it is, as does a foreign one.
    """
    found = re.fullmatch(r"\+3580?(\d{5,12})", number.strip())
    if not found:
        return number.strip()
    digits = found[1]
    length = next((len(code) for code in _LONG_CODES if digits.startswith(code)), 1)
    code, rest = digits[:length], digits[length:]
    half = len(rest) // 2
    return f"0{code} {rest[:half]} {rest[half:]}" if len(rest) >= _LONG_REST else f"0{code} {rest}"
