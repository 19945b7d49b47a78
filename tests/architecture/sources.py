"""The project's own files: their sizes and names. ``python -m tests.architecture.sources`` checks them."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("servicetray", "referrals", "themes", "migrations", "templates", "tests", "benchmarks")
SUFFIXES = frozenset({".py", ".html", ".css", ".js", ".mjs", ".txt"})
COUNTED = SUFFIXES - {".txt"}
MOST_LINES = 400
NOT_OURS = frozenset({"node_modules", "build", "__pycache__"})
MARK = re.compile(r"# (?P<kind>noqa|type: ignore)\b(?P<rest>.*)")
"""Where a checker is told to look away."""
REASONED = re.compile(r": [A-Z0-9, ]+ - \S|\[[a-z, -]+\]  # \S")
EMPTY_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "services"})
"""Names that say nothing; and Service is the catalogue's noun, never a layer of code."""


def files(*suffixes: str) -> Iterator[Path]:
    """Yield our own files with these suffixes (all that we look at, where none is given)."""
    wanted = frozenset(suffixes) or SUFFIXES
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            inside = path.relative_to(ROOT)
            if path.suffix in wanted and path.is_file() and not NOT_OURS & set(inside.parts):
                yield path


def modules(package: str) -> Iterator[str]:
    """Yield the dotted names of a package's modules that can be imported."""
    for path in files(".py"):
        inside = path.relative_to(ROOT).with_suffix("")
        if inside.parts[0] == package:
            parts = inside.parts[:-1] if inside.name == "__init__" else inside.parts
            yield ".".join(parts)


def too_long() -> list[str]:
    """Return the files that want splitting."""
    found = []
    for path in files(*COUNTED):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > MOST_LINES:
            found.append(f"{path.relative_to(ROOT)}: {lines} lines, at most {MOST_LINES}")
    return found


def badly_named() -> list[str]:
    """Return the modules whose name says nothing."""
    return [
        f"{path.relative_to(ROOT)}: {path.stem!r} says nothing of what is inside"
        for path in files(".py")
        if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES
    ]


def without_reason() -> list[str]:
    """Return the marks that send a checker away without saying why."""
    found = []
    for path in files(".py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            mark = MARK.search(line)
            if mark and not REASONED.match(mark["rest"]):
                found.append(f"{path.relative_to(ROOT)}:{number}: {mark['kind']} without a reason")
    return found


def main() -> int:
    """Print the faults; the exit code says whether there are any."""
    faults = [*too_long(), *badly_named(), *without_reason()]
    for fault in faults:
        print(fault)  # noqa: T201 - a command
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
