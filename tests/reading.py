"""Reading a page as a person would: by headings, labels and captions, never by CSS class.

A test says ``page.table("Inbox")[0]["Status"]`` or ``page.form("Send").fields["kind"]``. What isn't on the
page raises ``NotOnPage``, whose text says what is.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import html5lib
from werkzeug.test import TestResponse

from tests import strictly

BOTH_WAYS = bool(os.environ.get("SERVICETRAY_TEST_LONG"))
SPACE = re.compile(r"\s+")
UNSEEN = frozenset({"script", "style", "template"})
NOT_TYPED = frozenset({"hidden", "submit", "button", "image", "reset"})

Element = Any
"""An element of lxml (which has no types)."""


class NotOnPage(AssertionError):  # noqa: N818 - read in a test's failure, where "Error" says nothing
    """What the test asked for isn't there."""


@dataclass(frozen=True)
class Markup:
    """A parsed document: its root and what the parser of the HTML standard complained of."""

    root: Element
    complaints: tuple[str, ...]


def parse(html: str) -> Markup:
    """Parse a whole document by the HTML standard; elements carry no namespace.

    A strictly written page goes a quick way; where proofs run in full it goes both, and they have to agree.
    """
    root = strictly.parsed(html)
    if root is None or BOTH_WAYS:
        markup = by_the_standard(html)
        assert root is None or not markup.complaints, f"not so strictly written: {markup.complaints}"
        return markup
    return Markup(root, ())


def by_the_standard(html: str) -> Markup:
    """Parse a document by the long way."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
    root = parser.parse(html).getroot()
    complaints = tuple(
        f"line {position[0]}: {code} {data or ''}".rstrip() for position, code, data in parser.errors
    )
    return Markup(root, complaints)


def words(element: Element) -> str:
    """Return the text that a reader sees in an element, white space made single, soft hyphens and joiners gone."""
    parts: list[str] = []
    _gather(element, parts)
    return SPACE.sub(" ", "".join(parts).replace("\u00ad", "").replace("\u2060", "")).strip()


def _gather(element: Element, parts: list[str]) -> None:
    if not isinstance(element.tag, str) or element.tag in UNSEEN or "hidden" in element.attrib:
        return
    parts.append(element.text or "")
    for child in element:
        _gather(child, parts)
        parts.append(child.tail or "")
    if element.tag in {"br", "p", "li", "dt", "dd", "div", "td", "th", "h1", "h2", "h3", "option", "label"}:
        parts.append(" ")


@dataclass(frozen=True)
class Link:
    """A link as read: its words and where it leads."""

    text: str
    href: str


@dataclass(frozen=True)
class Choice:
    """One option of a select, or one radio button or check box."""

    value: str
    label: str
    chosen: bool


class Form:
    """A form as filled in on the page: what a browser would send, and what a person may change."""

    def __init__(self, element: Element, address: str) -> None:
        self.element = element
        self.method: str = (element.get("method") or "get").lower()
        # Without an action it goes to the page's own address; what is sent by GET replaces the query.
        own = address if self.method == "post" else address.partition("?")[0]
        self.action: str = element.get("action") or own
        self.fields: dict[str, str | list[str]] = {}
        self.choices: dict[str, list[Choice]] = {}
        self.labels: dict[str, str] = {}
        self._several: set[str] = set()
        for control in element.iter("input", "select", "textarea"):
            if control.get("name") and "disabled" not in control.attrib:
                self._read(control, control.get("name"))

    def _read(self, control: Element, name: str) -> None:
        kind = (control.get("type") or "text").lower() if control.tag == "input" else control.tag
        if kind in {"submit", "button", "image", "reset", "file"}:
            return
        self.labels.setdefault(name, label_of(control))
        if kind in {"radio", "checkbox"}:
            self._read_choice(control, name, kind)
        elif kind == "select":
            self._read_select(control, name)
        else:
            self.fields[name] = (control.text or "") if kind == "textarea" else control.get("value", "")

    def _read_choice(self, control: Element, name: str, kind: str) -> None:
        chosen = "checked" in control.attrib
        value = control.get("value", "on")
        self.choices.setdefault(name, []).append(Choice(value, label_of(control), chosen))
        self.labels[name] = legend_of(control) or self.labels[name]
        if kind == "checkbox":
            self._several.add(name)
            boxes = self.fields.setdefault(name, [])
            if chosen and isinstance(boxes, list):
                boxes.append(value)
        elif chosen:
            self.fields[name] = value

    def _read_select(self, control: Element, name: str) -> None:
        options = list(control.iter("option"))
        choices = [
            Choice(option.get("value", words(option)), words(option), "selected" in option.attrib)
            for option in options
        ]
        self.choices[name] = choices
        picked = [choice.value for choice in choices if choice.chosen]
        if "multiple" in control.attrib:
            self._several.add(name)
            self.fields[name] = picked
        elif picked or choices:
            self.fields[name] = picked[-1] if picked else choices[0].value

    @property
    def names(self) -> frozenset[str]:
        """The names of all fields that can be filled in or are sent hidden."""
        return frozenset(self.fields) | frozenset(self.choices)

    @property
    def buttons(self) -> dict[str, tuple[str, str]]:
        """The submit buttons: words → (name, value)."""
        found = {}
        for button in self.element.iter("button", "input"):
            kind = button.get("type", "submit" if button.tag == "button" else "text").lower()
            if kind == "submit":
                label = words(button) if button.tag == "button" else button.get("value", "")
                found[label] = (button.get("name", ""), button.get("value", ""))
        return found

    def data(self, *, button: str | None = None, **changes: str | list[str] | None) -> dict[str, Any]:
        """Return what would be sent after these changes; None leaves a field unanswered.

        Raises:
            NotOnPage: if a field isn't in the form, or an answer isn't among its choices.
        """
        sent: dict[str, Any] = dict(self.fields)
        for name, value in changes.items():
            if name not in self.names:
                raise NotOnPage(f"no field {name!r}; there are {sorted(self.names)}")
            if value is None:
                sent.pop(name, None)
                continue
            self._possible(name, value)
            sent[name] = [value] if name in self._several and isinstance(value, str) else value
        if button is not None:
            if button not in self.buttons:
                raise NotOnPage(f"no button {button!r}; there are {sorted(self.buttons)}")
            name, value = self.buttons[button]
            if name:
                sent[name] = value
        return sent

    def _possible(self, name: str, value: str | list[str]) -> None:
        if name not in self.choices:
            return
        known = {choice.value for choice in self.choices[name]}
        wanted = {value} if isinstance(value, str) else set(value)
        if not wanted <= known:
            raise NotOnPage(f"{name}: {sorted(wanted - known)} is no choice; there are {sorted(known)}")


def label_of(control: Element) -> str:
    """Return the words that name a form control, or an empty string."""
    if control.get("aria-label"):
        return str(control.get("aria-label"))
    root = control.getroottree().getroot()
    named = [*_by_ids(root, control.get("aria-labelledby")), *_labels_for(root, control.get("id"))]
    if named:
        return " ".join(words(element) for element in named)
    return next((words(parent) for parent in control.iterancestors("label")), "")


def legend_of(control: Element) -> str:
    """Return the legend of the nearest group around a control, or an empty string."""
    for group in control.iterancestors("fieldset"):
        for legend in group.iter("legend"):
            return words(legend)
    return ""


def _labels_for(root: Element, wanted: str | None) -> list[Element]:
    return [label for label in root.iter("label") if wanted and label.get("for") == wanted]


def _by_ids(root: Element, ids: str | None) -> Iterator[Element]:
    for wanted in (ids or "").split():
        yield from root.xpath("//*[@id=$wanted]", wanted=wanted)


class Reading:
    """One page, read."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        query = response.request.query_string.decode()
        self.address = f"{self.path}?{query}" if query else self.path

    @cached_property
    def root(self) -> Element:
        """The parsed document; the client keeps it from its inspection."""
        markup = getattr(self.response, "markup", None) or parse(self.response.get_data(as_text=True))
        return markup.root

    @cached_property
    def main(self) -> Element:
        """The main part, without the frame around it (the whole body where there is no main)."""
        return next(self.root.iter("main"), self.root)

    @property
    def h1(self) -> str:
        """The page's heading."""
        return next((words(element) for element in self.root.iter("h1")), "")

    @property
    def title(self) -> str:
        """The title in the browser's tab."""
        return next((words(element) for element in self.root.iter("title")), "")

    @property
    def lang(self) -> str:
        """The page's language code."""
        return str(self.root.get("lang", ""))

    @property
    def text(self) -> str:
        """Every word of the main part."""
        return words(self.main)

    @property
    def frame_text(self) -> str:
        """Every word of the page, navigation and footer too."""
        return words(next(self.root.iter("body")))

    @property
    def links(self) -> list[Link]:
        """Every link of the whole page, in order."""
        return [
            Link(words(element) or element.get("aria-label", ""), element.get("href"))
            for element in self.root.iter("a")
            if element.get("href")
        ]

    def link(self, text: str) -> str:
        """Return where the first link with these words leads (part of its words is enough)."""
        for link in self.links:
            if link.text == text:
                return link.href
        for link in self.links:
            if text in link.text:
                return link.href
        raise NotOnPage(f"no link {text!r}; there are {[link.text for link in self.links]}")

    def headings(self, level: int = 2) -> list[str]:
        """Return the headings of one level in the main part."""
        return [words(element) for element in self.main.iter(f"h{level}")]

    def table(self, caption: str | None = None) -> list[dict[str, str]]:
        """Return a table's rows as column heading → words; by its caption, or the only one."""
        tables = list(self.main.iter("table"))
        if caption is not None:
            tables = [table for table in tables if caption in _caption(table)]
        if len(tables) != 1:
            known = [_caption(table) for table in self.main.iter("table")]
            raise NotOnPage(f"{len(tables)} tables {caption!r}; captions are {known}")
        return _rows(tables[0])

    def form(self, button: str | None = None) -> Form:
        """Return the form that has this button, wherever on the page, or the only form of the main part."""
        part = self.main if button is None else self.root
        forms = [Form(element, self.address) for element in part.iter("form")]
        if button is not None:
            forms = [form for form in forms if button in form.buttons]
        if len(forms) != 1:
            known = [sorted(Form(element, self.address).buttons) for element in part.iter("form")]
            raise NotOnPage(f"{len(forms)} forms with {button!r}; buttons are {known}")
        return forms[0]

    def form_to(self, end: str) -> Form:
        """Return the form of the main part that is sent to an address with this end, whatever its buttons say."""
        forms = [Form(element, self.address) for element in self.main.iter("form")]
        found = [form for form in forms if form.action.partition("?")[0].endswith(end)]
        if len(found) != 1:
            raise NotOnPage(f"{len(found)} forms to {end!r}; there are {[form.action for form in forms]}")
        return found[0]

    @property
    def errors(self) -> dict[str, str]:
        """What stands beside the fields that have to be mended: field name → words.

        A group of radio buttons or check boxes is described at its fieldset.
        """
        found: dict[str, str] = {}
        for control in self.main.xpath(".//*[@aria-invalid='true']"):
            inner = [control, *control.iter("input", "select")]
            name = next((element.get("name") for element in inner if element.get("name")), "")
            described = " ".join(
                element.get("aria-describedby", "")
                for element in (control, *control.iterancestors("fieldset"))
            )
            said = [
                words(element)
                for element in _by_ids(self.root, described)
                if "error" in element.get("id", "") or element.get("data-field") == "validation"
            ]
            if said:
                found.setdefault(name, " ".join(dict.fromkeys(said)))
        return found

    @property
    def error_summary(self) -> list[Link]:
        """The links of the error summary, in order."""
        boxes = self.main.xpath(
            ".//*[contains(concat(' ', normalize-space(@class), ' '), ' ds-error-summary ')]"
        )
        return [Link(words(link), link.get("href")) for box in boxes for link in box.iter("a")]

    @property
    def facts(self) -> dict[str, str]:
        """The description lists of the main part: term → description."""
        found: dict[str, str] = {}
        for term in self.main.iter("dt"):
            texts = []
            for sibling in term.itersiblings():
                if sibling.tag == "dt":
                    break
                if sibling.tag == "dd":
                    texts.append(words(sibling))
            found.setdefault(words(term), " ".join(texts))
        return found

    @property
    def messages(self) -> list[str]:
        """What the page announces: status messages and alerts."""
        return [words(element) for element in self.root.xpath("//*[@role='status' or @role='alert']")]

    def items(self, heading: str) -> list[str]:
        """Return the items of the first list after a heading."""
        for element in self.main.iter("h1", "h2", "h3", "h4"):
            if words(element) == heading:
                lists = element.xpath("following::*[self::ul or self::ol][1]")
                return [words(item) for item in lists[0] if item.tag == "li"] if lists else []
        raise NotOnPage(f"no heading {heading!r}; there are {self.headings(2) + self.headings(3)}")


def _caption(table: Element) -> str:
    caption = next((words(element) for element in table.iter("caption")), "")
    return caption or str(table.get("aria-label", ""))


def _rows(table: Element) -> list[dict[str, str]]:
    heads = [words(cell) for row in table.xpath("./thead/tr[last()]") for cell in row.iter("th", "td")]
    rows: list[dict[str, str]] = []
    for row in table.xpath("./tbody/tr | ./tr | ./tfoot/tr"):
        cells: Mapping[int, str] = dict(enumerate(words(cell) for cell in row if cell.tag in {"td", "th"}))
        rows.append({(heads[at] if at < len(heads) else str(at)): text for at, text in cells.items()})
    return rows
