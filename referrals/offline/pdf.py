"""The blank form as a tagged PDF, set by Typst (PDF/UA-1: readable by a screen reader, too)."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

import typst

from referrals.offline.blank import Sheet

TEMPLATE = Path(__file__).with_name("blank.typ")
STANDARD: Final = "ua-1"


def pdf_of(sheet: Sheet, *, now: dt.datetime) -> bytes:
    """Set a sheet as a PDF of A4 pages; the same sheet at the same time gives the same bytes.

    Raises:
        typst.TypstError: if the template can't be set.
    """
    made = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        # The fonts that come with Typst: every machine sets the same page.
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(asdict(sheet), ensure_ascii=False)},
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=int(now.timestamp()),
    )
    assert isinstance(made, bytes)
    return made
