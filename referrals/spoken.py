"""In which language a client is counselled, as a list may know it: one of a few codes, never words of anybody.

The language itself stands in the sealed content. Beside it, in a column of its own, stands this code, so that the
database can narrow a list by it: of a language that the sender wrote out it says no more than that it is another.
"""

from typing import Final

NAMED: Final = ("fi", "sv", "en", "fse", "fss")
"""Those that the forms offer by name."""
OTHER: Final = "other"
UNKNOWN: Final = ""
"""Of what is erased, and of rows from before the column, until they are filled."""
CODES: Final = (*NAMED, OTHER)


def language_code(language: str) -> str:
    """Return the code of a client's language as the content has it: one of ``CODES``."""
    return language if language in NAMED else OTHER
