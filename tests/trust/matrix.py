"""docs/authorisation.toml, read: which people may use which route, asked about whose data."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask

from tests.architecture.sources import ROOT

FILE = ROOT / "docs" / "authorisation.toml"
EVERYONE, SIGNED_IN = "everyone", "everyone signed in"
OUTSIDE = ("stranger", "deactivated")
"""People who have not signed in, or not any more."""
SPOKEN = ("GET", "POST")
_PART = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
_CHOICE = re.compile(r"<any\(([^)]*)\):\w+>")


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method of one address, asked about certain objects."""

    method: str
    rule: str
    about: str
    open_to: frozenset[str]
    objects: Mapping[str, str]
    fields: Mapping[str, str]
    """What its form sends or its address asks for, as names of objects."""
    bare: bool
    """Whether it is asked without what it is about."""
    words: Mapping[str, str]
    """The same and parts of the address, as they stand."""

    def __str__(self) -> str:
        whose = ", ".join(self.objects.values())
        return f"{self.method} {self.rule}" + (f" about {whose}" if whose else "")

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of what stands in angle brackets."""
        return tuple(_PART.findall(_CHOICE.sub("", self.rule)))

    def path(self, values: Mapping[str, object]) -> str:
        """Return an address of the route; of a choice of words the first is taken."""
        chosen = _CHOICE.sub(lambda found: found[1].split(",")[0].strip("'\" "), self.rule)
        return _PART.sub(lambda found: str(values[found[1]]), chosen)

    def is_open_to(self, person: str) -> bool:
        """Whether this person gets in."""
        if EVERYONE in self.open_to:
            return True
        return person in self.open_to or (SIGNED_IN in self.open_to and person not in OUTSIDE)


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The whole file."""

    people: Mapping[str, str]
    objects: Mapping[str, str]
    routes: Sequence[Route]

    @property
    def named(self) -> frozenset[str]:
        """The routes that stand in it, as the file writes them."""
        return frozenset(f"{route.method} {route.rule}" for route in self.routes)

    @property
    def faults(self) -> list[str]:
        """People and objects that the file uses and does not name."""
        known = self.people.keys() | {EVERYONE, SIGNED_IN}
        return sorted(
            {f"{route}: nobody is called {who}" for route in self.routes for who in route.open_to - known}
            | {
                f"{route}: there is no {name}"
                for route in self.routes
                for name in (*route.objects.values(), *route.fields.values())
                if name not in self.objects
            }
        )


def read() -> Matrix:
    """Read the file."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    routes = [
        Route(
            method=line.split(" ", 1)[0],
            rule=line.split(" ", 1)[1],
            about=group["about"],
            open_to=frozenset(group["open_to"]),
            objects=group.get("with", {}),
            fields=group.get("send", {}),
            bare=group.get("bare", False),
            words=group.get("say", {}),
        )
        for group in raw["pages"]
        for line in group["routes"]
    ]
    return Matrix(people=raw["people"], objects=raw["objects"], routes=routes)


def served(app: Flask) -> Iterator[str]:
    """Yield the routes that the application has, as the file writes them."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in SPOKEN:
                if method in (rule.methods or ()):
                    yield f"{method} {rule.rule}"
