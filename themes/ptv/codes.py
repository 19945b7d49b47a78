"""PTV's classification codes, told from the URI when the record leaves ``code`` null.

Today's URIs end in the code (``…/ptvserclass2/code/P3.1``). Older records carry numbered ones
(``http://urn.fi/URN:NBN:fi:au:ptvl:v1014``): the numbers run through the service classes in their order,
through the target groups from 2001 and through the life events from 3001.
"""

import re
from collections.abc import Iterator

from themes.directory.operations import ClassificationKind

# Where a record tells the code but no URI.
_URI_OF_CODE = {
    ClassificationKind.SERVICE_CLASS: "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/",
    ClassificationKind.TARGET_GROUP: "http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat/code/",
    ClassificationKind.LIFE_EVENT: "http://uri.suomi.fi/codelist/ptv/ptvelamantilanteet/code/",
}
_LONGEST_URI = 200
_CODE = re.compile(r"[A-Za-z0-9.]{1,40}")
_CODE_IN_URI = re.compile(r"/code/(?P<code>[A-Z]{1,3}\d+(?:\.\d+)*)/?$")
_NUMBERED = re.compile(r"ptvl:v(?P<number>\d{4})$")

# How many subclasses each main service class had when the URIs were numbered (P9 got its own later).
_SUBCLASSES = (5, 5, 9, 14, 21, 15, 13, 4, 0, 8, 9, 4, 5, 5, 9, 9, 3, 2, 6, 3, 2, 9, 6, 6, 7, 3, 5)
_FIRST_CLASS = 1001
# 1163 was dropped within P19; P23.4 and the subclasses of P9 came last.
_GAP = 1163
_ADDED_FROM = 1216
_ADDED = ("P23.4", "P9.1", "P9.2", "P9.3", "P9.4", "P9.5", "P9.6")
_WITHOUT_FOURTH = 23

_TARGET_GROUPS = (
    ("KR1", *(f"KR1.{n}" for n in range(1, 7))),
    ("KR2", *(f"KR2.{n}" for n in range(1, 9))),
    ("KR3",),
)
_FIRST_TARGET_GROUP = 2001

# In the order of their numbers from 3001 on.
_LIFE_EVENTS = (
    *("KE1", "KE1.1", "KE10", "KE11", "KE12", "KE13", "KE14", "KE2", "KE3"),
    *("KE4", "KE4.1", "KE4.2", "KE4.3", "KE4.4", "KE5", "KE6", "KE7", "KE8", "KE9"),
)
_FIRST_LIFE_EVENT = 3001


def _numbered_classes() -> Iterator[tuple[int, str]]:
    number = _FIRST_CLASS
    for main, count in enumerate(_SUBCLASSES, start=1):
        suffixes = [str(n) for n in range(1, count + 1)]
        if main == _WITHOUT_FOURTH:
            suffixes = ["1", "2", "3", "5", "6", "7"]
        for code in (f"P{main}", *(f"P{main}.{suffix}" for suffix in suffixes)):
            if number == _GAP:
                number += 1
            yield number, code
            number += 1
    yield from enumerate(_ADDED, start=_ADDED_FROM)


_BY_NUMBER: dict[int, str] = {
    **dict(_numbered_classes()),
    **dict(enumerate((code for group in _TARGET_GROUPS for code in group), start=_FIRST_TARGET_GROUP)),
    **dict(enumerate(_LIFE_EVENTS, start=_FIRST_LIFE_EVENT)),
}


def code_of(uri: str) -> str | None:
    """Return the code that this classification URI stands for, None if it tells none."""
    if found := _CODE_IN_URI.search(uri):
        return found["code"]
    if found := _NUMBERED.search(uri):
        return _BY_NUMBER.get(int(found["number"]))
    return None


def usable(code: str) -> str:
    """Return the code, or an empty text where it is none."""
    return code if _CODE.fullmatch(code) else ""


def uri_of(kind: ClassificationKind, *, uri: str, code: str) -> str:
    """Return the URI that a term is known by: its own, else the one that its code stands for; empty without both."""
    if not uri and code and kind in _URI_OF_CODE:
        uri = _URI_OF_CODE[kind] + code
    return uri if len(uri) <= _LONGEST_URI else ""
