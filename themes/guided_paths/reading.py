"""From the text of a path (TOML) to the path, or to everything that has to be mended. Pure."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from servicetray.core.db import Texts
from servicetray.core.i18n import LANGUAGES
from themes.guided_paths.faults import Fault, FaultKind, Lines, PathFaultsError
from themes.guided_paths.tree import Answer, End, GuidedPath, Question, Step, Target, TargetKind

LONGEST_SOURCE = 40_000
LONGEST_TEXT = 400
LONGEST_KEY = 60
MOST_STEPS = 20
MOST_ANSWERS = 6
MOST_TARGETS = 6
FEWEST_ANSWERS = 2

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AT_LINE = re.compile(r"at line (\d+)")
_PATH_FIELDS = frozenset({"slug", "theme", "name", "summary", "words", "numbers", "question", "end"})
_QUESTION_FIELDS = frozenset({"key", "text", "help", "answers"})
_END_FIELDS = frozenset({"key", "title", "text", "to"})
_ANSWER_FIELDS = frozenset({"to", *LANGUAGES})


@lru_cache(maxsize=256)
def read(source: str) -> GuidedPath:
    """Return the path that a text tells of. Whether it leads anywhere is ``checking``'s question.

    Raises:
        PathFaultsError: with every fault of form, by line.
    """
    return _Reader(source).path()


class _Reader:
    """Reads one text and gathers what is wrong with it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = Lines(source)
        self.faults: list[Fault] = []

    def path(self) -> GuidedPath:
        raw = self._raw()
        self._known(raw, _PATH_FIELDS, 1)
        at = self.lines.field
        path = GuidedPath(
            slug=self._key(raw, "slug", at("slug")),
            theme=self._key(raw, "theme", at("theme")),
            name=self._texts(raw, "name", at("name")),
            summary=self._texts(raw, "summary", at("summary")),
            words=self._texts(raw, "words", at("words")),
            numbers=tuple(self._strings(raw, "numbers", at("numbers"))) if "numbers" in raw else (),
            questions=tuple(
                self._question(each, index) for index, each in enumerate(self._blocks(raw, "question"))
            ),
            ends=tuple(self._end(each, index) for index, each in enumerate(self._blocks(raw, "end"))),
        )
        self._single(path)
        if self.faults:
            raise PathFaultsError(sorted(self.faults, key=lambda fault: fault.line))
        return path

    def _raw(self) -> dict[str, Any]:
        if len(self.source) > LONGEST_SOURCE:
            raise PathFaultsError([Fault(line=1, kind=FaultKind.TOO_LONG, about=str(LONGEST_SOURCE))])
        try:
            return tomllib.loads(self.source)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            found = _AT_LINE.search(str(error))
            line = int(found[1]) if found else max(1, len(self.source.splitlines()))
            raise PathFaultsError([Fault(line=line, kind=FaultKind.NOT_TOML, about=str(error))]) from error

    def _fault(self, line: int, kind: FaultKind, about: str) -> None:
        self.faults.append(Fault(line=line, kind=kind, about=about))

    def _known(self, raw: Mapping[str, Any], fields: frozenset[str], line: int) -> None:
        for name in raw:
            if name not in fields:
                self._fault(line, FaultKind.UNKNOWN, name)

    def _blocks(self, raw: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
        found = raw.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self._fault(1, FaultKind.SHAPE, name)
            return ()
        if not found:
            self._fault(1, FaultKind.MISSING, name)
        if len(found) > MOST_STEPS:
            self._fault(1, FaultKind.TOO_MANY, name)
        return found[:MOST_STEPS]

    def _question(self, raw: Mapping[str, Any], index: int) -> Question:
        def at(name: str) -> int:
            return self.lines.field(name, block="question", index=index)

        self._known(raw, _QUESTION_FIELDS, at("key"))
        answers = raw.get("answers", [])
        if not isinstance(answers, list) or not all(isinstance(each, dict) for each in answers):
            self._fault(at("answers"), FaultKind.SHAPE, "answers")
            answers = []
        elif len(answers) < FEWEST_ANSWERS:
            self._fault(at("answers"), FaultKind.FEW_ANSWERS, str(raw.get("key", "")))
        elif len(answers) > MOST_ANSWERS:
            self._fault(at("answers"), FaultKind.TOO_MANY, "answers")
        return Question(
            key=self._key(raw, "key", at("key")),
            text=self._texts(raw, "text", at("text")),
            help=self._texts(raw, "help", at("help")) if "help" in raw else {},
            answers=tuple(self._answer(each, index, number) for number, each in enumerate(answers)),
        )

    def _answer(self, raw: Mapping[str, Any], index: int, number: int) -> Answer:
        line = self.lines.answer(index, number)
        self._known(raw, _ANSWER_FIELDS, line)
        texts = {code: raw[code] for code in LANGUAGES if code in raw}
        return Answer(text=self._texts({"answers": texts}, "answers", line), to=self._key(raw, "to", line))

    def _end(self, raw: Mapping[str, Any], index: int) -> End:
        def at(name: str) -> int:
            return self.lines.field(name, block="end", index=index)

        self._known(raw, _END_FIELDS, at("key"))
        targets = [self._target(each, at("to")) for each in self._strings(raw, "to", at("to"))]
        if "to" in raw and not targets:
            self._fault(at("to"), FaultKind.NO_TARGET, str(raw.get("key", "")))
        if len(targets) > MOST_TARGETS:
            self._fault(at("to"), FaultKind.TOO_MANY, "to")
        return End(
            key=self._key(raw, "key", at("key")),
            title=self._texts(raw, "title", at("title")),
            text=self._texts(raw, "text", at("text")),
            targets=tuple(target for target in targets if target is not None),
        )

    def _target(self, text: str, line: int) -> Target | None:
        kind, _, value = text.partition(":")
        if kind not in set(TargetKind) or not value.strip():
            self._fault(line, FaultKind.TARGET_SHAPE, text)
            return None
        target = Target(kind=TargetKind(kind), value=value.strip())
        if target.kind is TargetKind.SEARCH:
            parts = value.split("|")
            for number, code in enumerate(LANGUAGES):
                if number >= len(parts) or not parts[number].strip():
                    self._fault(line, FaultKind.LANGUAGE, f"to: {code}")
        return target

    def _strings(self, raw: Mapping[str, Any], name: str, line: int) -> Sequence[str]:
        if name not in raw:
            self._fault(line, FaultKind.MISSING, name)
            return ()
        found = raw[name]
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self._fault(line, FaultKind.SHAPE, name)
            return ()
        return found

    def _key(self, raw: Mapping[str, Any], name: str, line: int) -> str:
        value = raw.get(name)
        if value is None:
            self._fault(line, FaultKind.MISSING, name)
            return ""
        if not isinstance(value, str) or len(value) > LONGEST_KEY or not _KEY.fullmatch(value):
            self._fault(line, FaultKind.KEY, f"{name}: {value}")
            return ""
        return value

    def _texts(self, raw: Mapping[str, Any], name: str, line: int) -> Texts:
        value = raw.get(name)
        if value is None:
            self._fault(line, FaultKind.MISSING, name)
            return {}
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            self._fault(line, FaultKind.SHAPE, name)
            return {}
        for code in value:
            if code not in LANGUAGES:
                self._fault(line, FaultKind.UNKNOWN, f"{name}: {code}")
        for code in LANGUAGES:
            if not value.get(code, "").strip():
                self._fault(line, FaultKind.LANGUAGE, f"{name}: {code}")
            elif len(value[code]) > LONGEST_TEXT:
                self._fault(line, FaultKind.TOO_LONG, f"{name}: {code}")
        return {code: " ".join(value[code].split()) for code in LANGUAGES if code in value}

    def _single(self, path: GuidedPath) -> None:
        seen: set[str] = set()
        for step, block, index in placed(path):
            if step.key and step.key in seen:
                self._fault(self.lines.field("key", block=block, index=index), FaultKind.DOUBLE, step.key)
            seen.add(step.key)


def placed(path: GuidedPath) -> Sequence[tuple[Step, str, int]]:
    """Return the steps with the kind and the position of the block that each is written in."""
    questions = [(each, "question", index) for index, each in enumerate(path.questions)]
    return [*questions, *((each, "end", index) for index, each in enumerate(path.ends))]
