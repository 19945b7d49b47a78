"""What one process knows of the index: the services by number, and the terms that it has looked up so far.

The database holds the truth; this is kept until the content changes, and then made anew as far as somebody asks.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from functools import cached_property
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import select

from servicetray.core.content import Room, kept
from servicetray.core.db import db
from themes.search import index
from themes.search.analysis import LANGUAGES, analyse
from themes.search.models import IndexedText
from themes.search.numbers import ABSENT, Postings, Texts, bits_of, postings
from themes.search.terms import COLUMNS, Term

MOST_BYTES: Final = 16 * 1024 * 1024
"""Of terms in the memory of one process; at 20,000 services a term that many have takes about 50 kB."""
MOST_OF_WORDS: Final = 16 * 1024 * 1024
"""Bytes of what is kept of whole words: at 20,000 services about half a megabyte of one that many texts have."""
MOST_SETS: Final = 256
"""Of services that a caller has chosen by a rule of its own."""

Made = TypeVar("Made")


class Catalogue:
    """The services in the index, numbered by the order of their ids."""

    def __init__(self, rows: Iterable[tuple[int, UUID, str, int]]) -> None:
        """Number the services.

        Args:
            rows: of each text its id, its service, its language and the words in its name; the services in the
                order of their ids.
        """
        ids: dict[UUID, int] = {}
        self._number_of_text: dict[str, dict[int, int]] = {language: {} for language in LANGUAGES}
        lengths: dict[str, dict[int, list[int]]] = {language: {} for language in LANGUAGES}
        for text_id, service_id, language, name_length in rows:
            number = ids.setdefault(service_id, len(ids))
            if language in lengths:
                self._number_of_text[language][text_id] = number
                lengths[language].setdefault(name_length, []).append(number)
        self.ids: tuple[UUID, ...] = tuple(ids)
        self.everything: int = (1 << len(ids)) - 1
        self.texts: Mapping[str, Texts] = {
            language: Texts(
                size=sum(map(len, by_length.values())),
                lengths={length: bits_of(by_length[length], len(ids)) for length in sorted(by_length)},
            )
            for language, by_length in lengths.items()
        }
        self._lock = threading.Lock()
        self._terms: OrderedDict[Term, Postings] = OrderedDict()
        self._bytes = 0
        self._sets: OrderedDict[Hashable, object] = OrderedDict()
        self.words = Room(MOST_OF_WORDS)
        """How words of our own are read, and where each is found: at every asking the same."""

    @cached_property
    def numbers(self) -> Mapping[UUID, int]:
        """The numbers of the services."""
        return {service_id: number for number, service_id in enumerate(self.ids)}

    def bits(self, ids: Iterable[UUID]) -> int:
        """Return the set of these services; those that aren't in the index are left out."""
        numbers = self.numbers
        return bits_of((numbers[each] for each in ids if each in numbers), len(self.ids))

    def kept(self, key: Hashable, make: Callable[["Catalogue"], Made]) -> Made:
        """Return something that follows from the content and from these numbers, made at the first asking.

        Args:
            key: names it, with everything else that it depends on.
            make: makes it.
        """
        found = self._sets.get(key)
        if found is None:
            found = make(self)
            with self._lock:
                self._sets[key] = found
                while len(self._sets) > MOST_SETS:
                    self._sets.popitem(last=False)
        return found  # type: ignore[return-value]  # the key names what make makes

    def has(self, word: str) -> bool:
        """Whether a word is in the index in any form, as far as it was looked up: then it is of a text of ours."""
        return any(
            self._terms.get(Term(text=term, language=language), ABSENT).everywhere
            for language in LANGUAGES
            for term in analyse(word, language).strong
        )

    def look_up(
        self, terms: Collection[Term], *, is_ours: Callable[[Term], bool] = lambda _: False
    ) -> dict[Term, Postings]:
        """Return where these terms are: those that are not known yet are asked for, all in one question.

        A term that is in the index is kept. One that is not, or is the mere beginning of a word, may be what a
        stranger typed: it is kept only if it is ours.

        Args:
            terms: to look up.
            is_ours: whether a term follows from a word that we wrote ourselves; asked once the others are kept.
        """
        with self._lock:
            found = {term: self._terms[term] for term in terms if term in self._terms}
            for term in found:
                self._terms.move_to_end(term)
        unknown = [term for term in dict.fromkeys(terms) if term not in found]
        if unknown:
            asked = self._asked(unknown)
            self._keep({term: found for term, found in asked.items() if found.everywhere and not term.prefix})
            self._keep({term: found for term, found in asked.items() if is_ours(term)})
            found |= asked
        return found

    def _asked(self, terms: list[Term]) -> dict[Term, Postings]:
        sets = {term: [0] * len(COLUMNS) for term in terms}
        for listed in index.find(db.session(), terms):
            number_of = self._number_of_text[listed.term.language]
            numbers = (number_of[each] for each in listed.documents if each in number_of)
            sets[listed.term][listed.column] = bits_of(numbers, len(self.ids))
        return {term: postings(by_column, self.texts[term.language]) for term, by_column in sets.items()}

    def _keep(self, asked: Mapping[Term, Postings]) -> None:
        with self._lock:
            for term, found in asked.items():
                if term not in self._terms:
                    self._terms[term] = found
                    self._bytes += found.size
            while self._bytes > MOST_BYTES:
                self._bytes -= self._terms.popitem(last=False)[1].size


def catalogue() -> Catalogue:
    """Return the services that can be found, as they are numbered while no content changes."""
    return kept("search.catalogue", _read)


def _read() -> Catalogue:
    rows = db.session.execute(
        select(
            IndexedText.id, IndexedText.service_id, IndexedText.language, IndexedText.name_length
        ).order_by(IndexedText.service_id)
    )
    return Catalogue((row.id, row.service_id, row.language, row.name_length) for row in rows)
