"""The pages of the paths: residents' and editors'."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from servicetray.core.db import Localized
from servicetray.core.pages import Page, Text
from themes.guided_paths.desk_forms import PathForm
from themes.guided_paths.labels import TARGETS
from themes.guided_paths.queries import Fitting
from themes.guided_paths.targets import TargetLink
from themes.topics.pages import HELPLINES, Helpline
from themes.topics.queries import PublishedTheme


@dataclass(frozen=True, kw_only=True)
class PathLink:
    """A path in a list."""

    name: Localized
    summary: Localized
    url: str


@dataclass(frozen=True, kw_only=True)
class PathsOfTheme:
    """A theme and its paths."""

    theme: PublishedTheme
    paths: Sequence[PathLink]


@dataclass(frozen=True, kw_only=True)
class HelpPage(Page):
    """Where finding help begins: numbers, own words, all paths."""

    template: ClassVar[str] = "themes/guided_paths/help.html"
    query: str
    fitting: Sequence[tuple[Fitting, str]]
    """Paths that fit the words, with their addresses."""
    themes: Sequence[PathsOfTheme]
    helplines: Sequence[Helpline] = HELPLINES


@dataclass(frozen=True, kw_only=True)
class GivenView:
    """An answer that was given, and the address where it can be changed."""

    question: Localized
    answer: Localized
    url: str


@dataclass(frozen=True, kw_only=True)
class StepPage(Page):
    """One step: a question with its answers, or an end with what to do next."""

    template: ClassVar[str] = "themes/guided_paths/step.html"
    slug: str
    """Of the path."""
    path: Localized
    path_url: str
    theme: PublishedTheme | None
    heading: Localized
    text: Localized
    answers: Sequence[tuple[Localized, str]]
    """Answers and their addresses; none at an end."""
    links: Sequence[TargetLink]
    """What to do next; none at a question."""
    given: Sequence[GivenView]
    helplines: Sequence[Helpline]
    back_url: str
    all_url: str
    is_end: bool
    is_preview: bool = False

    def target_label(self, link: TargetLink) -> Text:
        """Return the words for what a target is."""
        return TARGETS[link.kind]


@dataclass(frozen=True, kw_only=True)
class DeskRow:
    """A path in the editors' list."""

    name: str
    url: str
    theme: str
    state: Text
    colour: str
    has_draft: bool
    faults: int
    """In what residents see."""
    changed: str
    """By whom and when; empty for what came with the product."""


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """All paths, for editors."""

    template: ClassVar[str] = "themes/guided_paths/desk.html"
    rows: Sequence[DeskRow]


@dataclass(frozen=True, kw_only=True)
class FaultView:
    """One thing to mend."""

    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class OutlineStep:
    """A step of a path in the editor's outline."""

    key: str
    is_end: bool
    text: str
    ways: Sequence[tuple[str, str]]
    """Of a question: answers and the keys that they lead to; of an end: kinds and values of targets."""
    preview_url: str


@dataclass(frozen=True, kw_only=True)
class EditPage(Page):
    """The text of one path, what is wrong with it, and its outline."""

    template: ClassVar[str] = "themes/guided_paths/edit.html"
    slug: str
    """Empty for a new path."""
    form: PathForm
    faults: Sequence[FaultView]
    outline: Sequence[OutlineStep]
    state: Text
    colour: str
    public_url: str
    has_draft: bool
    is_shown: bool
    changed_at: dt.datetime | None
    changed_by: str
    example: str
