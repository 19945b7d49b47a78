"""Addresses of the public figures: a year, each version of it, each table in each format, the dictionary."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from referrals.statistics.public import files, words
from referrals.statistics.public.contents import Contents, contents
from referrals.statistics.public.formats import dictionary
from referrals.statistics.public.names import Names, names
from referrals.statistics.public.pages import (
    DictionaryPage,
    NoFiguresPage,
    PublicFiguresPage,
    VersionLink,
    YearLink,
)
from referrals.statistics.public.sections import sections
from referrals.statistics.publication import queries
from referrals.statistics.publication.tables import Release
from referrals.statistics.suppression import Mark
from referrals.statistics.tables import month_label
from servicetray.core import access, caching
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render

blueprint = Blueprint("public_figures", __name__)

FOR_GOOD = 308
"""The status of an address that has moved and won't come back."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """A release with those of the years before it, and what it is made of."""

    releases: Mapping[int, Release]
    release: Release
    names: Names
    shown: Contents


@blueprint.get("/tilastot")
@access.public
def newest() -> AnyResponse:
    """Show the newest year; ``?vuosi=2024`` was a year's address once."""
    years = queries.years()
    asked = request.args.get("vuosi", "")
    if asked:
        if asked not in {str(year) for year in years}:
            raise NotFoundError
        return redirect(url_for(".year", year=int(asked)), FOR_GOOD)
    if not years:
        return render(NoFiguresPage(title=_("Figures")))
    return _page(_published(years[0]))


@blueprint.get("/tilastot/<int:year>")
@access.public
def year(year: int) -> Response:
    """Show the newest version of a year."""
    return _page(_published(year))


@blueprint.get("/tilastot/<int:year>/v<int:version>")
@access.public
def version(year: int, version: int) -> Response:
    """Show one version of a year: what it says never changes."""
    return _page(_published(year, version))


@blueprint.get("/tilastot/<int:year>.csv")
@access.public
def old_table(year: int) -> AnyResponse:
    """Lead from the address of a year's table as it was once."""
    if year not in queries.years():
        raise NotFoundError
    return redirect(url_for(".table", year=year, name="kuukaudet", form="csv"), FOR_GOOD)


@blueprint.get("/tilastot/<int:year>/<name>.<any(csv,xlsx,json,pdf):form>")
@access.public
def table(year: int, name: str, form: str) -> Response:
    """Give a table of a year's newest version, or ``kaikki``: all of them."""
    return _file(_published(year), name, form)


@blueprint.get("/tilastot/<int:year>/v<int:version>/<name>.<any(csv,xlsx,json,pdf):form>")
@access.public
def version_table(year: int, version: int, name: str, form: str) -> Response:
    """Give a table of one version, or ``kaikki``: all of them."""
    return _file(_published(year, version), name, form)


@blueprint.get("/tilastot/sanakirja")
@access.public
def words_of_figures() -> Response:
    """Show what every table, measure, dimension, mark and rule means."""
    return render(
        DictionaryPage(
            title=_("What the figures mean"),
            chapters=dictionary.chapters(),
            json_url=url_for(".dictionary_file"),
        )
    )


@blueprint.get("/tilastot/sanakirja.json")
@access.public
def dictionary_file() -> Response:
    """Give the dictionary for machines, in all languages."""
    return _kept(files.dictionary_file())


def _published(year: int, version: int | None = None) -> Published:
    """Return a release and what stands beside it.

    Raises:
        NotFoundError: if there is no such release.
    """
    release = queries.release(year, version)
    if release is None:
        raise NotFoundError
    earlier = [found for each in sorted(queries.years()) if each < year and (found := _as_of(release, each))]
    known = names(current_language())
    return Published(
        releases={each.year: each for each in (*earlier, release)},
        release=release,
        names=known,
        shown=contents(release, earlier, known),
    )


def _as_of(release: Release, year: int) -> Release | None:
    """Return another year as it stood when a release was published, so that the version's page stays the same."""
    heads = queries.versions(year)
    found = next((head for head in heads if head.published_at <= release.published_at), None)
    return queries.release(year, found.version) if found else None


def _page(made: Published) -> Response:
    release, shown = made.release, made.shown
    heads = queries.versions(release.year)
    is_newest = heads[0].version == release.version
    return render(
        PublicFiguresPage(
            title=words.title(release),
            year=release.year,
            years=[
                YearLink(year=each, url=url_for(".year", year=each), current=each == release.year)
                for each in queries.years()
            ],
            headlines=words.headlines(shown, made.releases, made.names),
            sections=sections(shown, made.names, version=None if is_newest else release.version),
            whole=files.links(release, files.WHOLE, version=None if is_newest else release.version),
            release=release,
            threshold=release.threshold,
            has_hidden=shown.has(Mark.HIDDEN),
            has_unused=shown.has(Mark.NOT_IN_USE),
            has_withheld=shown.has(Mark.WITHHELD) or bool(release.withheld),
            year_is_over=words.is_over(release),
            last_month=month_label(release.until),
            corrections=words.corrections(release),
            withheld=words.withheld(release, made.names),
            sources=words.sources(release),
            cite=words.citation(release),
            permanent=words.permanent_address(release),
            newest="" if is_newest else url_for(".year", year=release.year),
            versions=[
                VersionLink(
                    version=head.version,
                    url=url_for(".version", year=head.year, version=head.version),
                    published_at=head.published_at,
                    current=head.version == release.version,
                )
                for head in heads
            ],
        )
    )


def _file(made: Published, name: str, form: str) -> Response:
    return _kept(files.made(made.shown, made.names, name=name, form=form))


def _kept(file: files.Made) -> Response:
    """Answer with a file that any cache may hold, and that is asked for again by its fingerprint."""
    response = make_response(file.body)
    response.headers["Content-Type"] = file.content_type
    if file.download:
        response.headers["Content-Disposition"] = f'attachment; filename="{file.download}"'
    response.headers["Cache-Control"] = caching.SHARED
    response.add_etag()
    response.make_conditional(request)
    return response
