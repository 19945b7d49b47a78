"""The report as a tagged PDF (PDF/UA-1: a screen reader reads it, too) and its picture, both set by Typst."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import typst
from flask_babel import pgettext as _p

from referrals.statistics.report.paste import Picture
from referrals.statistics.report.sentences import Speech, speech
from referrals.statistics.report.story import Story
from referrals.statistics.suppression import Shown
from referrals.statistics.tables import Row, Table

HERE: Final = Path(__file__).parent
REPORT: Final = HERE / "report.typ"
PICTURE: Final = HERE / "picture.typ"
STANDARD: Final = "ua-1"
DOTS_PER_INCH: Final = 192.0
FILLS: Final = ("#0c7078", "#e2a987", "#2f6b3c", "#8cbcc0")
"""Of the kinds in their order, from the mark of the service; neighbours differ in lightness, too."""


def pdf_of(
    stories: list[Story], *, title: str, notes: list[str], language: str, made_at: dt.datetime
) -> bytes:
    """Set a report as a PDF of A4 pages; the same report gives the same bytes.

    Raises:
        typst.TypstError: if the template can't be set.
    """
    say = speech(language)
    told = {
        "title": title,
        "language": language,
        "page_of": _p("monthly report", "Page"),
        "notes_title": _p("monthly report", "About this report"),
        "notes": notes,
        "stories": [_story(story, say) for story in stories],
    }
    made = typst.compile(
        str(REPORT),
        root=str(HERE),
        # The fonts that come with Typst: every machine sets the same page.
        ignore_system_fonts=True,
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def png_of(picture: Picture, *, language: str) -> bytes:
    """Draw a picture of bars as a PNG, 1,280 dots wide; the same picture gives the same bytes.

    Raises:
        typst.TypstError: if the template can't be set.
    """
    told = {**asdict(picture), "language": language, "fills": FILLS}
    made = typst.compile(
        str(PICTURE),
        root=str(HERE),
        ignore_system_fonts=True,
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        format="png",
        ppi=DOTS_PER_INCH,
    )
    assert isinstance(made, bytes)
    return made


def _story(story: Story, say: Speech) -> dict[str, Any]:
    return {
        "place": story.place,
        "lead": list(story.lead),
        "sections": [
            {
                "heading": section.heading,
                "paragraphs": list(section.paragraphs),
                "tables": [_table(table, say) for table in section.tables],
            }
            for section in story.sections
        ],
    }


def _table(table: Table, say: Speech) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "head": list(table.head),
        "rows": [_row(row, say) for row in table.rows],
        "foot": _row(table.foot, say) if table.foot else None,
        "note": table.note,
    }


def _row(row: Row, say: Speech) -> list[str]:
    return [row.label, *(_cell(cell, say) for cell in row.cells)]


def _cell(cell: Shown, say: Speech) -> str:
    return say.digits(cell) if isinstance(cell, int) else "\N{EN DASH}"
