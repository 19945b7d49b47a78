"""The order of the alphabet that Finnish and Swedish share. Pure."""

import unicodedata

_AFTER_Z = {"å": "{a", "ä": "{b", "æ": "{b", "ö": "{c", "ø": "{c"}
# "{" is the sign after "z".


def alphabetical(text: str) -> tuple[str, str]:
    """Return a key that sorts å, ä and ö after z, and other accents with their letter.

    Case and signs count only between texts that are otherwise the same.
    """
    letters: list[str] = []
    for sign in unicodedata.normalize("NFC", text).casefold():
        if sign in _AFTER_Z:
            letters.append(_AFTER_Z[sign])
        elif sign.isspace() or sign in "-–":
            letters.append(" ")
        else:
            plain = unicodedata.normalize("NFD", sign)[0]
            letters.append(plain if plain.isalnum() else "")
    return " ".join("".join(letters).split()), text
