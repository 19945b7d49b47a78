"""One event or group with everything that its own page tells."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, url_for

from servicetray.core import clock
from servicetray.core.db import Localized, Texts, in_language
from servicetray.core.municipalities import Municipality, municipalities
from servicetray.core.settings import current_settings
from themes.directory import plain_text
from themes.directory import queries as directory
from themes.directory.details import Prose
from themes.directory.filters import Accessibility
from themes.directory.labels import ACCESSIBILITY_SENTENCES, language_name, only_in
from themes.directory.operations import Price, Source
from themes.happenings import cards, labels, queries
from themes.happenings.groups import GroupView, JoinState
from themes.happenings.models import DateState, Happening, Kind
from themes.happenings.operations import rule_of
from themes.happenings.pages import Details, ShownDate
from themes.happenings.queries import Dated
from themes.topics.queries import published_themes

MOST_DATES = 12
ENROL = "enrolment.enrol"
"""Where one enrols, if the feature that does it is there."""


def details_of(
    it: Happening,
    *,
    view: GroupView | None,
    dates: Sequence[Dated],
    theme_ids: Sequence[int],
    language: str,
    today: dt.date,
    saved: bool = True,
) -> Details:
    """Return an event or group in the language of a page.

    Args:
        it: as it is stored, or would be.
        view: of a group.
        dates: to come, at most one more than are shown.
        theme_ids: of its themes, the main one first.
        language: of the page.
        today: the Helsinki day.
        saved: whether it is stored, so that there are addresses of it.
    """
    places = municipalities()
    themes = {theme.id: theme for theme in published_themes(language=language, today=today)}
    name, description = in_language(it.name, language), in_language(it.description, language)
    service = directory.service_name(it.service_id) if it.service_id else None
    enrol = view is not None and view.can_enrol and saved and ENROL in current_app.view_functions
    town = next(
        (in_language(each.name, language).text for each in places if each.code == it.municipality_code), ""
    )
    street = in_language(it.street, language).text
    mail, phone, web = it.email.strip(), it.phone.strip(), plain_text.web_address(it.url)
    return Details(
        id=it.id,
        is_group=it.kind is Kind.GROUP,
        name=name,
        summary=in_language(it.summary, language),
        description=_prose(it.description, language),
        instructions=_prose(it.instructions, language),
        for_whom=cards.for_whom(it),
        where=cards.where(it, places, language),
        address=", ".join(part for part in (street, f"{it.postal_code} {town}".strip()) if part)
        if street
        else "",
        when=labels.when(rule_of(it), language),
        price=cards.price(it, language),
        languages=", ".join(language_name(code, language) for code in it.languages),
        accessibility=[ACCESSIBILITY_SENTENCES[one] for one in Accessibility if one in it.accessibility],
        kaikukortti=it.kaikukortti,
        provider=in_language(directory.provider_names([it.provider_id]).get(it.provider_id), language),
        service=in_language(service, language),
        service_url=url_for("directory.service", service_id=it.service_id) if service else "",
        phone=plain_text.spoken_number(phone),
        phone_url=plain_text.phone_address(phone),
        mail=mail,
        mail_url=plain_text.mail_address(mail),
        web=web,
        web_name=plain_text.web_name(web),
        themes=[themes[theme_id] for theme_id in theme_ids if theme_id in themes],
        dates=[_shown(each, language, saved=saved) for each in dates[:MOST_DATES]],
        more_dates=len(dates) > MOST_DATES,
        file_url=_file_url(it) if saved and dates else "",
        cancelled=it.cancelled_at is not None,
        reason=in_language(it.cancelled_reason, language),
        only_in=only_in(description.lang if description else name.lang, language),
        demonstration=it.source is Source.DEMONSTRATION,
        joining=labels.joining(view, language) if view else "",
        joining_colour=labels.JOIN_COLOURS[view.state] if view else "",
        enrol_url=url_for(ENROL, group_id=it.id) if enrol else "",
        waiting_list=view is not None and view.state is JoinState.FULL,
        capacity=view.capacity if view else None,
        closes_on=view.closes_on if view and view.can_enrol else None,
    )


def next_dates(it: Happening, today: dt.date) -> Sequence[Dated]:
    """Return the dates of one from today on: as many as a page shows, and one more if there is one."""
    return queries.dates_of(it.id, first=today, most=MOST_DATES + 1)


def linked(it: Happening, dates: Sequence[Dated], *, language: str) -> Mapping[str, Any] | None:
    """Return the next date as schema.org's Event (JSON-LD); None where none is to come."""
    if not dates:
        return None
    following = next((each for each in dates if not each.cancelled), dates[0])
    places, site = municipalities(), current_settings().public_url
    remote = it.forms == ["remote"]
    status = "EventScheduled"
    if following.cancelled:
        status = "EventCancelled"
    elif following.date.state is DateState.MOVED:
        status = "EventRescheduled"
    page = site + cards.page_url(it)
    # The card opens the door free of charge; what is free for all needs no offer.
    offer = {"@type": "Offer", "name": "Kaikukortti", "price": 0, "priceCurrency": "EUR", "url": page}
    return {
        **({"offers": offer} if it.kaikukortti and it.price is not Price.FREE else {}),
        "@context": "https://schema.org",
        "@type": "Event",
        "name": in_language(it.name, language).text,
        "description": in_language(it.summary, language).text,
        "startDate": clock.helsinki(following.date.starts_at).isoformat(),
        "endDate": clock.helsinki(following.date.ends_at).isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": f"https://schema.org/{'On' if remote else 'Off'}lineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": page} if remote else _place(it, places, language),
        "isAccessibleForFree": it.price is Price.FREE,
        "inLanguage": list(it.languages),
        "url": page,
    }


def _place(it: Happening, places: Sequence[Municipality], language: str) -> Mapping[str, Any]:
    town = next(
        (in_language(each.name, language).text for each in places if each.code == it.municipality_code), ""
    )
    return {
        "@type": "Place",
        "name": cards.where(it, places, language),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": in_language(it.street, language).text,
            "postalCode": it.postal_code,
            "addressLocality": town,
            "addressCountry": "FI",
        },
    }


def _shown(dated: Dated, language: str, *, saved: bool) -> ShownDate:
    date, it = dated.date, dated.happening
    moved = date.state is DateState.MOVED
    return ShownDate(
        day=labels.short_day(date.day, language),
        times=labels.span(date.starts_at, date.ends_at),
        cancelled=dated.cancelled,
        moved=moved,
        moved_from=labels.short_day(date.planned_on, language)
        if moved and date.planned_on != date.day
        else "",
        reason=Localized("", language) if it.cancelled_at else in_language(date.reason, language),
        file_url=_file_url(it, date.planned_on) if saved and not dated.cancelled else "",
    )


def _file_url(it: Happening, day: dt.date | None = None) -> str:
    return url_for(
        f"happenings.{it.kind.value}_file", happening_id=it.id, paiva=day.isoformat() if day else None
    )


def _prose(texts: Texts, language: str) -> Prose:
    told = in_language(texts, language)
    return Prose(blocks=plain_text.blocks(told.text), lang=told.lang)
