"""Which programmes of our own there are."""

from collections.abc import Sequence

from servicetray.core.errors import NotFoundError
from themes.self_care.reading import Programme, programmes

__all__ = ["Programme", "programme", "programmes", "programmes_of_theme"]


def programme(slug: str) -> Programme:
    """Return the programme of this slug.

    Raises:
        NotFoundError: if there is none.
    """
    found = next((each for each in programmes() if each.slug == slug), None)
    if found is None:
        raise NotFoundError(slug)
    return found


def programmes_of_theme(theme: str) -> Sequence[Programme]:
    """Return the programmes beside a theme, by its slug."""
    return tuple(each for each in programmes() if each.theme == theme)
