"""Tests through pages take one engine each in an ordinary run; all others run on both."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import groups
from tests.engines import ENGINES, chosen, long_ones_first

FILE = """
import pytest

@pytest.mark.parametrize("number", range(40))
def test_of_a_page(client, number): pass

@pytest.mark.both_engines
def test_of_a_page_and_the_engine(client): pass

@pytest.mark.trust
def test_of_a_proof(database): pass

@pytest.mark.trust
@pytest.mark.one_engine
def test_of_every_page(database): pass

def test_beneath(database): pass

def test_of_no_database(): pass
"""


def _collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long: str) -> list[str]:
    test = tmp_path / "test_sample.py"
    test.write_text(FILE)
    monkeypatch.setenv("SERVICETRAY_TEST_LONG", long)
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--collect-only", "--verbosity=-1"),
            *("-c", "pyproject.toml", "-o", "addopts=", "-p", "tests.conftest", "-p", "no:cacheprovider"),
            str(test),
        ],
        cwd=groups.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    return [line for line in run.stdout.splitlines() if "::test_" in line]


def test_each_page_s_test_runs_once_and_the_rest_on_both(tmp_path, monkeypatch):
    lines = _collected(tmp_path, monkeypatch, "")
    pages = [line for line in lines if "test_of_a_page[" in line]
    assert len(pages) == 40
    assert all(any(engine in line for line in pages) for engine in ENGINES)
    assert sum("test_of_a_page_and_the_engine" in line for line in lines) == 2
    assert sum("test_of_a_proof" in line for line in lines) == 2
    assert sum("test_of_every_page" in line for line in lines) == 1
    assert sum("test_beneath" in line for line in lines) == 2
    assert sum("test_of_no_database" in line for line in lines) == 1


def test_the_long_run_leaves_nothing_out(tmp_path, monkeypatch):
    lines = _collected(tmp_path, monkeypatch, "1")
    assert sum("test_of_a_page[" in line for line in lines) == 80
    assert sum("test_of_every_page" in line for line in lines) == 2


def test_a_name_always_takes_the_same_engine():
    assert chosen("tests/a.py::test_b") == chosen("tests/a.py::test_b")
    assert {chosen(f"test_{number}") for number in range(20)} == set(ENGINES)


def test_long_proofs_come_first_and_engines_stay_together(request: pytest.FixtureRequest):
    here = request.node

    def item(name: str, engine: str, *marks: pytest.Mark) -> pytest.Function:
        made = pytest.Function.from_parent(here.parent, name=name, callobj=lambda: None)
        made.own_markers = list(marks)
        made.callspec = SimpleNamespace(params={"engine_name": engine})  # type: ignore[assignment]  # all that is read
        return made

    items = [item(f"{engine}-{n}", engine) for engine in ENGINES for n in range(2)]
    items[1].add_marker(pytest.mark.trust)
    items[3].add_marker(pytest.mark.trust)
    assert [each.name for each in long_ones_first(items)] == [items[n].name for n in (1, 0, 3, 2)]
