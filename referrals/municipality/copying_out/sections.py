"""The way from a case to its text for another system."""

from dataclasses import dataclass

from flask import url_for

from referrals.municipality.inbox.case.sections import Asked, Place, Section


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the section says."""

    page_url: str


def copy_out(asked: Asked) -> Section | None:
    """Return the section, or None once the content is erased: there is nothing left to copy."""
    if asked.file.content is None:
        return None
    return Section(
        template="referrals/copying_out/section.html",
        data=Shown(page_url=url_for("copying_out.copy_out", case_id=asked.file.id)),
        place=Place.ASIDE,
    )
