"""What the documents say is so: settings, licences, links, commands, and the tests they name."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import click
import pytest
from flask import Flask
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from servicetray import cli
from servicetray.app import create_app
from servicetray.core import access
from servicetray.core.access import Door
from servicetray.core.i18n import DEFAULT, LANGUAGES
from tests.architecture.sources import ROOT
from tests.database import settings_for

DOCS = ROOT / "docs"
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
LICENCES = DOCS / "licences.md"
NGINX = ROOT / "deploy" / "nginx" / "servicetray.conf"

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
TEST = re.compile(r"`(tests/[\w./]+)(?:::(\w+))?`")
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|", re.MULTILINE)
VERB = re.compile(r"^## ([a-z]+): ", re.MULTILINE)

BY_CLASSIFIER = {
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2",
}
"""Licences as classifiers write them, and how an SPDX expression for them begins."""


@pytest.fixture(scope="module")
def application() -> Flask:
    """The application; no database is asked."""
    return create_app(settings_for("sqlite://"))


def read(path: Path) -> str:
    """Return a document's text."""
    return path.read_text(encoding="utf-8")


def project() -> dict[str, object]:
    """Return pyproject's [project] table."""
    table: dict[str, object] = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    return table


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as repository hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", read(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# ------------------------------------------------------------------------------------------- links


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(path: Path):
    lost = []
    for target in LINK.findall(FENCE.sub("", read(path))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            lost.append(target)
    assert lost == []


def test_every_test_that_is_named_as_a_proof_exists():
    lost = []
    for path in DOCUMENTS:
        for file, name in TEST.findall(read(path)):
            place = ROOT / file
            if not place.exists() or (name and name not in functions(place)):
                lost.append(f"{path.name}: {file}::{name}")
    assert lost == []


def functions(path: Path) -> set[str]:
    """Return the names of the functions in a module."""
    return {node.name for node in ast.walk(ast.parse(read(path))) if isinstance(node, ast.FunctionDef)}


def test_a_decision_fits_one_page():
    decisions = sorted((DOCS / "adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(len(decisions)))
    too_long = [path.name for path in decisions if len(read(path).splitlines()) > 45]
    assert too_long == []


# ---------------------------------------------------------------------------------------- settings


def test_the_reference_of_settings_is_current():
    assert cli.reference() in read(DOCS / "settings.md"), "write docs/settings.md anew: servicetray settings"


# ---------------------------------------------------------------------------------------- commands


def commands(path: Path) -> Iterator[list[str]]:
    """Yield every ./dev and servicetray command of a document, in code spans and in blocks, as words."""
    text = read(path)
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    for line in [*lines, *CODE.findall(FENCE.sub("", text))]:
        for part in re.split(r"&&|;", line.partition(" #")[0]):
            words = part.split()
            if words and words[0] == "as_owner":
                words = words[1:]
            program = words[0].rpartition("/")[2] if words else ""
            if program == "dev" or (program == "servicetray" and len(words) > 1):
                yield [program, *words[1:]]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_exists(application: Flask, path: Path):
    verbs = {*VERB.findall(read(ROOT / "dev")), "help"}
    wrong = []
    for program, *words in commands(path):
        known = not words or words[0] in verbs if program == "dev" else is_command(application, words)
        if not known:
            wrong.append(f"{program} {' '.join(words)}")
    assert wrong == []


def is_command(application: Flask, words: list[str]) -> bool:
    """Whether these words are a command of ``servicetray`` with options that it has."""
    # Extensions bring theirs (`db`) as plugins.
    plugins = {plugin.name: plugin.load() for plugin in metadata.entry_points(group="flask.commands")}
    known: dict[str, click.Command] = {**plugins, **application.cli.commands, **cli.cli.commands}
    command = known.get(words[0])
    words = words[1:]
    while words and isinstance(command, click.Group):
        command, words = command.commands.get(words[0]), words[1:]
    if command is None:
        return False
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    return all(word in options for word in words if word.startswith("--"))


def test_the_commands_of_the_readme_are_found_at_all():
    found = {" ".join(words[:2]) for words in commands(ROOT / "README.md")}
    assert {"dev demo", "dev test", "dev lint", "servicetray statistics"} <= found


# ---------------------------------------------------------------------------------------- licences


def brought_by(requirement: str, known: set[str], extra: str = "") -> None:
    """Add an installed distribution and all that it brings, by canonical name."""
    wanted = Requirement(requirement)
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
        return
    name = canonicalize_name(wanted.name)
    if name in known and not wanted.extras:
        return
    known.add(name)
    for more in metadata.requires(wanted.name) or ():
        brought_by(more, known)
        for each in wanted.extras:
            brought_by(more, known, each)


def listed() -> dict[str, str]:
    """Return the packages of licences.md, with their licences."""
    rows = {name.strip(): licence.strip() for name, licence in ROW.findall(read(LICENCES))}
    return {name: licence for name, licence in rows.items() if name != "package" and "---" not in name}


def test_every_package_on_the_server_is_listed_with_its_licence():
    known: set[str] = set()
    dependencies = project()["dependencies"]
    assert isinstance(dependencies, list)
    for requirement in dependencies:
        brought_by(requirement, known)
    table = listed()
    assert sorted(known - table.keys()) == []
    differs = [f"{name}: {table[name]}" for name in sorted(known) if not agrees(name, table[name])]
    assert differs == []


def agrees(name: str, licence: str) -> bool:
    """Whether a licence is the one that the installed package tells."""
    told = metadata.metadata(name)
    if told["License-Expression"]:
        return licence == str(told["License-Expression"])
    classifiers = [
        line.rpartition(":: ")[2] for line in told.get_all("Classifier") or () if "License ::" in line
    ]
    if classifiers:
        return all(BY_CLASSIFIER[each] in licence for each in classifiers)
    return licence == str(told["License"])


def test_every_package_of_tests_checks_and_browsers_is_listed():
    extras = project()["optional-dependencies"]
    assert isinstance(extras, dict)
    names = {canonicalize_name(Requirement(each).name) for extra in extras.values() for each in extra}
    frontend = json.loads(read(ROOT / "servicetray" / "frontend" / "package.json"))
    assert sorted((names | frontend["dependencies"].keys()) - listed().keys()) == []


# ----------------------------------------------------------------------------------------- servers


def test_nginx_keeps_no_page_of_those_who_sign_in(application: Flask):
    """Every path behind a door, and the doors themselves, fall under a location without a cache."""
    uncached = [
        re.compile(pattern)
        for pattern, body in re.findall(r"location ~ (\S+) \{(.*?)\n    \}", read(NGINX), re.DOTALL)
        if "proxy_cache " not in body
    ]
    kept = []
    for rule in application.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        marker = access.marker_of(application.view_functions[rule.endpoint])
        open_to_all = marker is not None and marker.door is Door.PUBLIC
        if open_to_all and not rule.rule.startswith("/kirjaudu"):
            continue
        for language in LANGUAGES:
            path = rule.rule if language == DEFAULT else f"/{language}{rule.rule}"
            if not any(pattern.search(path) for pattern in uncached):
                kept.append(path)
    assert kept == []


def test_the_roles_of_postgresql_leave_clients_out_of_the_catalogue(application: Flask):
    """The list of what the catalogue's role reads names tables that exist, and none that tells of people."""
    text = read(ROOT / "deploy" / "postgresql" / "roles.sql")
    named = set(re.findall(r"'(\w+)'", text.partition("GRANT SELECT ON %I TO servicetray_catalogue")[2]))
    assert {"service", "theme", "search_index"} <= named
    tables = application.extensions["migrate"].db.metadata.tables
    assert named - tables.keys() <= {"public", "search_index", "alembic_version"}
    with_people = {
        name
        for name, table in tables.items()
        if any(
            key.column.table.name in {"user_account", "referral", "counselling_case", "sign_in_session"}
            for column in table.columns
            for key in column.foreign_keys
        )
    }
    assert not named & (
        with_people | {"user_account", "referral", "counselling_case", "audit_row", "data_key"}
    )
