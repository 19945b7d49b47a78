"""What imports did, and why a service is not shown."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import Localized, in_language
from servicetray.core.i18n import current_language
from servicetray.core.pages import Page, Text, render
from themes.directory import queries as directory
from themes.directory.desk import labels as desk_labels
from themes.directory.desk import queries as desk
from themes.directory.desk.hindrances import KEEPS_OUT, Hindrance, hindrances
from themes.directory.desk.lists import id_in, named
from themes.directory.desk.queries import Kept
from themes.directory.desk.scope import Scope, scope_of
from themes.directory.filters import page_number
from themes.ptv import desk_labels as labels
from themes.ptv import queries
from themes.ptv.queries import ImportRun, Trouble
from themes.ptv.reading import identifier
from themes.ptv.sources import Kind

blueprint = Blueprint("import_desk", __name__)

PAGE_SIZE: Final = 30
MOST_ANSWERS: Final = 10
EVERYTHING: Final = Scope(providers=None)


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """A run in the list."""

    id: int
    started_at: dt.datetime
    address: str
    outcome: Text
    colour: str
    counts: Mapping[str, int]
    retired: int


@dataclass(frozen=True, kw_only=True)
class RunsPage(Page):
    """Every run, the newest first."""

    template: ClassVar[str] = "themes/ptv/runs.html"
    rows: Sequence[RunRow]
    words: Mapping[str, Text]
    page: int
    last: int
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A problem of a run; a service that is here has an address."""

    kind: Text
    id: str
    url: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A service that a run retired, brought back, or left in part as it was changed here."""

    id: uuid.UUID
    name: Localized
    fields: Sequence[Text] = ()
    """What of it stays as it was changed here."""


@dataclass(frozen=True, kw_only=True)
class RunPage(Page):
    """The report of one run."""

    template: ClassVar[str] = "themes/ptv/run.html"
    row: RunRow
    finished_at: dt.datetime | None
    said: Text
    words: Mapping[str, Text]
    retired: Sequence[Changed]
    returned: Sequence[Changed]
    kept: Sequence[Changed]
    problems: Sequence[Told]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule that stands in the way, and how to mend it."""

    why: Text
    mend: Text


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A service that was asked about."""

    id: uuid.UUID
    name: Localized
    provider: str
    is_seen: bool
    keeps_out: Sequence[Rule]
    hinders: Sequence[Rule]


@dataclass(frozen=True, kw_only=True)
class WhyPage(Page):
    """Why a service is not shown."""

    template: ClassVar[str] = "themes/ptv/why.html"
    words: str
    answers: Sequence[Answer]
    more: int
    """How many other services have such a name."""
    asked_id: bool
    """Whether an address or id was typed, rather than a name."""
    trouble: Trouble | None
    last_run: RunRow | None
    may_see_runs: bool


@blueprint.get("/sisalto/miksi")
@access.needs(Permission.CONTENT_EDIT, Permission.PROVIDER_EDIT)
def why() -> BaseResponse:
    """Say of a service (``q``: name, address or id) which rules keep it out, and how to mend each."""
    language, today, scope = current_language(), clock.helsinki_day(clock.now()), scope_of(who())
    words = request.args.get("q", "").strip()[:300]
    found = named(desk.kept_services(scope), words) if words else []
    found = desk.sorted_by_need(found, desk.Pile.ALL, language=language)
    asked_id = id_in(words)
    last = queries.last_run()
    return render(
        WhyPage(
            title=_("Why is it not shown?"),
            words=words,
            answers=_answers(found[:MOST_ANSWERS], language, today),
            more=max(0, len(found) - MOST_ANSWERS),
            asked_id=asked_id is not None,
            trouble=queries.trouble_with(asked_id) if asked_id and not found and scope.is_all else None,
            last_run=_row(last) if last and scope.is_all else None,
            may_see_runs=scope.is_all,
        )
    )


@blueprint.get("/sisalto/tuonnit")
@access.needs(Permission.CONTENT_EDIT)
def runs() -> BaseResponse:
    """Show what each import did, the newest first."""
    page, last = page_number(request.args.get("sivu"), total=queries.run_count(), size=PAGE_SIZE)
    return render(
        RunsPage(
            title=_("Imports"),
            rows=[_row(run) for run in queries.runs(limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)],
            words=labels.COUNTS,
            page=page,
            last=last,
            previous_url=url_for(".runs", sivu=page - 1) if page > 1 else None,
            next_url=url_for(".runs", sivu=page + 1) if page < last else None,
        )
    )


@blueprint.get("/sisalto/tuonnit/<int:run_id>")
@access.needs(Permission.CONTENT_EDIT)
def run(run_id: int) -> BaseResponse:
    """Show the report of one import."""
    found = queries.run_required(run_id)
    here = {each.id: each for each in desk.kept_services(EVERYTHING)}
    row = _row(found)
    return render(
        RunPage(
            title=_("Import of %(day)s", day=f"{clock.helsinki(found.started_at):%-d.%-m.%Y}"),
            row=row,
            finished_at=found.finished_at,
            said=labels.RETIREMENTS[found.retirement] if found.retirement else labels.UNTOLD,
            words=labels.COUNTS,
            retired=_changed(found.retired, here),
            returned=_changed(found.returned, here),
            kept=_kept(found.kept, here),
            problems=[_told(problem, here) for problem in found.problems],
        )
    )


def _answers(found: Sequence[Kept], language: str, today: dt.date) -> Sequence[Answer]:
    facts = desk.facts_of([each.id for each in found], today=today)
    names = directory.provider_names({each.provider_id for each in found if each.provider_id})
    answers = []
    for each in found:
        rules = hindrances(facts[each.id], today=today)
        answers.append(
            Answer(
                id=each.id,
                name=in_language(each.name, language),
                provider=in_language(
                    names.get(each.provider_id) if each.provider_id else None, language
                ).text,
                is_seen=not KEEPS_OUT & set(rules),
                keeps_out=[_rule(rule) for rule in rules if rule in KEEPS_OUT],
                hinders=[_rule(rule) for rule in rules if rule not in KEEPS_OUT],
            )
        )
    return answers


def _rule(rule: Hindrance) -> Rule:
    return Rule(why=desk_labels.WHY[rule], mend=desk_labels.MEND[rule])


def _row(run: ImportRun) -> RunRow:
    return RunRow(
        id=run.id,
        started_at=run.started_at,
        address=run.address,
        outcome=labels.SHORT[run.retirement] if run.retirement else _p("import", "Unfinished"),
        colour=labels.COLOURS[run.retirement] if run.retirement else "neutral",
        counts=run.counts,
        retired=len(run.retired),
    )


def _changed(ids: Sequence[str], here: Mapping[uuid.UUID, Kept]) -> Sequence[Changed]:
    language = current_language()
    known = [here[found] for told in ids if (found := uuid.UUID(told)) in here]
    return [Changed(id=each.id, name=in_language(each.name, language)) for each in known]


def _kept(told: Sequence[Mapping[str, Any]], here: Mapping[uuid.UUID, Kept]) -> Sequence[Changed]:
    fields = {str(each.get("id")): each.get("fields") or () for each in told}
    return [
        replace(
            each,
            fields=[desk_labels.FIELDS[name] for name in fields[str(each.id)] if name in desk_labels.FIELDS],
        )
        for each in _changed(list(fields), here)
    ]


def _told(problem: Mapping[str, object], here: Mapping[uuid.UUID, Kept]) -> Told:
    kind, told = str(problem.get("kind")), str(problem.get("id") or "")
    found = identifier(told)
    is_here = found in here
    return Told(
        kind=labels.KINDS[Kind(kind)] if kind in set(Kind) else kind,
        id=told,
        url=url_for("service_desk.one", service_id=found) if is_here and found else "",
        reason=str(problem.get("reason") or ""),
    )
