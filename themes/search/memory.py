"""What stays in memory of the words that are read: those that we wrote ourselves, and no others.

To read a word can cost a millisecond, and one search asks for the same reading many times over. So it is kept

- where the text is ours (``ours``): lists of words, services that are indexed; bounded, what came first goes first;
- where a stranger typed the word, until the end of the search (``searching``) and not a moment longer, unless it turns
  out to be a word of our own texts as well (``keep``).

Outside of both nothing is kept.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

MOST: Final = 40_000
"""Readings of our own words that one process keeps."""

Read = TypeVar("Read")
_Key = tuple[Callable[[str, str], Any], str, str]

_kept: dict[_Key, Any] = {}
_lock = threading.Lock()


@dataclass
class _Search:
    """What was read in one search."""

    found: dict[_Key, Any] = field(default_factory=dict)
    is_ours: Callable[[str], bool] | None = None


_OURS: Final = _Search()
"""Stands for: keep for good. Nothing is ever in it."""
_search: ContextVar[_Search | None] = ContextVar("servicetray_words_searched", default=None)


def remembered(read: Callable[[str, str], Read], word: str, language: str) -> Read:
    """Return what ``read`` makes of a word in a language, made now where it isn't kept; it is never None."""
    key = (read, word, language)
    found = _kept.get(key)
    if found is None:
        search = _search.get()
        found = search.found.get(key) if search else None
        if found is None:
            found = read(word, language)
            if search is _OURS:
                _keep({key: found})
            elif search is not None:
                search.found[key] = found
    return cast("Read", found)


@contextmanager
def ours() -> Iterator[None]:
    """Within this, the words that are read are our own."""
    token = _search.set(_OURS)
    try:
        yield
    finally:
        _search.reset(token)


@contextmanager
def searching() -> Iterator[None]:
    """Within this, words are somebody else's: each is read once, and forgotten at the end of the outermost search."""
    if _search.get() is not None:
        yield
        return
    search = _Search()
    token = _search.set(search)
    try:
        yield
        if search.is_ours is not None and search.found:
            known = {word for word in {key[1] for key in search.found} if search.is_ours(word)}
            _keep({key: found for key, found in search.found.items() if key[1] in known})
    finally:
        _search.reset(token)


def keep(is_ours: Callable[[str], bool]) -> None:
    """Say which words turn out to be our own: what was read of them in this search is kept at its end."""
    search = _search.get()
    if search is not None and search is not _OURS:
        search.is_ours = is_ours


def words_kept() -> frozenset[str]:
    """Return all words of which something is kept."""
    with _lock:
        return frozenset(key[1] for key in _kept)


def _keep(found: dict[_Key, Any]) -> None:
    with _lock:
        _kept.update(found)
        while len(_kept) > MOST:
            del _kept[next(iter(_kept))]
