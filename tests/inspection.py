"""What must be true of every page, whatever it is about; the test client looks at each one.

A rule is a function from the parsed page to the faults that it finds. It has to be mechanical: what needs
a browser (contrast, focus, reflow) is axe's and the browser tests' business.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from tests.reading import NOT_TYPED, Element, Markup, label_of, legend_of, words

LANGUAGES = ("fi", "sv", "en")
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage", "for")
FETCHED = frozenset({"script", "img", "link", "source", "iframe"})
UNFETCHED = frozenset({"canonical", "alternate"})
ELSEWHERE = re.compile(r"(https?:)?//")
HANDLER = re.compile(r"^on[a-z]+$")

Rule = Callable[[Markup, str], Iterator[str]]


def faults(markup: Markup, path: str) -> list[str]:
    """Return everything that is wrong with a page served at ``path`` (language prefix included)."""
    return [fault for rule in RULES for fault in rule(markup, path)]


def _valid(markup: Markup, path: str) -> Iterator[str]:
    del path
    yield from markup.complaints


def _language(markup: Markup, path: str) -> Iterator[str]:
    first = path.lstrip("/").split("/", 1)[0]
    wanted = first if first in LANGUAGES[1:] else LANGUAGES[0]
    if markup.root.get("lang") != wanted:
        yield f"lang is {markup.root.get('lang')!r}, the address says {wanted!r}"


def _headed(markup: Markup, path: str) -> Iterator[str]:
    del path
    headings = list(markup.root.iter("h1"))
    if len(headings) != 1:
        yield f"{len(headings)} h1"
    if not any(words(title) for title in markup.root.xpath("/html/head/title")):
        yield "no title"
    if len(list(markup.root.iter("main"))) != 1:
        yield "not exactly one main"
    for heading in markup.root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        if not words(heading):
            yield f"empty {heading.tag}"


def _ids(markup: Markup, path: str) -> Iterator[str]:
    del path
    known = Counter(markup.root.xpath("//@id"))
    yield from (f"id {name!r} stands {count} times" for name, count in known.items() if count > 1)
    for attribute in REFERENCES:
        for value in markup.root.xpath(f"//@{attribute}"):
            yield from (f"{attribute} points at {name!r}" for name in value.split() if name not in known)
    for href in markup.root.xpath("//a/@href"):
        if href.startswith("#") and href[1:] and href[1:] not in known:
            yield f"link to {href}, which is not on the page"


def _labelled(markup: Markup, path: str) -> Iterator[str]:
    del path
    groups: Counter[str] = Counter()
    for control in markup.root.iter("input", "select", "textarea"):
        kind = (control.get("type") or "text").lower()
        if control.tag == "input" and kind in NOT_TYPED:
            continue
        if not label_of(control):
            yield f"no label on {control.tag} {control.get('name')!r}"
        if kind == "radio" and not (legend_of(control) or _named_group(control)):
            groups[str(control.get("name"))] += 1
    yield from (f"radio buttons {name!r} have no legend" for name in groups)


def _named(markup: Markup, path: str) -> Iterator[str]:
    del path
    for button in markup.root.iter("button"):
        if not (words(button) or button.get("aria-label")):
            yield "a button without words"
    for link in markup.root.iter("a"):
        if link.get("href") and not (words(link) or link.get("aria-label") or _picture_text(link)):
            yield f"a link without words to {link.get('href')}"
    for image in markup.root.iter("img"):
        if "alt" not in image.attrib:
            yield f"no alt on {image.get('src')}"


def _named_group(control: Element) -> bool:
    return any(
        group.get("role") in {"group", "radiogroup"}
        and (group.get("aria-label") or group.get("aria-labelledby"))
        for group in control.iterancestors()
    )


def _picture_text(link: Element) -> bool:
    return any(image.get("alt") for image in link.iter("img"))


def _no_inline_code(markup: Markup, path: str) -> Iterator[str]:
    del path
    for element in markup.root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "style" or "style" in element.attrib:
            yield f"inline style on {element.tag}"
        is_data = element.get("type") == "application/ld+json"
        if element.tag == "script" and not (is_data or element.get("src") or element.get("nonce")):
            yield "inline script without a nonce"
        yield from (f"{name} on {element.tag}" for name in element.attrib if HANDLER.match(str(name)))
        address = element.get("href") or element.get("src") or element.get("action") or ""
        if address.strip().lower().startswith(("javascript:", "vbscript:")):
            yield f"script in an address: {address}"
        if element.tag in FETCHED and ELSEWHERE.match(address) and element.get("rel") not in UNFETCHED:
            yield f"{element.tag} from elsewhere: {address}"


def _guarded(markup: Markup, path: str) -> Iterator[str]:
    del path
    for form in markup.root.iter("form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        names = {control.get("name") for control in form.iter("input")}
        if not names & {"csrf_token", "form_key"}:
            yield f"the form to {form.get('action')!r} has no token"


RULES: tuple[Rule, ...] = (_valid, _language, _headed, _ids, _labelled, _named, _no_inline_code, _guarded)
