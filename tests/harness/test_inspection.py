"""The inspection of every page finds what it is for."""

import pytest

from tests.inspection import faults
from tests.reading import parse

GOOD = """<!doctype html><html lang="{lang}"><head><title>T</title>{head}</head>
<body><main id="sisalto">{heading}{body}</main></body></html>"""


def found(body: str = "", *, path: str = "/", lang: str = "fi", head: str = "", heading: str = "<h1>H</h1>"):
    return faults(parse(GOOD.format(body=body, lang=lang, head=head, heading=heading)), path)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p><div></p>", "unexpected-end-tag"),
        ("<h1>Toinen</h1>", "2 h1"),
        ('<p id="a"></p><p id="a"></p>', "id 'a' stands 2 times"),
        ('<input name="x">', "no label on input 'x'"),
        ('<label for="y">Y</label>', "for points at 'y'"),
        ('<a href="#ei">Tuonne</a>', "link to #ei"),
        ('<a href="/x"></a>', "a link without words"),
        ("<button></button>", "a button without words"),
        ('<label><input type="radio" name="r"> A</label>', "radio buttons 'r' have no legend"),
        ('<img src="/x.png">', "no alt"),
        ('<p style="color:red">x</p>', "inline style on p"),
        ('<p onclick="x()">x</p>', "onclick on p"),
        ("<script>x()</script>", "inline script"),
        ('<script src="https://elsewhere.example/x.js"></script>', "script from elsewhere"),
        ('<a href="javascript:x()">x</a>', "script in an address"),
        ('<form method="post" action="/x"></form>', "has no token"),
        ("<h2> </h2>", "empty h2"),
    ],
)
def test_a_fault_in_the_body_is_found(body, complaint):
    assert any(complaint in fault for fault in found(body)), found(body)


@pytest.mark.parametrize(
    "body",
    [
        '<label for="x">X</label><input id="x" name="x" aria-describedby="h"><p id="h">Ohje</p>',
        '<fieldset><legend>R</legend><label><input type="radio" name="r"> A</label></fieldset>',
        '<form method="post"><input type="hidden" name="csrf_token" value="1"><button>Lähetä</button></form>',
        '<a href="/x"><img src="/x.png" alt="Kartta"></a>',
        '<svg aria-hidden="true"><use href="/sprite.svg#x"/></svg>',
    ],
)
def test_what_is_right_is_let_be(body):
    assert found(body) == []


def test_the_language_follows_the_address():
    assert found(path="/sv/haku", lang="sv") == []
    assert found(path="/svala", lang="fi") == []
    assert any("lang is 'fi'" in fault for fault in found(path="/sv/haku", lang="fi"))
