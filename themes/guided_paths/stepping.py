"""The page of a step, for residents and for an editor's preview alike."""

import datetime as dt
from collections.abc import Callable, Sequence

from flask import url_for

from servicetray.core.db import Localized, in_language
from servicetray.core.errors import NotFoundError
from themes.guided_paths.pages import GivenView, StepPage
from themes.guided_paths.targets import links
from themes.guided_paths.tree import Given, GuidedPath, Question, trail
from themes.topics.pages import HELPLINES
from themes.topics.queries import published_themes

LONGEST_TRAIL = 80

Address = Callable[[str, str | None], str]
"""Gives the address of a step, from its key and the answers that led there (``1-2``)."""


def step_page(
    path: GuidedPath,
    key: str,
    answers: str,
    *,
    address: Address,
    language: str,
    today: dt.date,
    preview: bool = False,
) -> StepPage:
    """Make the page of a step.

    Args:
        path: the path.
        key: of the step.
        answers: the numbers of the answers that led here, as they stand in the address; anything goes.
        address: gives addresses of steps.
        language: of the page.
        today: the Helsinki day.
        preview: whether an editor looks at a path that residents don't see yet.

    Raises:
        NotFoundError: if the path has no such step.
    """
    step = path.step(key)
    if step is None:
        raise NotFoundError(key)
    given = trail(path, key, _numbers(answers))
    theme = next(
        (each for each in published_themes(language=language, today=today) if each.slug == path.theme), None
    )
    name = in_language(path.name, language)
    asks = isinstance(step, Question)
    heading = in_language(step.text if isinstance(step, Question) else step.title, language)
    return StepPage(
        title=f"{name.text}: {heading.text}",
        slug=path.slug,
        path=name,
        path_url=address(path.first.key, None),
        theme=theme,
        heading=heading,
        text=in_language(step.help if isinstance(step, Question) else step.text, language),
        answers=_answers(step, given, address, language) if isinstance(step, Question) else (),
        links=() if isinstance(step, Question) else links(step, language=language, today=today),
        given=[
            GivenView(
                question=in_language(each.question.text, language),
                answer=in_language(each.answer.text, language),
                url=address(each.question.key, _joined(given[:position])),
            )
            for position, each in enumerate(given)
        ],
        helplines=[line for line in HELPLINES if line.number.replace(" ", "") in path.numbers],
        back_url=address(given[-1].question.key, _joined(given[:-1]))
        if given
        else url_for("guided_paths.help"),
        all_url=url_for("guided_paths.help"),
        is_end=not asks,
        is_preview=preview,
    )


def _answers(
    step: Question, given: Sequence[Given], address: Address, language: str
) -> Sequence[tuple[Localized, str]]:
    return [
        (
            in_language(answer.text, language),
            address(answer.to, _joined([*given, Given(question=step, number=number)])),
        )
        for number, answer in enumerate(step.answers, start=1)
    ]


def _joined(given: Sequence[Given]) -> str | None:
    return "-".join(str(each.number) for each in given) or None


def _numbers(answers: str) -> Sequence[int]:
    parts = answers[:LONGEST_TRAIL].split("-") if answers else []
    if not all(part.isascii() and part.isdigit() and len(part) == 1 for part in parts):
        return ()
    return [int(part) for part in parts]
