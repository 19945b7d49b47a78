"""What the address of the inbox asks for, and the addresses of its other parts: the whole state stands there."""

from dataclasses import replace

from flask import request, url_for
from flask_babel import gettext as _

from referrals import spoken
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.pages import Chip, Choice, Filters, Words
from referrals.municipality.inbox.queries import Inbox
from referrals.municipality.inbox.scope import Scope
from referrals.worklist import Asked, Cursor, Flag, Place, Tab


def asked_for(scope: Scope) -> Asked:
    """Read what this request asks for; what is unknown, or not theirs to ask for, narrows nothing."""
    try:
        tab = Tab(request.args.get("rajaus", Tab.ALL.value))
    except ValueError:
        tab = Tab.ALL
    municipality, kind = request.args.get("kunta", ""), request.args.get("laji", "")
    language = request.args.get("kieli", "")
    given = set(request.args.getlist("ehto"))
    return Asked(
        tab=tab,
        municipality_code=municipality if municipality in scope.municipalities else None,
        kind_code=kind if kind in scope.kind_codes else None,
        language_code=language if language in spoken.CODES else None,
        flags=frozenset(flag for flag in Flag if flag.value in given),
    )


def cursor_for() -> Cursor | None:
    """Read from which place on this request reads; none is the beginning."""
    for name, backwards in (("jalkeen", False), ("ennen", True)):
        place = Place.parse(request.args.get(name, ""))
        if place is not None:
            return Cursor(place=place, backwards=backwards)
    return None


def address(asked: Asked, *, after: Place | None = None, before: Place | None = None) -> str:
    """Return the address of a list, or of a page of it."""
    return url_for(
        "inbox.inbox",
        rajaus=None if asked.tab is Tab.ALL else asked.tab.value,
        kunta=asked.municipality_code,
        laji=asked.kind_code,
        kieli=asked.language_code,
        ehto=[flag.value for flag in Flag if flag in asked.flags],
        jalkeen=str(after) if after else None,
        ennen=str(before) if before else None,
    )


def tabs_of(found: Inbox) -> tuple[Chip, ...]:
    """Return whose work there is, each with its number under the same conditions."""
    return tuple(
        Chip(
            label=label,
            count=replace(found.asked, tab=tab).counted(found.piles),
            url=address(replace(found.asked, tab=tab)),
            current=tab is found.asked.tab,
        )
        for tab, label in labels.TABS.items()
    )


def filters_of(found: Inbox, scope: Scope, words: Words) -> Filters:
    """Return the conditions that leave something, and those that are on; each with what it would leave."""
    asked = found.asked
    flags = tuple(
        Chip(
            label=label,
            count=count,
            url=address(asked.toggled(flag)),
            current=flag in asked.flags,
        )
        for flag, label in labels.FLAGS.items()
        if (count := replace(asked, flags=asked.flags | {flag}).counted(found.piles)) or flag in asked.flags
    )
    places = sorted(words.municipalities.items(), key=lambda item: item[1])
    kinds = [(code, words.kind(code).capitalize()) for code in scope.kind_codes]
    return Filters(
        flags=flags,
        municipalities=_choices(places, asked.municipality_code) if len(places) > 1 else (),
        kinds=_choices(kinds, asked.kind_code) if len(kinds) > 1 else (),
        languages=_languages(found),
        kept=_kept(asked),
        clear_url=address(Asked(tab=asked.tab)) if asked.narrows else None,
    )


def nothing_found(found: Inbox) -> tuple[str, str, tuple[tuple[str, str, str], ...]]:
    """Say why a list is empty, and where to go on: title, text, and (words, address, how many)."""
    asked = found.asked
    whole, everybody = Asked(tab=asked.tab), Asked()
    ways = []
    if left := asked.counted(found.piles):
        ways.append((_("To the beginning of the list"), address(asked), str(left)))
        return _("The list ends before this"), _("Rows have moved meanwhile. None was lost."), tuple(ways)
    if asked.narrows and (without := whole.counted(found.piles)):
        ways.append((_("Show without conditions"), address(whole), str(without)))
    if asked.tab is not Tab.ALL and (every := everybody.counted(found.piles)):
        ways.append((_("Show all referrals"), address(everybody), str(every)))
    if ways:
        text = (
            _("Nobody fits these conditions now.")
            if asked.narrows
            else _("There is nobody in this part now.")
        )
        return _("Nothing waits here"), text, tuple(ways)
    text = _("Every referral has found its adviser. New ones appear here as soon as they are sent.")
    return _("Nothing waits here"), text, ((_("Closed cases"), url_for("inbox.finished"), ""),)


def _choices(offered: list[tuple[str, str]], chosen: str | None) -> tuple[Choice, ...]:
    return tuple(Choice(value=code, label=label, chosen=code == chosen) for code, label in offered)


def _languages(found: Inbox) -> tuple[Choice, ...]:
    """Return the languages that somebody in the list has, each with what it would leave; none where all share one."""
    asked = found.asked
    counts = {code: replace(asked, language_code=code).counted(found.piles) for code in spoken.CODES}
    offered = [
        (code, f"{labels.LANGUAGE_CODES[code]} ({count})")
        for code, count in counts.items()
        if count or code == asked.language_code
    ]
    return _choices(offered, asked.language_code) if len(offered) > 1 or asked.language_code else ()


def _kept(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What a form that changes municipality, kind or language carries along."""
    tab = () if asked.tab is Tab.ALL else (("rajaus", asked.tab.value),)
    return (*tab, *(("ehto", flag.value) for flag in Flag if flag in asked.flags))
