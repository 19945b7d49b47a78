"""The page of all tests and programmes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from servicetray.core.pages import Page, Text
from themes.tools.labels import TOOL_KINDS
from themes.tools.queries import ToolLink
from themes.topics.queries import PublishedTheme


@dataclass(frozen=True, kw_only=True)
class ToolsOfTheme:
    """A theme and what there is to try beside it."""

    theme: PublishedTheme
    url: str
    tools: Sequence[ToolLink]


@dataclass(frozen=True, kw_only=True)
class ToolsPage(Page):
    """Tests, programmes and links of all themes."""

    template: ClassVar[str] = "themes/tools/tools.html"
    themes: Sequence[ToolsOfTheme]

    def kind_label(self, tool: ToolLink) -> Text:
        """Return the words for what a tool is."""
        return TOOL_KINDS[tool.kind]
