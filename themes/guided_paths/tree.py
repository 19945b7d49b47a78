"""What a guided path is: questions whose answers lead to questions and, in the end, to help. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from servicetray.core.db import Texts


class TargetKind(StrEnum):
    """What an end points to. A target is written ``kind:value``."""

    PROGRAMME = "programme"
    """A self-care programme of our own, by its slug."""
    TOOL = "tool"
    """A test or a programme of somebody else's, by its slug."""
    THEME = "theme"
    """A theme's page, by its slug."""
    SERVICE = "service"
    """One service, by its id."""
    SEARCH = "search"
    """Words to search by: Finnish, Swedish and English, parted by ``|``."""
    NUMBER = "number"
    """A helpline of ours, by its digits."""
    CONTACT = "contact"
    """Asking a counsellor to get in touch, by the kind of counselling."""
    PATH = "path"
    """Another path, by its slug."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """One thing that an end points to."""

    kind: TargetKind
    value: str

    @property
    def search_words(self) -> Texts:
        """The words of a search by language."""
        return dict(zip(("fi", "sv", "en"), (part.strip() for part in self.value.split("|")), strict=False))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One of the answers to a question, and the step that it leads to."""

    text: Texts
    to: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """A step that asks."""

    key: str
    text: Texts
    help: Texts
    """What helps to answer; may have no texts."""
    answers: Sequence[Answer]


@dataclass(frozen=True, kw_only=True)
class End:
    """A step that answers."""

    key: str
    title: Texts
    text: Texts
    targets: Sequence[Target]


Step = Question | End


@dataclass(frozen=True, kw_only=True)
class GuidedPath:
    """A path: the first question is where it begins."""

    slug: str
    theme: str
    name: Texts
    summary: Texts
    words: Texts
    """What people would write who need it, parted by commas."""
    numbers: Sequence[str]
    """Digits of the helplines that stand on every step."""
    questions: Sequence[Question]
    ends: Sequence[End]

    @property
    def first(self) -> Question:
        """The question that the path begins with."""
        return self.questions[0]

    @property
    def steps(self) -> Sequence[Step]:
        """All steps: the questions, then the ends."""
        return [*self.questions, *self.ends]

    def step(self, key: str) -> Step | None:
        """Return the step of this key."""
        return next((each for each in self.steps if each.key == key), None)

    def targets(self) -> Iterator[Target]:
        """Go through the targets of all ends, in order."""
        for end in self.ends:
            yield from end.targets


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer that has been given."""

    question: Question
    number: int
    """Of the answer, counted from 1."""

    @property
    def answer(self) -> Answer:
        """The answer."""
        return self.question.answers[self.number - 1]


def trail(path: GuidedPath, step: str, numbers: Sequence[int]) -> Sequence[Given]:
    """Return the answers that have led to a step, or none where these numbers don't lead to it.

    An address outlives an edit of its path: then the step is shown without what went before.
    """
    found: list[Given] = []
    here: Step | None = path.first
    for number in numbers:
        if not isinstance(here, Question) or not 1 <= number <= len(here.answers):
            return ()
        found.append(Given(question=here, number=number))
        here = path.step(here.answers[number - 1].to)
    return found if here is not None and here.key == step else ()
