"""The pages of self-care programmes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from servicetray.core.pages import Page, Text
from themes.directory.plain_text import Bullets, Paragraph
from themes.tools.queries import ToolLink
from themes.topics.queries import PublishedTheme


@dataclass(frozen=True, kw_only=True)
class ProgrammeTile:
    """A programme in the list."""

    name: str
    summary: str
    url: str
    steps: int
    minutes: int
    theme: PublishedTheme | None


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A step in the language of the page."""

    number: int
    title: str
    url: str
    text: Sequence[Paragraph | Bullets]
    tasks: Sequence[str]
    question: str


@dataclass(frozen=True, kw_only=True)
class ProgrammesPage(Page):
    """All programmes: ours first, then those that others keep."""

    template: ClassVar[str] = "themes/self_care/programmes.html"
    programmes: Sequence[ProgrammeTile]
    elsewhere: Sequence[ToolLink]
    label: Text


@dataclass(frozen=True, kw_only=True)
class ProgrammePage(Page):
    """One programme: what it is, its steps, where to begin."""

    template: ClassVar[str] = "themes/self_care/programme.html"
    slug: str
    lead: str
    heed: str
    minutes: int
    steps: Sequence[StepView]
    theme: PublishedTheme | None
    whole_url: str


@dataclass(frozen=True, kw_only=True)
class StepPage(Page):
    """One step of a programme."""

    template: ClassVar[str] = "themes/self_care/step.html"
    slug: str
    programme: str
    programme_url: str
    step: StepView
    steps: Sequence[StepView]
    theme: PublishedTheme | None
    search: str
    """Words that find services to go on with."""

    @property
    def previous(self) -> StepView | None:
        """The step before."""
        return self.steps[self.step.number - 2] if self.step.number > 1 else None

    @property
    def next(self) -> StepView | None:
        """The step after."""
        return self.steps[self.step.number] if self.step.number < len(self.steps) else None


@dataclass(frozen=True, kw_only=True)
class WholePage(Page):
    """A whole programme on one page, to read or to print."""

    template: ClassVar[str] = "themes/self_care/whole.html"
    lead: str
    heed: str
    steps: Sequence[StepView]
    programme_url: str
    theme: PublishedTheme | None
