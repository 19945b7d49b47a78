"""Tables as an Excel workbook: a sheet for each, and one that says how to read them."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Any, Final

import xlsxwriter
from flask_babel import pgettext as _p

from referrals.statistics.tables import Table, in_words
from servicetray.core.tables import heads, names

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME: Final = 31
"""Of a sheet, in characters: Excel refuses more."""
WIDEST: Final = 44
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")


def workbook(
    tables: Sequence[Table],
    *,
    title: str = "",
    notes: Sequence[str] = (),
    made_at: dt.datetime | None = None,
) -> bytes:
    """Return a workbook: each table on a sheet with its heading frozen, then the notes.

    Numbers are numbers. Everything else is text and stays text: nothing in a cell is a formula or a link
    (OWASP, CSV injection). The same tables at the same ``made_at`` (aware) give the same bytes.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    made = made_at.astimezone(dt.UTC).replace(tzinfo=None) if made_at else None
    book.set_properties({"title": title, **({"created": made} if made else {})})
    taken: set[str] = set()
    for table in tables:
        _write_table(book, table, sheet_name(table.caption, taken))
    notes = [*notes, *(f"{table.caption}: {table.note}" for table in tables if table.note)]
    if notes:
        _write_notes(book, title, notes, sheet_name(_p("figures", "Notes"), taken))
    book.close()
    return file.getvalue()


def sheet_name(wish: str, taken: set[str]) -> str:
    """Return a name that Excel takes and no sheet has yet, and remember it."""
    base = _FORBIDDEN.sub(" ", wish).strip(" '")[:LONGEST_NAME].strip(" '") or "1"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        end = f" {number}"
        name = base[: LONGEST_NAME - len(end)] + end
    taken.add(name.casefold())
    return name


def _write_table(book: Any, table: Table, name: str) -> None:
    sheet = book.add_worksheet(name)
    strong = book.add_format({"bold": True})
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    number, total = (book.add_format({"num_format": "0", "bold": bold}) for bold in (False, True))
    word, total_word = (book.add_format({"align": "right", "bold": bold}) for bold in (False, True))
    head = heads(table)
    for column, text in enumerate(head):
        sheet.write_string(0, column, text, heading)
    stubs = len(head) - len(table.head) + 1
    for place, row in enumerate(table.lines, start=1):
        last = row is table.foot
        for column, text in enumerate(names(table, row)):
            sheet.write_string(place, column, text, strong if last else None)
        for column, cell in enumerate(row.cells, start=stubs):
            said = in_words(cell)
            if isinstance(said, int):
                sheet.write_number(place, column, said, total if last else number)
            else:
                sheet.write_string(place, column, said, total_word if last else word)
    sheet.freeze_panes(1, stubs)
    for column in range(len(head)):
        texts = [
            head[column],
            *(each[column] for row in table.lines if column < len(each := names(table, row))),
        ]
        sheet.set_column(column, column, min(WIDEST, max(10, *(len(text) + 2 for text in texts))))
    sheet.repeat_rows(0)
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{table.caption.replace('&', '&&')}")


def _write_notes(book: Any, title: str, notes: Sequence[str], name: str) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 100)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    lines = [title, *notes] if title else list(notes)
    for place, text in enumerate(lines):
        sheet.write_string(
            place, 0, text, book.add_format({"bold": True}) if title and not place else wrapped
        )
