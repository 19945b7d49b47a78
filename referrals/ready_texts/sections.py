"""The way to the ready texts, on the page of an open case."""

from dataclasses import dataclass

from flask import url_for

from referrals.municipality.inbox.case.sections import Asked, Place, Section


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the section says."""

    page_url: str


def ready_texts(asked: Asked) -> Section | None:
    """Return the section, where there is somebody to write to or something to write down."""
    if asked.file.content is None or not asked.file.is_open:
        return None
    return Section(
        template="referrals/ready_texts/section.html",
        data=Shown(page_url=url_for("ready_texts.texts", case_id=asked.file.id)),
        place=Place.ASIDE,
    )
