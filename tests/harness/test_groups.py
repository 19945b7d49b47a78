"""What cannot run is named, and under CI it is a failure."""

import os
import subprocess
import sys

import pytest

from tests import groups

FILE = """
from tests import groups

def test_runs(): pass

def test_needs_a_server(): groups.cannot_run(groups.Group.POSTGRES, "no server here")
"""


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_group_that_cannot_run_is_said_loudly(tmp_path, ci, code):
    test = tmp_path / "test_sample.py"
    test.write_text(FILE)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", str(test)],
        cwd=groups.ROOT,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == code, run.stdout
    assert "NOT RUN: 1 tests of the group postgres" in run.stdout
    assert "because no server here" in run.stdout


def test_an_ordinary_skip_belongs_to_no_group():
    assert groups.group_of_skip("Skipped: not on Mondays") is None
