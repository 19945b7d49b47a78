"""What can be wrong with the text of a path, and on which line of it. Pure; ``labels`` has the words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_BLOCK = re.compile(r"\s*\[\[\s*(question|end)\s*\]\]")
_ANSWER = re.compile(r"\s*\{")


class FaultKind(StrEnum):
    """What is wrong."""

    NOT_TOML = "not_toml"
    MISSING = "missing"
    UNKNOWN = "unknown"
    SHAPE = "shape"
    LANGUAGE = "language"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    KEY = "key"
    DOUBLE = "double"
    SLUG = "slug"
    FEW_ANSWERS = "few_answers"
    NO_TARGET = "no_target"
    NOWHERE = "nowhere"
    LOOP = "loop"
    UNREACHABLE = "unreachable"
    TARGET_SHAPE = "target_shape"
    TARGET_MISSING = "target_missing"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing to mend."""

    line: int
    """Counted from 1."""
    kind: FaultKind
    about: str
    """The field, step, language or target in question."""
    slug: str = ""
    """The path, where several are checked."""


class PathFaultsError(Exception):
    """A text isn't a path yet; ``faults`` says why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults, the first on line {faults[0].line}: {faults[0].kind}")
        self.faults = faults


class Lines:
    """Finds the line of a field in the text of a path. Where it can't, the line of what is around it."""

    def __init__(self, source: str) -> None:
        self._lines = source.splitlines()
        self._blocks: dict[str, list[int]] = {"question": [], "end": []}
        self._starts: list[int] = []
        for number, line in enumerate(self._lines, start=1):
            found = _BLOCK.match(line)
            if found:
                self._blocks[found[1]].append(number)
                self._starts.append(number)

    def field(self, name: str, *, block: str = "", index: int = 0) -> int:
        """Return the line of a field: of the path itself, or of a block (``question``, ``end``)."""
        first, last = self._stretch(block, index)
        pattern = re.compile(rf"\s*{re.escape(name)}\s*[.=]")
        return next((n for n in range(first, last) if pattern.match(self._lines[n - 1])), first)

    def answer(self, index: int, number: int) -> int:
        """Return the line of an answer (from 0) of a question (from 0): answers stand on lines of their own."""
        first, last = self._stretch("question", index)
        lines = [n for n in range(first, last) if _ANSWER.match(self._lines[n - 1])]
        return lines[number] if number < len(lines) else self.field("answers", block="question", index=index)

    def _stretch(self, block: str, index: int) -> tuple[int, int]:
        end = len(self._lines) + 1
        if not block:
            return 1, (self._starts[0] if self._starts else end)
        if index >= len(self._blocks[block]):
            return 1, end
        first = self._blocks[block][index]
        return first, next((n for n in self._starts if n > first), end)
