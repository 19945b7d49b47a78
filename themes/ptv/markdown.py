"""Markdown as the plain text that the directory keeps. Pure.

Version 12 of the API counts long texts in Markdown, version 11 in plain text. Marks of headings, emphasis and links
go, lists and paragraphs stay as line breaks. What only looks like a mark (``5*3*2``, ``talo_b``) is left alone.
"""

import html
import re

_LINES = (
    # A rule, a quotation, a heading, a point of a list, a hard line break.
    (re.compile(r"^ {0,3}(?:\*{3,}|-{3,}|_{3,})[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}> ?", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*[*+-][ \t]+(?=\S)", re.MULTILINE), "- "),
    (re.compile(r"(?:(?<! ) {2,}|\\)$", re.MULTILINE), ""),
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HIDDEN = re.compile(r"[\ue000-\ue07f]")
_FIRST_HIDDEN = 0xE000
_LINK = re.compile(
    r"(?P<image>!?)\[(?P<words>[^\[\]\n]*)\]\(<?(?P<url>[^\s()<>]*)>?(?:[ \t]+\"[^\"\n]*\")?\)"
)
_BARE_LINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+)>")
_EMPHASIS = (
    re.compile(r"\*\*(?=\S)([^*\n]+)(?<=\S)\*\*"),
    re.compile(r"(?<!\w)__(?=\S)([^_\n]+)(?<=\S)__(?!\w)"),
    re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])"),
    re.compile(r"(?<!\w)_(?=\S)([^_\n]+)(?<=\S)_(?!\w)"),
    re.compile(r"`([^`\n]+)`"),
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain(text: str) -> str:
    """Return the words of a text in Markdown; a link's address follows in brackets, for what is plain can't hide it."""
    # Escaped marks are put aside: they are none.
    shown = _HIDDEN.sub("", text)
    for pattern, instead in _LINES:
        shown = pattern.sub(instead, shown)
    shown = _ESCAPED.sub(lambda found: chr(_FIRST_HIDDEN + ord(found[1])), shown)
    shown = _LINK.sub(_link, shown)
    shown = _BARE_LINK.sub(lambda found: found[1].removeprefix("mailto:"), shown)
    for pattern in _EMPHASIS:
        shown = pattern.sub(r"\1", shown)
    shown = _ENTITY.sub(lambda found: html.unescape(found[0]), shown)
    return _HIDDEN.sub(lambda found: chr(ord(found[0]) - _FIRST_HIDDEN), shown).strip()


def _link(found: re.Match[str]) -> str:
    words, url = found["words"].strip(), found["url"].removeprefix("mailto:")
    if found["image"] or not url or words == url:
        return words
    return f"{words} ({url})" if words else url
