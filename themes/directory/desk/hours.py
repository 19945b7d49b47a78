"""Opening hours between the rows that a channel keeps and the rows of a form. Pure.

A row with a last day is an exception, as ``opening`` reads it; all others are the hours of every week.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from servicetray.core.i18n import LANGUAGES
from themes.directory.desk import texts

MIDNIGHT: Final = dt.time(0, 0)
_END_OF_DAY: Final = "24:00"
Row = dict[str, Any]


def canonical(hours: Sequence[Mapping[str, Any]] | None) -> list[Row]:
    """Return the rows that mean the same, each with every key, those of every week first."""
    rows = [row for told in hours or () if _says_something(row := _canonical(told))]
    return [row for row in rows if not row["valid_to"]] + [row for row in rows if row["valid_to"]]


def weekly(hours: Sequence[Mapping[str, Any]] | None) -> list[Row]:
    """Return what stands in the form's rows of every week."""
    return [_typed(row) for row in _shown(hours, exception=False)]


def exceptions(hours: Sequence[Mapping[str, Any]] | None) -> list[Row]:
    """Return what stands in the form's rows of certain days."""
    return [_typed(row) for row in _shown(hours, exception=True)]


def is_blank(typed: Mapping[str, Any]) -> bool:
    """Whether nothing was typed in a row of the form."""
    return not any(typed.values())


def typed_over(
    *,
    weekly: Sequence[Mapping[str, Any]],
    exceptions: Sequence[Mapping[str, Any]],
    before: Sequence[Mapping[str, Any]] | None,
) -> list[Row]:
    """Return the hours that the rows of a form mean; words in languages that the form has no box for stay.

    Args:
        weekly: what was typed in the rows of every week, the empty ones too.
        exceptions: what was typed in the rows of certain days.
        before: the hours until now.
    """
    return [
        row
        for typed, exception in ((weekly, False), (exceptions, True))
        for row in _typed_over(typed, canonical(before), exception=exception)
    ]


def _typed_over(typed: Sequence[Mapping[str, Any]], before: Sequence[Row], *, exception: bool) -> list[Row]:
    now = [None if is_blank(row) else read(row, exception=exception) for row in typed]
    here = [row for row in before if bool(row["valid_to"]) is exception]
    shown = [row for row in here if _is_shown(row)]
    partners = texts.row_of_each(now, [read(_typed(row), exception=exception) for row in shown])
    words = [{} if partner is None else shown[partner]["info"] for partner in partners]
    rows = iter(
        [
            row and {**row, "info": texts.typed_over(row["info"], old)}
            for row, old in zip(now, words, strict=True)
        ]
    )
    # Words alone, in languages that the form does not show, stay where they stood.
    found = [next(rows, None) if _is_shown(row) else row for row in here]
    return [row for row in (*found, *rows) if row]


def _shown(hours: Sequence[Mapping[str, Any]] | None, *, exception: bool) -> list[Row]:
    return [row for row in canonical(hours) if bool(row["valid_to"]) is exception and _is_shown(row)]


def _is_shown(row: Row) -> bool:
    return not is_blank(_typed(row))


def _says_something(row: Row) -> bool:
    return _is_shown(row) or bool(row["info"])


def read(typed: Mapping[str, Any], *, exception: bool) -> Row:
    """Return the row that a filled row of the form means; one day alone is an exception of that day."""
    first, last = typed["first"], typed["last"]
    begins, ends = typed["valid_from"], typed["valid_to"]
    if exception and begins is not None and ends is None:
        ends = begins
    closes = typed["closes"]
    return {
        "days": [int(first), int(last or first)] if first else None,
        "from": _time(typed["opens"]),
        "to": _END_OF_DAY if closes == MIDNIGHT else _time(closes),
        "valid_from": begins.isoformat() if begins else None,
        "valid_to": ends.isoformat() if exception and ends else None,
        "closed": bool(typed["closed"]),
        "by_reservation": bool(typed["by_reservation"]),
        "info": {code: typed[f"info_{code}"] for code in LANGUAGES if typed[f"info_{code}"]},
    }


def _canonical(row: Mapping[str, Any]) -> Row:
    days = row.get("days")
    whole = isinstance(days, list | tuple) and len(days) == len(("first", "last"))
    closes = _clean_time(row.get("to"))
    return {
        "days": [int(day) for day in days] if whole and days else None,
        "from": _clean_time(row.get("from")),
        "to": _END_OF_DAY if closes == "00:00" else closes,
        "valid_from": _clean_day(row.get("valid_from")),
        "valid_to": _clean_day(row.get("valid_to")),
        "closed": bool(row.get("closed")),
        "by_reservation": bool(row.get("by_reservation")),
        "info": {code: text for code, text in (row.get("info") or {}).items() if text},
    }


def _typed(row: Row) -> Row:
    days = row["days"] or []
    opens, closes = row["from"], row["to"]
    return {
        "first": str(days[0]) if days else "",
        "last": str(days[1]) if days and days[1] != days[0] else "",
        "opens": dt.time.fromisoformat(opens) if opens and opens != _END_OF_DAY else None,
        "closes": dt.time.fromisoformat(closes)
        if closes and closes != _END_OF_DAY
        else (MIDNIGHT if closes else None),
        "valid_from": dt.date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        "valid_to": dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        "closed": row["closed"],
        "by_reservation": row["by_reservation"],
        **{f"info_{code}": row["info"].get(code, "") for code in LANGUAGES},
    }


def _time(time: dt.time | None) -> str | None:
    return f"{time:%H:%M}" if time is not None else None


def _clean_time(told: object) -> str | None:
    text = str(told or "")[:5]
    if text == _END_OF_DAY:
        return text
    try:
        return f"{dt.time.fromisoformat(text):%H:%M}" if text else None
    except ValueError:
        return None


def _clean_day(told: object) -> str | None:
    try:
        return dt.date.fromisoformat(str(told)[:10]).isoformat() if told else None
    except ValueError:
        return None
