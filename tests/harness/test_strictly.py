"""The quick way of reading a page accepts nothing that the parser of the HTML standard would read otherwise."""

import re
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import strictly
from tests.reading import by_the_standard

PAGE = '<!doctype html>\n<html lang="fi">\n<head>{head}<title>T</title></head>\n<body>\n{body}\n</body>\n</html>\n'
BOUNDS = frozenset({"html", "head", "body"})
WORDS = """
a p p div div ul li li dl dt dd table caption thead tbody tr td th h2 h3 form button label select optgroup option
span b b em i code section main nav details summary fieldset legend textarea pre svg path title desc script
template style iframe center font nobr ruby rt noscript image math u-combobox object datalist picture dialog
"""
NAMES = WORDS.split()
VOID = ("br", "hr", "img", "input", "meta", "link", "source", "wbr", "col")
ATTRIBUTES = (
    "",
    ' class="a b"',
    " hidden",
    ' id="x" hidden value="1 2"',
    ' id="x" id="y"',
    " class=a",
    " class='a'",
    ' viewBox="0 0 1 1"',
    ' viewbox="0 0 1 1"',
    ' ID="x"',
    ' title="1 > 2"',
    ' title="1 < 2"',
    ' title="a\nb"',
    ' title="&amp;&#34;&auml;"',
    ' a="1"b="2"',
    ' xml:lang="fi"',
    ' xmlns="urn:x"',
    ' xlink:href="#a"',
)
TEXTS = (
    " ",
    "\n",
    "sana",
    " sana ",
    "&amp; &lt; &gt; &#39;",
    "&nbsp;",
    "&",
    "&auml;",
    "&#128;",
    "&apos;",
    "1 < 2",
    "1 > 2",
    "]]>",
    "<!-- x -->",
    "<?x?>",
    "<![CDATA[x]]>",
    "\r\nrivi",
    "\x85",
    "\ufdd0",
)


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, attributes, inner, slash, end: (
            f"<{name}{attributes}{slash}>{''.join(inner)}{end or f'</{name}>'}"
        ),
        st.sampled_from(NAMES),
        _mostly("", ATTRIBUTES),
        st.lists(children, max_size=4),
        _mostly("", ("", "/", " ")),
        _mostly("", ("", " ", "</p>", "</DIV>")),
    )


def _mostly(usual: str, others: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(usual), st.just(usual), st.sampled_from(others))


def _of(*names: str, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return elements that hold what such may hold: what would seldom come about by itself."""
    made = inner
    for name in reversed(names):
        made = st.lists(made, min_size=1, max_size=2).map(partial(_wrapped, name))
    return made


def _wrapped(name: str, parts: list[str]) -> str:
    return f"<{name}>{''.join(parts)}</{name}>"


LEAVES = st.one_of(
    _mostly("sana", TEXTS),
    st.builds(
        lambda name, attributes, end: f"<{name}{attributes}{end}>",
        st.sampled_from(VOID),
        _mostly("", ATTRIBUTES),
        st.sampled_from(("", "/")),
    ),
)
BODIES = st.recursive(
    LEAVES,
    lambda children: st.one_of(
        _element(children),
        _element(children),
        _of("table", "tbody", "tr", "td", inner=children),
        _of("dl", "div", "dt", inner=children),
        _of("ul", "li", inner=children),
        _of("select", "option", inner=_mostly("sana", TEXTS)),
        _of("svg", "path", inner=children),
    ),
    max_leaves=12,
)  # fmt: skip
HEADS = _mostly(
    "", ("<b></b>", "sana", '<meta charset="utf-8">', "<script>a && b < c</script>", "<style>a{}</style>")
)


def told(element: Any) -> object:
    """Return all that a tree says; white space around head and body, which is nobody's, left out."""
    text, tail = element.text or "", element.tail or ""
    if element.tag in BOUNDS or (element.getparent() is not None and element.getparent().tag in BOUNDS):
        text, tail = (re.sub(r"^\s+|\s+$", "", each) for each in (text, tail))
    return element.tag, dict(element.attrib), text, tail, [told(child) for child in element]


def agrees(page: str) -> bool:
    """Whether the quick way accepts a page; if so, the long way has to read the same without complaint."""
    root = strictly.parsed(page)
    if root is None:
        return False
    markup = by_the_standard(page)
    assert markup.complaints == ()
    assert told(root) == told(markup.root)
    return True


@settings(max_examples=max(400, settings().max_examples))
@given(head=HEADS, body=st.lists(BODIES, min_size=1, max_size=3).map("".join))
@example(head="", body="<p><div></div></p>")
@example(head="", body="<dl><div><dt>a</dt><dd><div><dd>b</dd></div></dd></div></dl>")
@example(head="", body="<a><span><a></a></span></a>")
@example(head="", body="<table>sana<tbody><tr><td></td></tr></tbody></table>")
@example(head="", body="<select><option>a<b>b</b></option></select>")
@example(head="", body="<b><p></p></b>")
@example(head="", body="<div/>")
@example(head="", body="<svg><p></p></svg>")
def test_what_the_quick_way_accepts_the_standard_reads_the_same(head: str, body: str):
    agrees(PAGE.format(head=head, body=body))


@pytest.mark.parametrize(
    "body",
    [
        "<main><h1>Otsikko</h1><p>Sana <b>toinen</b><br>kolmas &amp; neljäs&nbsp;viides</p></main>",
        '<form method="post"><label for="a">A</label><input id="a" name="a" required value="1 &lt; 2"></form>',
        "<table><caption>T</caption><thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
        '<select name="s"><optgroup label="g"><option value="" selected>Valitse</option></optgroup></select>',
        '<svg viewBox="0 0 1 1" aria-hidden="true"><use href="/x.svg#y"/><title>Kuva</title></svg>',
        "<dl><div><dt>a</dt><dd>b</dd></div></dl>",
        "<textarea>\r\nrivi\r\n toinen</textarea><pre>\nx</pre>",
        '<script type="application/ld+json">{"a": "b & c > d"}</script>',
        '<details open><summary>S</summary><ul><li><a href="/x?a=1&amp;b=2">x</a></li></ul></details>',
    ],
)  # fmt: skip
def test_ordinary_markup_goes_the_quick_way(body: str):
    assert agrees(PAGE.format(head="", body=body))
