"""Whoever writes in one language at the desk changes no other, those that no form shows among them."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask_wtf import FlaskForm
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField, SelectMultipleField

from themes.directory.desk import channel_forms, forms, hours
from themes.directory.desk.channel_forms import ChannelForm
from themes.directory.desk.forms import ServiceForm
from themes.directory.desk.operations import TEXTS
from themes.directory.desk.texts import row_of_each, typed_over
from themes.directory.models import Channel, ChannelKind, Price, Service

LANGUAGES = ("fi", "sv", "en", "de", "ru", "se")
WORDS = st.text("aäö \n", min_size=1, max_size=4).map(lambda text: f"{text}x{text}")
BY_LANGUAGE = st.dictionaries(st.sampled_from(LANGUAGES), WORDS)
SHAPES: tuple[dict[str, Any], ...] = (
    {"days": [1, 5], "from": "08:00", "to": "16:00"},
    {"days": None, "valid_from": "2026-12-24", "valid_to": "2026-12-26", "closed": True},
    {"days": None, "from": None, "to": None},
)
ROWS = st.lists(st.builds(lambda shape, info: {**shape, "info": info}, st.sampled_from(SHAPES), BY_LANGUAGE))
PHONES = st.lists(
    st.builds(
        lambda number, info: {"number": number, "info": info, "charge": {"de": f"pvm {number}"}},
        st.sampled_from(("040 000 0101", "040 000 0102", "040 000 0103")),
        BY_LANGUAGE,
    )
)
CHANNEL = ("name", "description", "urls", "street")


def made(**more: Any) -> Channel:
    nothing: dict[str, Any] = {
        "phones": [],
        "emails": [],
        "hours": [],
        "postal_code": "",
        "municipality_code": None,
    }
    return Channel(**{**nothing, **{name: {} for name in CHANNEL}, "kind": ChannelKind.PHONE, **more})


def sent(form: Any) -> Iterator[tuple[str, str]]:
    """Tell what a browser sends of a form that nobody has touched."""
    for field in form:
        if isinstance(field, FieldList):
            for entry in field:
                yield from sent(entry.form)
        elif isinstance(field, FormField):
            yield from sent(field.form)
        elif isinstance(field, BooleanField):
            yield from [(field.name, "y")] * bool(field.data)
        elif isinstance(field, SelectMultipleField):
            yield from ((field.name, str(value)) for value in field.data or ())
        else:
            yield field.name, field._value() if hasattr(field, "_value") else str(field.data or "")


def sent_back(form: FlaskForm, **typed: str) -> MultiDict[str, str]:
    return MultiDict({**dict(sent(form)), **typed})


def edited(app: Any, channel: Channel, words: str | None, **typed: str) -> Any:
    """Open a channel's form, write these words into each Finnish box, and return how the channel shall be."""
    with app.test_request_context("/", method="POST"):
        form = ChannelForm(formdata=None, **channel_forms.filled(channel, mark=""))
        form.offer(municipalities=[], now_in=None, shared=False)
        finnish = {name: words for name, _value in sent(form) if words and name.endswith("_fi")}
        again = ChannelForm(formdata=sent_back(form, **{**finnish, **typed}))
        again.offer(municipalities=[], now_in=None, shared=False)
        return again.edit(channel)


def others(texts: Mapping[str, str] | None) -> dict[str, str]:
    return {code: text for code, text in (texts or {}).items() if code != "fi"}


@given(texts=st.lists(BY_LANGUAGE, min_size=4, max_size=4), phones=PHONES, rows=ROWS)
def test_writing_finnish_leaves_all_other_words_of_a_channel(app, texts, phones, rows):
    channel = made(**dict(zip(CHANNEL, texts, strict=True)), phones=phones, hours=rows)
    edit = edited(app, channel, "Uusi")
    for name in CHANNEL:
        assert getattr(edit, name) == {**others(getattr(channel, name)), "fi": "Uusi"}
    assert [others(each["info"]) for each in edit.phones] == [others(each["info"]) for each in phones]
    assert [each["charge"] for each in edit.phones] == [each["charge"] for each in phones]
    told = hours.canonical(rows)
    assert [others(row["info"]) for row in edit.hours] == [others(row["info"]) for row in told]


@given(texts=st.lists(BY_LANGUAGE, min_size=4, max_size=4), phones=PHONES, rows=ROWS)
def test_keeping_a_channel_as_it_is_changes_none_of_its_words(app, texts, phones, rows):
    channel = made(**dict(zip(CHANNEL, texts, strict=True)), phones=phones, hours=rows)
    edit = edited(app, channel, None)
    assert [getattr(edit, name) for name in CHANNEL] == texts
    assert (edit.phones, edit.hours) == (phones, hours.canonical(rows))


@given(texts=st.lists(BY_LANGUAGE, min_size=len(TEXTS), max_size=len(TEXTS)))
def test_writing_finnish_leaves_all_other_words_of_a_service(app, texts):
    service = Service(
        **dict(zip(TEXTS, texts, strict=True)), price=Price.FREE, kaikukortti=False, facets=[], themes=[]
    )
    with app.test_request_context("/", method="POST"):
        form = ServiceForm(formdata=None, **forms.filled(service, {}, mark=""))
        typed = {f"{name}_fi": "Uusi" for name in TEXTS}
        again = ServiceForm(formdata=sent_back(form, **typed))
        again.offer(municipalities=[], themes=[], may_theme=True)
        edit = again.edit(service, {})
    assert edit.texts == {
        name: {**others(text), "fi": "Uusi"} for name, text in zip(TEXTS, texts, strict=True)
    }


def test_every_localized_box_of_the_desk_is_tried_here():
    """A box that comes to these forms for another text has to be kept in the other languages, too."""
    named = {
        name.removesuffix("_fi")
        for form in (ChannelForm, ServiceForm, channel_forms.PhoneRow, channel_forms.HoursRow)
        for name in dir(form)
        if name.endswith("_fi")
    }
    assert named == {"name", "description", "url", "street", "info", *TEXTS}


def test_a_number_that_is_mended_is_still_the_same_peoples_and_its_price_is_unknown(app):
    phones = [
        {"number": "040 000 0101", "info": {"fi": "Neuvonta", "de": "Auskunft"}, "charge": {"fi": "pvm"}}
    ]
    edit = edited(app, made(phones=phones), None, **{"phones-0-number": "040 000 0109"})
    assert edit.phones == [{"number": "040 000 0109", "info": {"fi": "Neuvonta", "de": "Auskunft"}}]


def test_words_of_hours_go_with_their_row_and_not_with_its_place(app):
    monday = {"days": [1, 1], "from": "08:00", "to": "16:00", "info": {"de": "Montags"}}
    tuesday = {"days": [2, 2], "from": "09:00", "to": "15:00", "info": {"de": "Dienstags"}}
    gone = {"first": "", "opens": "", "closes": ""}
    typed = {f"weekly-0-{name}": value for name, value in gone.items()}
    assert [row["info"] for row in edited(app, made(hours=[monday, tuesday]), None, **typed).hours] == [
        {"de": "Dienstags"}
    ]
    moved = {"first": "2", "opens": "09:00", "closes": "15:00"}
    typed = {f"weekly-0-{name}": value for name, value in moved.items()}
    typed |= {f"weekly-1-{name}": value for name, value in gone.items()}
    (left,) = edited(app, made(hours=[monday, tuesday]), None, **typed).hours
    assert left["info"] == {"de": "Dienstags"}


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (["a", "b"], ["a", "b"], [0, 1]),
        (["b", ""], ["a", "b"], [1, None]),
        (["c", "b", "d"], ["a", "b"], [0, 1, None]),
        (["a", "a"], ["a", "a"], [0, 1]),
        (["", "a"], ["a"], [None, 0]),
    ],
)
def test_each_row_is_the_one_that_it_was(now, before, expected):
    assert row_of_each(now, before) == expected


def test_an_emptied_box_takes_its_language_away_and_no_other():
    assert typed_over({"fi": "", "sv": "Ny\r\nrad", "en": None}, {"fi": "Vanha", "de": "Alt"}) == {
        "sv": "Ny\nrad",
        "de": "Alt",
    }
