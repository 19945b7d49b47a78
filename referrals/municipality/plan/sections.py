"""The plan on the page of a case: its goals, and the way to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from referrals.municipality.inbox.case.sections import Asked, Place, Section
from referrals.municipality.plan import operations, queries
from referrals.municipality.plan.models import LineKind


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the section says."""

    goals: Sequence[str]
    """Those that are open."""
    open_lines: int
    done_lines: int
    page_url: str


def plan(asked: Asked) -> Section | None:
    """Return the section: for an open case always, for a closed one where there is a plan."""
    file = asked.file
    lines = queries.lines_of(file.id)
    if file.content is None or (not lines and not file.is_open):
        return None
    texts = {
        line.id: operations.content_of(line, municipality_code=file.municipality_code).text
        for line in lines
        if line.kind is LineKind.GOAL and line.done_at is None
    }
    return Section(
        template="referrals/plan/section.html",
        data=Shown(
            goals=list(texts.values()),
            open_lines=sum(line.done_at is None for line in lines),
            done_lines=sum(line.done_at is not None for line in lines),
            page_url=url_for("plan.plan", case_id=file.id),
        ),
        place=Place.ASIDE,
    )
