"""What the languages share: lists with a last word between, and a first letter made large."""

from collections.abc import Sequence


def joined(parts: Sequence[str], word: str) -> str:
    """Return ``a, b ja c`` of the parts; the word stands between the last two."""
    if len(parts) < 2:  # noqa: PLR2004 - a list of one has nothing between
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def upper_first(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return a text that begins with a small letter."""
    return text[:1].lower() + text[1:]


def bounds_of(group: str) -> tuple[str, str]:
    """Return the ends of an age group: ``65-74`` is (65, 74), ``75+`` is (75, nothing)."""
    first, _dash, last = group.rstrip("+").partition("-")
    return first, last
