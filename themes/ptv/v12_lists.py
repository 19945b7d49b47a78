"""What version 12 of the API tells by reference: whole lists proved by their count, and entries of code lists."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from themes.ptv import reading
from themes.ptv.http_source import Api, FailedError
from themes.ptv.reading import Json

PAGE_SIZE = 100
"""The most rows of a page (API description)."""
MOST_FILTERED = 20
"""The most ids, codes or URIs that one filter takes (API description)."""

_MOST_PAGES = 200
_CODE = re.compile(r"[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*")
_BY_URI = frozenset({"ontology-terms", "industrial-classes"})


def count(value: object) -> int | None:
    """Return a number of things, None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def parts(values: Collection[str]) -> list[list[str]]:
    """Return the values in parts that one filter takes."""
    left = iter(values)
    return list(iter(lambda: list(islice(left, MOST_FILTERED)), []))


def whole(api: Api, path: str, params: Mapping[str, str | Sequence[str]]) -> list[Json]:
    """Return every row of a list, over all its pages.

    Raises:
        FailedError: a page did not come, or not as many rows came as the list says that there are.
        SourceUnavailableError: nothing can be had any more.
    """
    rows: list[Json] = []
    number, pages, told = 1, 1, None
    while number <= min(pages, _MOST_PAGES):
        page = api.page(path, {**params, "page": str(number), "pageSize": str(PAGE_SIZE)})
        told = count(page.get("totalItems"))
        pages = count(page.get("totalPages")) or 1
        rows.extend(reading.rows(page.get("items")))
        number += 1
    if told != len(rows):
        raise FailedError(f"{path}: {len(rows)} rows came of {'an unknown number' if told is None else told}")
    return rows


class CodeLists:
    """Entries of code lists (names of terms, regions, post offices), each asked for once a run."""

    def __init__(self, api: Api) -> None:
        """Take the API that has the lists."""
        self._api = api
        # None: the list has no such entry.
        self._known: dict[tuple[str, str], Json | None] = {}
        self._failed: dict[str, str] = {}

    def load(self, name: str, wanted: Collection[str]) -> None:
        """Ask for those of the entries that are not known yet, by code (or URI); ``entries`` tells what failed."""
        by_uri = name in _BY_URI
        usable = {told for told in wanted if _is_asked_for(told, by_uri=by_uri)}
        self._known.update({(name, told): None for told in set(wanted) - usable})
        missing = sorted(told for told in usable if (name, told) not in self._known)
        self._failed.pop(name, None)
        for part in parts(missing):
            try:
                rows = whole(self._api, name, {"uris" if by_uri else "codes": part})
            except FailedError as error:
                self._failed[name] = f"{name}: {error.reason}"
                return
            found = {reading.text(row.get("uri" if by_uri else "code")): row for row in rows}
            self._known.update({(name, told): found.get(told) for told in part})

    def entries(self, name: str, wanted: Collection[str]) -> list[Json]:
        """Return the entries that a list has of these, in their order; raise FailedError where it could not be asked."""
        if any((name, told) not in self._known for told in wanted):
            raise FailedError(self._failed.get(name, f"{name} was not asked"))
        told = (self._known[name, one] for one in dict.fromkeys(wanted))
        return [row for row in told if row is not None]


def _is_asked_for(told: str, *, by_uri: bool) -> bool:
    """Whether a filter takes this: one that it refuses would lose the others."""
    return reading.web_address(told) == told if by_uri else _CODE.fullmatch(told) is not None
