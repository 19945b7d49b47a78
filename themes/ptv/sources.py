"""Where PTV records come from: a folder of recorded ones, or the open API over HTTP.

A source gives services as raw JSON, and channels and organisations by id. What can't be had is a ``Problem``,
never the end of the walk; only when there is nothing to walk at all (no folder, no answer to the first page,
a server that has gone away) does a source raise SourceUnavailableError.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from servicetray.core.errors import DomainError
from themes.ptv.adapters import V11, Adapter
from themes.ptv.reading import identifier

LARGEST_RECORD = 32 * 1024 * 1024
"""Bytes of one file or answer; a page of 1,000 names has some 150 kB, a hundred services some 5 MB."""


class Kind(StrEnum):
    """The three kinds of record, by the names that the API has for them."""

    SERVICE = "Service"
    CHANNEL = "ServiceChannel"
    ORGANISATION = "Organization"


class SourceKind(StrEnum):
    """Which source an import ran from."""

    FOLDER = "folder"
    HTTP = "http"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What could not be had or read: which record (or page of the list), and why, for an operator."""

    kind: Kind
    record_id: str
    reason: str


class UnavailableError(DomainError):
    """One record can't be had; ``is_gone`` if the source says that it doesn't exist (any more)."""

    def __init__(self, problem: Problem, *, is_gone: bool = False) -> None:
        super().__init__(f"{problem.kind} {problem.record_id}: {problem.reason}")
        self.problem = problem
        self.is_gone = is_gone


class SourceUnavailableError(DomainError):
    """The source as a whole can't be read."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class Source(Protocol):
    """What an import walks."""

    @property
    def kind(self) -> SourceKind:
        """Folder or HTTP."""

    @property
    def adapter(self) -> Adapter:
        """How its records are read."""

    @property
    def address(self) -> str:
        """Where it is, fit for a log: without secrets."""

    @property
    def is_whole(self) -> bool:
        """Whether it gives everything that there is, so that what it lacks is gone."""

    def services(self) -> Iterator[object]:
        """Give each service's JSON, or the Problem that stands in its place.

        Raises:
            SourceUnavailableError: the source can't be read, or not any further.
        """

    def prefetch(self, kind: Kind, ids: Sequence[uuid.UUID]) -> None:
        """Say that these channels or organisations will be asked for next; raise SourceUnavailableError."""

    def fetch(self, kind: Kind, record_id: uuid.UUID) -> object:
        """Return the JSON of one channel or organisation.

        Raises:
            UnavailableError: this one can't be had.
            SourceUnavailableError: nothing can be had any more.
        """


def parsed(content: bytes) -> object:
    """Return the JSON value of a file or an answer.

    Raises:
        ValueError: it is not JSON in UTF-8 (a byte order mark is allowed), or nested too deep to read.
    """
    try:
        return json.loads(content.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


_FOLDERS = {
    Kind.SERVICE: "services",
    Kind.CHANNEL: "servicechannels",
    Kind.ORGANISATION: "organizations",
}


class DirectorySource:
    """A folder with ``services``, ``servicechannels`` and ``organizations``, one ``*.json`` a record (version 11)."""

    kind = SourceKind.FOLDER
    adapter = V11
    is_whole = True

    def __init__(self, path: Path) -> None:
        """Take the folder; it is read when it is walked."""
        self._path = path
        self.address = str(path)

    def services(self) -> Iterator[object]:
        """Give each service file's JSON in the order of names, or the Problem of a file."""
        folder = self._path / _FOLDERS[Kind.SERVICE]
        if not folder.is_dir():
            raise SourceUnavailableError(self.address, "there is no folder 'services' in it")
        for file in sorted(folder.glob("*.json")):
            try:
                yield self._read(Kind.SERVICE, file)
            except UnavailableError as error:
                yield error.problem

    def prefetch(self, kind: Kind, ids: Sequence[uuid.UUID]) -> None:
        """Do nothing: files are there at once."""

    def fetch(self, kind: Kind, record_id: uuid.UUID) -> object:
        """Return the JSON of one channel or organisation file; raise UnavailableError."""
        return self._read(kind, self._path / _FOLDERS[kind] / f"{record_id}.json")

    @staticmethod
    def _read(kind: Kind, file: Path) -> object:
        name = str(identifier(file.stem) or file.name)
        try:
            if file.stat().st_size > LARGEST_RECORD:
                raise UnavailableError(Problem(kind=kind, record_id=name, reason="the file is too large"))
            return parsed(file.read_bytes())
        except FileNotFoundError:
            reason = "not found"
        except OSError as error:
            reason = f"can't be read: {error.strerror}"
        except ValueError:
            reason = "is not JSON"
        raise UnavailableError(Problem(kind=kind, record_id=name, reason=reason))
