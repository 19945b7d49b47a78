"""Words of the catalogue that begin as a query does."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from themes.search import wordlist
from themes.search.analysis import analyse
from themes.search.catalogue import catalogue
from themes.search.memory import ours
from themes.search.spelling import fold
from themes.search.terms import Term, bits_of_columns

_SHORTEST = 2
_MOST_WEIGHED = 200
"""Words of which is asked how many services have them; two letters begin more."""
_NAMES = bits_of_columns("name", "keywords")
_SUMMARIES = bits_of_columns("name", "keywords", "summary")


@ours()
def beginnings(beginning: str, language: str, *, most: int) -> Sequence[str]:
    """Return words of names and keywords that begin so, in the form to type: those of most services first.

    Of words with one stem (*grupp*, *gruppen*) there is only the shortest.

    Args:
        beginning: in lower case, its dots perhaps left out; one letter is the beginning of too much.
        language: of the words.
        most: words at most.
    """
    known = wordlist.typed().get(language, ())
    folded = fold(beginning)
    if len(folded) < _SHORTEST:
        return ()
    first = bisect_left(known, (folded, ""))
    begin = [word for _, word in takewhile(lambda one: one[0].startswith(folded), known[first:])]
    words = list(islice(_once(sorted(begin, key=_shortest), language), _MOST_WEIGHED))
    terms = {word: Term(text=word, language=language) for word in words}
    places = catalogue().look_up(terms.values(), is_ours=lambda _: True)

    def weight(word: str) -> tuple[int, int]:
        found = places[terms[word]]
        return found.within(_NAMES).bit_count(), found.within(_SUMMARIES).bit_count()

    weights = {word: weight(word) for word in words}
    # There may still be words that no service has any more.
    there = [word for word in words if weights[word] > (0, 0)]
    return sorted(there, key=lambda word: weights[word], reverse=True)[:most]


def _shortest(word: str) -> tuple[int, str]:
    return len(word), word


def _once(words: Sequence[str], language: str) -> Iterator[str]:
    if language == "fi":
        # They are dictionary forms already.
        yield from words
        return
    seen: set[str] = set()
    for word in words:
        stems = analyse(word, language).lemmas
        if seen.isdisjoint(stems):
            yield word
        seen.update(stems)
