"""Which themes a PTV service belongs to, by the rules of ``theme_rules.toml``."""

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from re import findall
from typing import Self

from themes.directory.operations import ClassificationKind
from themes.ptv.model import ImportedService

RULES_FILE = Path(__file__).with_suffix(".toml")

_MOST_THEMES = 3
_CLASS_WEIGHT = 3


@dataclass(frozen=True, kw_only=True)
class ThemeRule:
    """One theme's rule: codes of service classes, and patterns of words (``*`` stands for any letters)."""

    slug: str
    classes: frozenset[str]
    words: tuple[str, ...]


@dataclass(frozen=True)
class ThemeRules:
    """All rules, in the order in which themes win when they fit equally well."""

    rules: tuple[ThemeRule, ...]

    @classmethod
    def load(cls, path: Path = RULES_FILE) -> Self:
        """Read a rules file; raise ValueError or KeyError if it isn't one."""
        with path.open("rb") as file:
            told = tomllib.load(file)
        return cls(
            tuple(
                ThemeRule(
                    slug=rule["slug"],
                    classes=frozenset(rule.get("classes", ())),
                    words=tuple(word.lower() for word in rule.get("words", ())),
                )
                for rule in told["theme"]
            )
        )

    def themes_of(self, service: ImportedService) -> tuple[str, ...]:
        """Return the slugs of the themes that fit, the best first, three at most.

        Only services for people have themes: those that PTV gives to companies or authorities alone have none.
        """
        groups = service.codes(ClassificationKind.TARGET_GROUP)
        if groups and not any(code.startswith("KR1") for code in groups):
            return ()
        classes, words = service.codes(ClassificationKind.SERVICE_CLASS), _words(service)
        fits = {
            rule.slug: _CLASS_WEIGHT * len(rule.classes & classes)
            + sum(any(fnmatchcase(word, pattern) for word in words) for pattern in rule.words)
            for rule in self.rules
        }
        # sorted() is stable: of equals, the one that stands first in the file wins.
        ranked = sorted((slug for slug, fit in fits.items() if fit), key=lambda slug: -fits[slug])
        return tuple(ranked[:_MOST_THEMES])


def _words(service: ImportedService) -> frozenset[str]:
    """Return the words of names, keywords and ontology terms, in lower case, and the terms as wholes."""
    texts = [
        *service.name.values(),
        *service.alternative_name.values(),
        *(word for words in service.keywords.values() for word in words),
        *(
            name
            for term in service.classifications
            if term.kind is ClassificationKind.ONTOLOGY_TERM
            for name in term.name.values()
        ),
    ]
    lowered = [text.lower() for text in texts]
    return frozenset(lowered) | frozenset(word for text in lowered for word in findall(r"[\w-]+", text))
