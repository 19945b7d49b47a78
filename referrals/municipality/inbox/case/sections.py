"""Parts of a case's page that other features bring: a plan, follow-ups, appointments.

A feature calls ``add_section(app, build)`` in its ``init_app``. ``build`` is asked for every page of a case, after
the reader was found to be allowed to open it, and answers with a template and its data, or with None. Its forms
are ``CaseForm``s: ``asked.form(PlanForm)`` gives the one that came back with mistakes, else a fresh one
that knows the state of the case. Its views call ``showing.enter``.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import Flask, current_app

from referrals.municipality.inbox.case.file import CaseFile
from referrals.municipality.inbox.case.forms import CaseForm
from referrals.municipality.inbox.pages import Words
from referrals.municipality.inbox.scope import Scope

F = TypeVar("F", bound=CaseForm)

EXTENSION = "servicetray-case-sections"


class Place(StrEnum):
    """Where on the page a section stands."""

    NEXT = "next"
    """Within reach of the next step: before the folded entries."""
    WORK = "work"
    """After the entries, before what has happened."""
    ASIDE = "aside"
    """Beside the work, with what is known of the referral."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a section is built from."""

    file: CaseFile
    scope: Scope
    words: Words
    now: dt.datetime
    came_back: CaseForm | None
    """The form that is shown again, whoever's it is."""

    def form(self, kind: type[F], *, when: bool = True) -> F | None:
        """Return a form of the page: as typed if it came back, else empty; None where it is not offered."""
        if not when:
            return None
        if isinstance(self.came_back, kind):
            return self.came_back
        made = kind(formdata=None)
        made.state.data = str(self.file.state)
        return made


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the page. The template is included with ``section`` and ``page`` at hand."""

    template: str
    data: object
    """What the template shows, as ``section.data``."""
    forms: tuple[CaseForm, ...] = ()
    """The forms in it: one of these that comes back keeps its text itself."""
    place: Place = Place.WORK


Build = Callable[[Asked], Section | None]


def add_section(app: Flask, build: Build, *, position: int) -> None:
    """Put a section on the page of every case.

    Args:
        app: the application.
        build: makes the section of one case, or None where it has nothing to say.
        position: its place among the others of the same ``Place``; smaller is earlier.
    """
    app.extensions.setdefault(EXTENSION, []).append((position, build))


def sections_of(asked: Asked) -> tuple[Section, ...]:
    """Return the sections of a case's page, in order."""
    registered: list[tuple[int, Build]] = current_app.extensions.get(EXTENSION, [])
    found = (build(asked) for _position, build in sorted(registered, key=lambda each: each[0]))
    return tuple(each for each in found if each is not None)
