"""Every value that people see has its words, in three languages."""

import importlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from flask_babel.speaklater import LazyString

from tests.architecture import catalogues, sources

PACKAGES = ("servicetray", "referrals", "themes")


def registries() -> Iterator[tuple[str, type[StrEnum], dict[Any, Any]]]:
    """Yield every dict that gives members of one enum lazy words: its name, the enum, the dict."""
    seen: set[int] = set()
    for package in PACKAGES:
        for name in sources.modules(package):
            if name.rpartition(".")[2] not in {"labels", "pages", "views", "forms"}:
                continue
            for attribute, value in vars(importlib.import_module(name)).items():
                if not isinstance(value, dict) or not value or id(value) in seen:
                    continue
                kinds = {type(key) for key in value}
                kind = kinds.pop()
                lazy = all(isinstance(words, LazyString) for words in value.values())
                if not kinds and issubclass(kind, StrEnum) and lazy:
                    seen.add(id(value))
                    yield f"{name}.{attribute}", kind, value


def translated(language: str) -> set[str]:
    """Return the English texts that have a translation."""
    return {key[1] for key, entry in catalogues.given(language) if all(catalogues._texts(entry.message))}


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_member_has_its_label(language):
    known = translated(language)
    found = []
    for name, kind, labels in registries():
        found += [f"{name} lacks {member!r}" for member in kind if member not in labels]
        found += [
            f"{name}: {language} lacks {words._args[-1]!r}"
            for words in labels.values()
            if words._args and words._args[-1] not in known
        ]
    assert not found, "\n".join(found)


def test_there_are_labels_to_check():
    assert len(list(registries())) >= 1
