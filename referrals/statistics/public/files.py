"""Every table in every format: the addresses, and the bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for
from flask_babel import pgettext as _p

from referrals.statistics.public import labels, words
from referrals.statistics.public.contents import Contents
from referrals.statistics.public.formats import dictionary, jsonstat, pdf, xlsx
from referrals.statistics.public.names import Names
from referrals.statistics.public.pages import File
from referrals.statistics.publication.tables import ReleaseHead
from referrals.statistics.tables import Table, as_csv
from servicetray.core.db import in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.settings import current_settings
from servicetray.core.tables import Heading

WHOLE: Final = "kaikki"
"""In place of a table's name: all of them."""
FORMS: Final = (
    ("csv", "CSV", "FileCsv"),
    ("xlsx", "Excel", "FileExcel"),
    ("pdf", "PDF", "FilePdf"),
    ("json", "JSON-stat", "FileJson"),
)
CSV_TYPE: Final = "text/csv; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Made:
    """A file."""

    body: bytes
    content_type: str
    download: str = ""
    """Its name where it is to be kept; empty where a reader may open it."""


def links(release: ReleaseHead, name: str, *, version: int | None) -> Sequence[File]:
    """Return a table's files, or those of the whole year; of one version where it is named."""
    endpoint = "public_figures.version_table" if version else "public_figures.table"
    return [
        File(
            name=said,
            icon=icon,
            # A version that is None is left out of the address.
            url=url_for(endpoint, year=release.year, version=version, name=name, form=form),
        )
        for form, said, icon in FORMS
        # A CSV holds one table.
        if (name, form) != (WHOLE, "csv")
    ]


def made(shown: Contents, names: Names, *, name: str, form: str) -> Made:
    """Return a table as a file, or the whole year, in the language of the request.

    Raises:
        NotFoundError: if there is no such table, or the whole year was asked for as CSV.
    """
    if name == WHOLE and form == "csv":
        raise NotFoundError
    tables = shown.listed if name == WHOLE else [table for table in shown.listed if table.name == name]
    if not tables:
        raise NotFoundError
    release = shown.release
    file_name = f"{_p('file name', 'figures')}-{release.year}-v{release.version}-{name}.{form}"
    if form == "csv":
        return Made(body=as_csv(tables[0]).encode(), content_type=CSV_TYPE, download=file_name)
    beside = words.said_beside(shown, names)
    if form == "xlsx":
        body = xlsx.workbook(tables, title=words.title(release), notes=beside, made_at=release.published_at)
        return Made(body=body, content_type=xlsx.CONTENT_TYPE, download=file_name)
    if form == "pdf":
        body = pdf.pdf_of(
            tables,
            title=words.title(release),
            lead=words.citation(release),
            notes=[_p("figures", "Notes"), *beside[:-1]] if beside[:-1] else (),
            language=current_language(),
            made_at=release.published_at,
        )
        return Made(body=body, content_type=pdf.CONTENT_TYPE, download=file_name)
    return Made(body=_json(shown, names, tables, whole=name == WHOLE), content_type=jsonstat.CONTENT_TYPE)


def dictionary_file() -> Made:
    """Return the dictionary in all languages."""
    return Made(body=jsonstat.as_json(dictionary.dictionary()), content_type=jsonstat.CONTENT_TYPE)


def _json(shown: Contents, names: Names, tables: Sequence[Table], *, whole: bool) -> bytes:
    made = [
        jsonstat.dataset(table, _about(shown, names, table), href=_address(shown.release, table.name))
        for table in tables
    ]
    if not whole:
        return jsonstat.as_json(made[0])
    return jsonstat.as_json(
        jsonstat.collection(
            made,
            _about(shown, names, tables[0]),
            label=words.title(shown.release),
            href=_address(shown.release, WHOLE),
        )
    )


def _about(shown: Contents, names: Names, table: Table) -> jsonstat.About:
    entry = dictionary.metric(table.name)
    return jsonstat.About(
        source=in_language(current_settings().county_name, current_language()).text,
        updated=shown.release.published_at,
        notes=words.said_beside(shown, names),
        marks={code: str(label) for code, label in labels.MARKS.items()},
        metric=Heading(code=entry.code, label=str(entry.name)),
        dimensions={code: str(label) for code, label in labels.DIMENSION_NAMES.items()},
        year=shown.release.year,
    )


def _address(release: ReleaseHead, name: str) -> str:
    path = url_for(
        "public_figures.version_table", year=release.year, version=release.version, name=name, form="json"
    )
    return current_settings().public_url + path
