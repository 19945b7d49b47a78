"""Reading strictly written pages quickly: those that leave a parser of the HTML standard nothing to mend.

The standard's own parser takes longer over a page than the application takes to write it. Most of its work is to
know what browsers make of faulty or abridged markup. A page in which every element is closed where it should be, and
holds only what it may hold, is almost XML: written as that it goes through a strict parser in C. ``parsed`` gives its
tree, or None for a page of which it cannot be sure; such a page takes the long way, which says what is wrong with it.
So nothing passes here that the long way would complain of: ``tests/harness/test_strictly.py`` proves that with
documents made at random, and ``./dev trust`` with every page that its proofs open.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"

_CAMELS = (
    "viewBox",
    "preserveAspectRatio",
    "patternUnits",
    "patternTransform",
    "markerWidth",
    "markerHeight",
)
_NAME = rf"(?:[a-z][a-z0-9-]*|{'|'.join(_CAMELS)})"
_START = re.compile(r"<!doctype html>\s*(?=<html[ >])")
_OPENED = re.compile(r"<[a-zA-Z]")
_TAG = re.compile(rf'<([a-z][a-z0-9-]*)((?:\s+{_NAME}(?:="[^"<\t\r\n]*")?)*)\s*(/?)>')
_ATTRIBUTE = re.compile(rf'(\s+{_NAME})(="[^"]*")?')
_PERHAPS_BARE = re.compile(r"\s[a-zA-Z-]+(?:\s|$)")
_SCRIPT = re.compile(r"(<script[^<>]*>)([^<]+)(?=</script>)")
_BROKEN_START = re.compile(r"(<(?:textarea|pre)\b[^<>]*>)\r?\n")
_UNSURE = ("<!", "<?", "]]>", "xmlns", "&apos;", *(f"{name.lower()}=" for name in _CAMELS))
_UNSURE_PARTS = re.compile(r"&#(?!3[49];)|[\x7f-\x9f\ufdd0-\ufdef\U0001fffe-\U0001ffff]")
"""What XML reads in another way, names that the standard changes, and characters that it does not want."""


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_VOID = _names("br col hr img input link meta source wbr")
_DRAWN = _names(
    "svg circle clippath defs desc ellipse g line marker mask path pattern polygon polyline rect stop symbol "
    "text title tspan use"
)
_IN_HEAD = frozenset({"base", "link", "meta", "script", "title"})
_BLOCKS = _names(
    "address article aside blockquote dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hgroup hr li main menu nav ol p pre section summary table ul"
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PHRASES = _names(
    "a abbr audio b bdi bdo button cite code data datalist del dfn em i img input ins kbd label legend link mark meter "
    "noscript output picture progress q s samp script select small source span strong sub sup svg textarea time u var "
    "video wbr br"
)
_ROWS = frozenset({"thead", "tbody", "tfoot"})
_ONLY_IN: dict[str, frozenset[str]] = {
    "body": frozenset({"html"}),
    "head": frozenset({"html"}),
    "base": frozenset({"head"}),
    "meta": frozenset({"head"}),
    "title": frozenset({"head"}),
    "li": frozenset({"ol", "ul", "menu"}),
    "dd": frozenset({"dl", "div"}),
    "dt": frozenset({"dl", "div"}),
    "caption": frozenset({"table"}),
    "colgroup": frozenset({"table"}),
    "col": frozenset({"colgroup"}),
    **dict.fromkeys(_ROWS, frozenset({"table"})),
    "tr": _ROWS,
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
    "optgroup": frozenset({"select"}),
    "option": frozenset({"select", "optgroup", "datalist"}),
}
_HOLDS_ONLY: dict[str, frozenset[str]] = {
    "html": frozenset({"head", "body"}),
    "head": _IN_HEAD,
    "table": frozenset({"caption", "colgroup", *_ROWS}),
    **dict.fromkeys(_ROWS, frozenset({"tr"})),
    "tr": frozenset({"td", "th"}),
    "colgroup": frozenset({"col"}),
    "select": frozenset({"option", "optgroup"}),
    "optgroup": frozenset({"option"}),
    **dict.fromkeys(("option", "script", "textarea", "title"), frozenset[str]()),
    **dict.fromkeys((f"{SVG}title", f"{SVG}desc"), frozenset[str]()),
}
"""What these may hold, lest the standard put it elsewhere or leave it out."""
_NEVER_IN_ITSELF = ("a", "button", "form")
_NO_WORDS = ("html", "head", "table", *sorted(_ROWS), "tr", "colgroup", "select", "optgroup")
_KNOWN = _BLOCKS | _PHRASES | _ONLY_IN.keys() | {"html"}


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def parsed(html: str) -> Any | None:
    """Return the root of a page that is written strictly, as the parser of the HTML standard would, or None.

    Of the white space between elements that the standard drops or moves (around ``head`` and ``body``), all is kept
    where it stands.
    """
    start = _START.match(html)
    if start is None:
        return None
    page = html[start.end() :].strip()
    if any(sign in page for sign in _UNSURE) or _UNSURE_PARTS.search(page):
        return None
    page = page.replace("&nbsp;", "\u00a0")
    page, count = _TAG.subn(_closed, page)
    if count != len(_OPENED.findall(page)):
        return None
    page = _BROKEN_START.sub(r"\1", _SCRIPT.sub(r"\1<![CDATA[\2]]>", page))
    try:
        root = etree.fromstring(page, _PARSER)
    except etree.XMLSyntaxError:
        return None
    return root if root.tag == "html" and _holds_what_it_may(root) else None


def _closed(found: re.Match[str]) -> str:
    name, attributes, slash = found[1], found[2], found[3]
    if slash and name not in _VOID and name not in _DRAWN:
        # The standard takes no notice of the slash: refused as XML.
        return "<>"
    if attributes and _PERHAPS_BARE.search(attributes):
        attributes = _ATTRIBUTE.sub(lambda each: each[0] if each[2] else f'{each[1]}=""', attributes)
    if name == "svg":
        attributes += ' xmlns="http://www.w3.org/2000/svg"'
    return f"<{name}{attributes}{'/' if slash or name in _VOID else ''}>"


def _holds_what_it_may(root: Any) -> bool:
    pairs = {(element.getparent().tag, element.tag) for element in root.iterdescendants()}
    return (
        all(_may_stand(*pair) for pair in pairs)
        and [child.tag for child in root] == ["head", "body"]
        # The start of a block ends an open paragraph, a link ends a link, and so on.
        and not any(_BLOCKS.intersection(_tags_in(paragraph)) for paragraph in root.iter("p"))
        and not any(_HEADINGS.intersection(_tags_in(heading)) for heading in root.iter(*_HEADINGS))
        and not any(name in _tags_in(outer) for name in _NEVER_IN_ITSELF for outer in root.iter(name))
        and all(_in_list(element) for element in root.iter("dd", "dt"))
        and not any(_has_words(element) for element in root.iter(*_NO_WORDS))
        and not any(set(_CAMELS).intersection(element.keys()) for element in root.iter("{}*"))
    )


def _tags_in(element: Any) -> Iterator[Any]:
    return (each.tag for each in element.iterdescendants())


def _in_list(term: Any) -> bool:
    """Whether a term or its description stands in its list, or in a ``div`` of it."""
    parent = term.getparent()
    return "dl" in {parent.tag, parent.getparent().tag}


def _has_words(element: Any) -> bool:
    return any(text and not text.isspace() for text in (element.text, *(child.tail for child in element)))


def _may_stand(parent: Any, child: Any) -> bool:
    # Comments and the like have no name; the page was searched for their beginnings.
    if not isinstance(child, str):
        return False
    if parent in _HOLDS_ONLY:
        return child in _HOLDS_ONLY[parent]
    if child.startswith(SVG):
        return child.removeprefix(SVG) in _DRAWN and (parent.startswith(SVG) or child == f"{SVG}svg")
    if parent.startswith(SVG) or (child not in _KNOWN and "-" not in child):
        return False
    if child in _ONLY_IN:
        return parent in _ONLY_IN[child]
    return parent not in _VOID
