"""Tables as a tagged PDF, set by Typst (PDF/UA-1: readable by a screen reader, too)."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import typst

from referrals.statistics.tables import Row, Table, in_words
from servicetray.core.tables import heads, names

CONTENT_TYPE: Final = "application/pdf"
TEMPLATE: Final = Path(__file__).with_name("figures.typ")
STANDARD: Final = "ua-1"
NOTHING: Final = "–"


def pdf_of(
    tables: Sequence[Table],
    *,
    title: str,
    lead: str,
    notes: Sequence[str],
    language: str,
    made_at: dt.datetime,
) -> bytes:
    """Set tables as a PDF of A4 pages; the same tables at the same time (aware) give the same bytes.

    Raises:
        typst.TypstError: if the template can't be set.
    """
    sheet = {
        "title": title,
        "lead": lead,
        "notes": list(notes),
        "language": language,
        "tables": [_table(table) for table in tables],
    }
    made = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        # The fonts that come with Typst: every machine sets the same page.
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "note": table.note,
        "stubs": len(heads(table)) - len(table.head) + 1,
        "head": heads(table),
        "rows": [_line(table, row) for row in table.rows],
        "foot": _line(table, table.foot) if table.foot else [],
    }


def _line(table: Table, row: Row) -> list[dict[str, Any]]:
    return [
        *({"text": name, "hidden": False} for name in names(table, row)),
        # Numbers without a space between thousands: they are copied from here into spreadsheets.
        *(
            {"text": str(in_words(cell)) or NOTHING, "hidden": not isinstance(cell, int)}
            for cell in row.cells
        ),
    ]
