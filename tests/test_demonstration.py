"""The demonstration comes up only where it is meant, and never loses its keys."""

import json
import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from servicetray import demonstration


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a demonstration stands, in an environment that says nothing."""
    for name in [name for name in os.environ if name.startswith("SERVICETRAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(demonstration, "folder", lambda: tmp_path / "instance")
    demonstration.prepare(port=5000)
    return tmp_path / "instance"


@pytest.mark.parametrize("demanded", ["", "false", "0"])
def test_a_server_that_has_lost_its_settings_does_not_come_up_as_the_demonstration(
    place: Path, monkeypatch: pytest.MonkeyPatch, demanded: str
):
    """Invented people and a known password on an address where clients' own were expected."""
    if demanded:
        monkeypatch.setenv("SERVICETRAY_DEMO", demanded)
    with pytest.raises(ValidationError, match="database_url"):
        demonstration.served_app()


def test_a_server_that_is_asked_for_the_demonstration_serves_it(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SERVICETRAY_DEMO", "true")
    assert demonstration.served_app().extensions["servicetray.settings"].demo


def test_half_of_the_settings_are_no_demonstration(place: Path, monkeypatch: pytest.MonkeyPatch):
    """Not even where it is asked for: what is missing is said."""
    monkeypatch.setenv("SERVICETRAY_DEMO", "true")
    monkeypatch.setenv("SERVICETRAY_SECRET_KEY", "x" * 40)
    with pytest.raises(ValidationError, match="database_url"):
        demonstration.served_app()
    with pytest.raises(ValidationError, match="database_url"):
        demonstration.app_or_demonstration(say=print)


def test_a_command_says_that_it_works_on_the_demonstration(place: Path):
    said: list[str] = []
    assert demonstration.app_or_demonstration(say=said.append).extensions["servicetray.settings"].demo
    assert said == [f"No SERVICETRAY_DATABASE_URL and no keys are set: this is the demonstration in {place}."]


def test_the_keys_stay_through_a_change_that_breaks_off(place: Path, monkeypatch: pytest.MonkeyPatch):
    """A full disk in the middle of writing, with keys that everything has been sealed by."""
    before = (place / demonstration.KEPT).read_text(encoding="utf-8")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        demonstration.prepare(port=6000)
    assert (place / demonstration.KEPT).read_text(encoding="utf-8") == before
    assert [path.name for path in place.iterdir()] == [demonstration.KEPT]


def test_the_keys_are_their_owner_s_alone_and_made_once(place: Path):
    path = place / demonstration.KEPT
    first = json.loads(path.read_text(encoding="utf-8"))
    demonstration.prepare(port=6000)
    second = json.loads(path.read_text(encoding="utf-8"))
    assert (first["secret_key"], first["master_key"]) == (second["secret_key"], second["master_key"])
    assert second["public_url"] == "http://127.0.0.1:6000"
    assert path.stat().st_mode & 0o777 == 0o600
