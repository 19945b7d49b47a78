"""Tables as JSON-stat 2.0 (https://json-stat.org/format/): a dataset for each, a collection for several.

What is not shown has no value but null, and a status that says why. The totals are categories like others:
``total`` in the place of a row, ``all`` in that of a kind.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from referrals.statistics.suppression import Mark, Shown
from referrals.statistics.tables import Row, Table
from servicetray.core.tables import Heading

CONTENT_TYPE: Final = "application/json"
VERSION: Final = "2.0"
TIMES: Final = frozenset({"year", "quarter", "month"})
"""Dimensions of time."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What goes with each dataset: whose it is, when it was published, and where it stays."""

    source: str
    updated: dt.datetime
    notes: Sequence[str]
    marks: Mapping[str, str]
    """Each status in words."""
    metric: Heading
    dimensions: Mapping[str, str]
    """The names of dimensions, by code."""
    year: int


def dataset(table: Table, about: About, *, href: str = "") -> dict[str, Any]:
    """Return a table as a dataset.

    The dimensions are those of the rows, then ``kind``; values stand in row-major order.

    Raises:
        ValueError: if the table has no codes for machines.
    """
    axes = _axes(table)
    found = _cells(table)
    values: list[int | None] = []
    status: dict[str, str] = {}
    for place, key in enumerate(product(*([each.code for each in axis] for _, axis in axes))):
        cell = found.get(key)
        values.append(cell if isinstance(cell, int) else None)
        if isinstance(cell, Mark):
            status[str(place)] = cell.value
    ids = [name for name, _ in axes]
    return {
        "version": VERSION,
        "class": "dataset",
        **({"href": href} if href else {}),
        "label": table.caption,
        "source": about.source,
        "updated": about.updated.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "note": [*([table.note] if table.note else []), *about.notes],
        "id": ids,
        "size": [len(axis) for _, axis in axes],
        "role": {"time": [name for name in ids if name in TIMES]},
        "dimension": {
            name: {
                "label": about.dimensions.get(name, name),
                "category": {
                    "index": [each.code for each in axis],
                    "label": {each.code: each.label for each in axis},
                },
            }
            for name, axis in axes
        },
        "value": values,
        "status": status,
        "extension": {
            "year": about.year,
            "table": table.name,
            "measure": {"code": about.metric.code, "label": about.metric.label},
            "status": {"label": {code: about.marks[code] for code in sorted(set(status.values()))}},
        },
    }


def collection(
    items: Sequence[Mapping[str, Any]], about: About, *, label: str, href: str = ""
) -> dict[str, Any]:
    """Return several datasets as one collection."""
    return {
        "version": VERSION,
        "class": "collection",
        **({"href": href} if href else {}),
        "label": label,
        "updated": about.updated.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "link": {"item": list(items)},
    }


def as_json(made: Mapping[str, Any]) -> bytes:
    """Return it written out, the same bytes each time."""
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def _axes(table: Table) -> list[tuple[str, Sequence[Heading]]]:
    if not table.codes or not table.dimensions or len(table.codes) != len(table.head) - 1:
        raise ValueError(table.name)
    rows = list(dict.fromkeys(Heading(code=row.code, label=row.label) for row in table.lines))
    groups = list(dict.fromkeys(row.group for row in table.lines if row.group))
    parted = len(table.dimensions) > 1
    columns = [
        Heading(code=code, label=label) for code, label in zip(table.codes, table.head[1:], strict=True)
    ]
    names = [*table.dimensions, "kind"]
    return list(zip(names, [*([groups] if parted else []), rows, columns], strict=True))


def _cells(table: Table) -> dict[tuple[str, ...], Shown]:
    return {
        (*_key(table, row), code): cell
        for row in table.lines
        for code, cell in zip(table.codes, row.cells, strict=True)
    }


def _key(table: Table, row: Row) -> tuple[str, ...]:
    if len(table.dimensions) > 1:
        return (row.group.code if row.group else "", row.code)
    return (row.code,)
