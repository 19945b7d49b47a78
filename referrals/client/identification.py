"""How a client proves who they are: a seam. Today a code with the birth year, or not at all."""

from collections.abc import Callable, Mapping
from typing import Protocol

from servicetray.core.settings import ClientIdentification, Settings


class Identification(Protocol):
    """One way in. It leads to a visit, and knows no more of the client than that."""

    @property
    def endpoint(self) -> str:
        """The page on which the client begins."""


class ByCode:
    """A code from the sheet, and the birth year."""

    @property
    def endpoint(self) -> str:
        """The page on which the client begins."""
        return "client.page"


WAYS: Mapping[ClientIdentification, Callable[[], Identification]] = {ClientIdentification.CODE: ByCode}
"""A new way in stands here; the settings refuse what has no entry."""


def is_open(settings: Settings) -> bool:
    """Whether clients have a page of their own in this installation."""
    return settings.client_identification in WAYS
