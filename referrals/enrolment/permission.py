"""What somebody agrees to when they enrol: a text in versions, so that it is known what was read."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from servicetray.core.db import in_language
from servicetray.core.municipalities import municipalities
from servicetray.core.settings import current_settings
from themes.directory.queries import provider_names
from themes.happenings.groups import GroupView

FILE: Final = Path(__file__).with_name("permission.toml")


@dataclass(frozen=True, kw_only=True)
class Permission:
    """The text in force, as one group's form shows it."""

    version: str
    language: str
    lines: Sequence[str]


def for_group(view: GroupView, *, language: str) -> Permission:
    """Return the text in force for a group, in the language of the page."""
    text = versions()[-1]
    names = provider_names([view.provider_id])
    until = text["until_endless" if view.endless else "until_term"][language]
    filled = {
        "provider": in_language(names.get(view.provider_id), language).text,
        "controller": controller_name(view.municipality_code, language=language),
        "until": until.format(days=current_settings().enrolment_keep_days),
    }
    return Permission(
        version=text["name"], language=language, lines=[line.format(**filled) for line in text[language]]
    )


def controller_name(municipality_code: str | None, *, language: str) -> str:
    """Return the name of whoever is responsible for the data: a municipality, or the county."""
    found = next((each for each in municipalities() if each.code == municipality_code), None)
    return in_language(found.name if found else current_settings().county_name, language).text


@cache
def versions() -> Sequence[dict[str, Any]]:
    """Return every version, the one in force last."""
    with FILE.open("rb") as file:
        found: Sequence[dict[str, Any]] = tomllib.load(file)["version"]
    return found
