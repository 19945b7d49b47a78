"""The tree stays readable."""

import re

from tests.architecture import sources

INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
DATA = 'type="application/ld+json"'
"""A script element that is data, which no browser runs."""
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>", re.IGNORECASE)
UNSAFE = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")


def test_no_file_is_too_long_to_read():
    assert sources.too_long() == []


def test_names_of_modules_say_something():
    assert sources.badly_named() == []


def test_no_checker_is_sent_away_without_a_reason():
    assert sources.without_reason() == []


def test_templates_hold_no_styles_and_no_scripts():
    found = []
    for path in sources.files(".html"):
        text = path.read_text(encoding="utf-8")
        found += [f"{path.name}: {match.group()}" for match in INLINE.finditer(text)]
        found += [
            f"{path.name}: {match.group()}"
            for match in SCRIPT.finditer(text)
            if not any(kind in match.group("attributes") for kind in ("src=", DATA))
        ]
    assert found == []


def test_templates_never_switch_escaping_off():
    found = [
        f"{path.name}: {match.group()}"
        for path in sources.files(".html")
        for match in UNSAFE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_macro_is_imported_without_context():
    found = [
        path.name for path in sources.files(".html") if "with context" in path.read_text(encoding="utf-8")
    ]
    assert found == []
