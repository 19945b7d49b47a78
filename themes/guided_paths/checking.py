"""Does every way of a path end at help? No dead end, no loop, no unreachable step, no missing target. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from themes.guided_paths.faults import Fault, FaultKind, Lines
from themes.guided_paths.reading import placed
from themes.guided_paths.tree import GuidedPath, Target, TargetKind


@dataclass(frozen=True, kw_only=True)
class Known:
    """What there is to point to, published and open today, by the kind of target."""

    values: Mapping[TargetKind, frozenset[str]] = field(default_factory=dict)

    def has(self, target: Target) -> bool:
        """Whether a target is there. A search always is: its page offers ways on."""
        return target.kind is TargetKind.SEARCH or target.value in self.values.get(target.kind, frozenset())


def check(path: GuidedPath, source: str, known: Known) -> Sequence[Fault]:
    """Return what is wrong with the ways of a path, by line.

    Args:
        path: as read.
        source: the text that it was read from.
        known: what there is to point to.
    """
    lines = Lines(source)
    faults = [*_ways(path, lines), *_targets(path, lines, known)]
    return [replace(fault, slug=path.slug) for fault in sorted(faults, key=lambda each: each.line)]


def check_links(paths: Sequence[GuidedPath]) -> Sequence[Fault]:
    """Return a fault for every path whose links to other paths lead back to it."""
    links = {
        path.slug: [target.value for target in path.targets() if target.kind is TargetKind.PATH]
        for path in paths
    }
    return [
        Fault(line=1, kind=FaultKind.LOOP, about=slug, slug=slug)
        for slug in links
        if slug in _reached(slug, links)
    ]


def _ways(path: GuidedPath, lines: Lines) -> Iterable[Fault]:
    ends = {end.key for end in path.ends}
    ways = {question.key: [answer.to for answer in question.answers] for question in path.questions}
    for index, question in enumerate(path.questions):
        for number, answer in enumerate(question.answers):
            if answer.to not in ways and answer.to not in ends:
                yield Fault(line=lines.answer(index, number), kind=FaultKind.NOWHERE, about=answer.to)
    reached = _reached(path.first.key, ways) | {path.first.key}
    for step, block, index in placed(path):
        line = lines.field("key", block=block, index=index)
        if step.key not in reached:
            yield Fault(line=line, kind=FaultKind.UNREACHABLE, about=step.key)
        if step.key in _reached(step.key, ways):
            yield Fault(line=line, kind=FaultKind.LOOP, about=step.key)


def _targets(path: GuidedPath, lines: Lines, known: Known) -> Iterable[Fault]:
    theme = Target(kind=TargetKind.THEME, value=path.theme)
    if not known.has(theme):
        yield Fault(line=lines.field("theme"), kind=FaultKind.TARGET_MISSING, about=f"theme:{path.theme}")
    for number in path.numbers:
        if not known.has(Target(kind=TargetKind.NUMBER, value=number)):
            yield Fault(line=lines.field("numbers"), kind=FaultKind.TARGET_MISSING, about=f"number:{number}")
    for index, end in enumerate(path.ends):
        line = lines.field("to", block="end", index=index)
        if not end.targets:
            yield Fault(line=line, kind=FaultKind.NO_TARGET, about=end.key)
        for target in end.targets:
            if not known.has(target):
                about = f"{target.kind.value}:{target.value}"
                yield Fault(line=line, kind=FaultKind.TARGET_MISSING, about=about)


def _reached(start: str, ways: Mapping[str, Sequence[str]]) -> set[str]:
    """Return what can be reached from a step, itself only if a way leads back."""
    found: set[str] = set()
    waiting = list(ways.get(start, ()))
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting += ways.get(step, ())
    return found
