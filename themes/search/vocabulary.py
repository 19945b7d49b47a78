"""Words of the catalogue that begin as a query does."""

from collections.abc import Sequence

from themes.search import wordlist

_SHORTEST = 2


def beginnings(beginning: str, language: str, *, most: int) -> Sequence[str]:
    """Return words of names and keywords that begin so, and everyday words: the heaviest and shortest first.

    Args:
        beginning: in lower case, its dots perhaps left out; one letter is the beginning of too much.
        language: of the words.
        most: words at most.
    """
    if len(beginning) < _SHORTEST or language not in (known := wordlist.vocabulary(wordlist.words())):
        return ()
    return known[language].beginning(beginning)[:most]
