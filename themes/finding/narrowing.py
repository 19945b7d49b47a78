"""What was found, narrowed by choices, without looking at each service: sets by number (``themes.search.numbers``)."""

import uuid
from collections.abc import Mapping
from functools import partial
from itertools import islice

from themes.directory.filters import Entries, Entry, Filters, Group, Masks, Narrowing
from themes.search.catalogue import Catalogue
from themes.search.numbers import bits_of
from themes.search.queries import SearchAnswer

MOST = 300
"""Services that one query brings in a list: nobody reads further, and a stranger decides on the words."""


class Facets:
    """The services that residents may see, and which of them each choice finds."""

    def __init__(self, entries: Entries, catalogue: Catalogue) -> None:
        """Sort the services by what they have: thousands share a few combinations."""
        alike: dict[tuple[int, bool], tuple[Entry, list[int]]] = {}
        numbers = catalogue.numbers
        self.ids = catalogue.ids
        """Of the services, by their numbers."""
        for entry in entries:
            number = numbers.get(entry.id)
            if number is not None:
                alike.setdefault((id(entry.values), entry.everywhere), (entry, []))[1].append(number)
        size = len(catalogue.ids)
        self._alike = [(entry, bits_of(some, size)) for entry, some in alike.values()]
        self.masks: Mapping[Group, Mapping[str, int]] = {
            group: Masks(partial(self._having, group)) for group in Group
        }
        """The set of those that a choice finds, by group and value."""
        self.shown = 0
        """The set of all of them."""
        self.of_any_age = 0
        """The set of those of which nobody has told for whom they are."""
        for entry, bits in self._alike:
            self.shown |= bits
            if not entry.values.get(Group.LIFE_STAGE):
                self.of_any_age |= bits

    def _having(self, group: Group, value: str) -> int:
        found = 0
        for entry, bits in self._alike:
            if entry.has(group, value):
                found |= bits
        return found


class FoundNarrowing(Narrowing):
    """What a search found and what each further choice would make of it."""

    def __init__(
        self,
        answer: SearchAnswer,
        facets: Facets | None,
        by_id: Mapping[uuid.UUID, Entry],
        filters: Filters,
    ) -> None:
        """Narrow what was found.

        Args:
            answer: what was found.
            facets: what each choice finds; None where there were no words.
            by_id: the services to see.
            filters: the choices made.
        """
        super().__init__((), filters)
        self._answer = answer
        self._facets = facets
        self._by_id = by_id
        self._all = answer.services
        if facets:
            self._masks = facets.masks

    @property
    def results(self) -> list[Entry]:
        """The entries that remain, best first, ``MOST`` at most."""
        return [self._by_id[each] for each in self.stretch(0, MOST)]

    @property
    def total(self) -> int:
        """How many remain."""
        return self.count(self.filters)

    def stretch(self, first: int, last: int) -> list[uuid.UUID]:
        """Return the services that remain from one place to before another, best first."""
        numbers = islice(self._answer.numbers(self._remaining(self.filters)), first, last)
        return [self._facets.ids[number] for number in numbers] if self._facets else []
