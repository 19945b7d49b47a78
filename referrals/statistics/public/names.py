"""What the codes of the public tables are called in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from servicetray.core.db import in_language
from servicetray.core.municipalities import municipalities


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names by code; a code that has none any more stands for itself."""

    kinds: Sequence[Kind]
    kind_names: Mapping[str, str]
    places: Mapping[str, str]
    reasons: Mapping[tuple[str, str], str]
    """By kind and reason."""

    def reason(self, code: str, kind_codes: Sequence[str]) -> str:
        """Return the name of a reason as the first of these kinds that has it says it."""
        return next(
            (self.reasons[kind, code] for kind in kind_codes if (kind, code) in self.reasons), code or "–"
        )


def names(language: str) -> Names:
    """Return all names in a language, from the database."""
    known = kinds.kinds()
    return Names(
        kinds=known,
        kind_names={kind.code: in_language(kind.name, language).text for kind in known},
        places={town.code: in_language(town.name, language).text for town in municipalities()},
        reasons=kinds.reason_names(language),
    )
