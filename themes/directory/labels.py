"""Words for what the directory knows by codes."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names
from flask_babel import format_date, lazy_pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from servicetray.core import clock
from themes.directory.filters import (
    TAKEN,
    WRITTEN,
    Accessibility,
    Form,
    Group,
    LifeStage,
    Order,
    TargetGroup,
)
from themes.directory.models import Area, ChannelKind, ClassificationKind, Price, ProviderKind, Source
from themes.directory.opening import Opening, Openness

GROUPS = {
    Group.THEME: _l("Theme"),
    Group.MUNICIPALITY: _l("Municipality"),
    Group.LIFE_STAGE: _l("Stage of life"),
    Group.TARGET_GROUP: _l("Meant for"),
    Group.PRICE: _l("Price"),
    Group.FORM: lazy_pgettext("choice", "How"),
    Group.ACCESSIBILITY: _l("Accessibility"),
    Group.LANGUAGE: _l("Language"),
    Group.KAIKUKORTTI: _l("Kaikukortti"),
    Group.EASY: _l("Easy to read"),
}

ORDERS = {
    Order.GIVEN: _l("In the order of the alphabet"),
    Order.NAME: _l("In the order of the alphabet"),
    Order.NEAREST: _l("What happens soonest"),
    Order.CHECKED: _l("Checked most recently"),
}
BEST_MATCH = _l("Best match first")

TARGET_GROUPS = {
    TargetGroup.FAMILIES: _l("Families with children"),
    TargetGroup.YOUNG: _l("Young people"),
    TargetGroup.LONG_TERM_ILL: _l("People with a long-term illness"),
    TargetGroup.DISABLED: _l("People with disabilities"),
}

KAIKUKORTTI = {TAKEN: _l("Kaikukortti is taken")}
EASY = {WRITTEN: _l("Has a text in easy language")}

LIFE_STAGES = {
    LifeStage.CHILDREN_AND_YOUNG: _l("Children and young people"),
    LifeStage.WORKING_AGE: _l("Working age"),
    LifeStage.OLDER_PEOPLE: _l("Older people"),
}

FORMS = {
    Form.IN_PERSON: _l("In person"),
    Form.REMOTE: _l("Remotely"),
    Form.AT_HOME: _l("At home"),
    Form.SELF_CARE: _l("Self-care"),
}

ACCESSIBILITY = {
    Accessibility.STEP_FREE: _l("Step-free entrance"),
    Accessibility.ACCESSIBLE_TOILET: _l("Accessible toilet"),
    Accessibility.INDUCTION_LOOP: _l("Induction loop"),
    Accessibility.SIGN_LANGUAGE: _l("Sign language"),
}

ACCESSIBILITY_SENTENCES = {
    Accessibility.STEP_FREE: _l("You can get in with a wheelchair or a walker"),
    Accessibility.ACCESSIBLE_TOILET: _l("There is an accessible toilet"),
    Accessibility.INDUCTION_LOOP: _l("There is an induction loop for hearing aids"),
    Accessibility.SIGN_LANGUAGE: _l("You can use sign language"),
}

PRICES = {
    Price.FREE: lazy_pgettext("price", "Free"),
    Price.CHARGE: _l("There is a charge"),
    Price.UNKNOWN: _l("Ask for the price"),
}

PROVIDER_KINDS = {
    ProviderKind.COUNTY: _l("Wellbeing services county"),
    ProviderKind.MUNICIPALITY: lazy_pgettext("provider", "Municipality"),
    ProviderKind.ASSOCIATION: _l("Association"),
    ProviderKind.PARISH: _l("Parish"),
    ProviderKind.COMPANY: _l("Company"),
    ProviderKind.OTHER: _l("Other organisation"),
}

AREAS = {
    Area.NATIONWIDE: _l("All of Finland"),
    Area.NATIONWIDE_EXCEPT_ALAND: _l("Finland except Åland"),
    Area.LIMITED: _l("Some municipalities"),
}

CHANNEL_KINDS = {
    ChannelKind.LOCATION: lazy_pgettext("channel", "Place"),
    ChannelKind.PHONE: lazy_pgettext("channel", "Phone"),
    ChannelKind.WEB_PAGE: lazy_pgettext("channel", "Web page"),
    ChannelKind.E_SERVICE: _l("Online service"),
    ChannelKind.PRINTABLE_FORM: _l("Form to print"),
}

SOURCES = {
    Source.PTV: _l("Suomi.fi Finnish Service Catalogue"),
    Source.EDITOR: _l("the editors of this service"),
    Source.PROVIDER: _l("the provider"),
    Source.DEMONSTRATION: _l("an invented example"),
}

REFERRALS = {
    "exercise": _l("You can also come by an exercise referral."),
    "culture": _l("You can also come by a culture referral."),
}

CLASSIFICATIONS = {
    ClassificationKind.SERVICE_CLASS: _l("Service classes"),
    ClassificationKind.TARGET_GROUP: _l("Target groups"),
    ClassificationKind.LIFE_EVENT: _l("Life events"),
    ClassificationKind.ONTOLOGY_TERM: _l("Subject words"),
    ClassificationKind.INDUSTRIAL_CLASS: _l("Fields of industry"),
}

_GROUP_VALUES: Mapping[Group, Mapping[Any, LazyString]] = {
    Group.LIFE_STAGE: LIFE_STAGES,
    Group.TARGET_GROUP: TARGET_GROUPS,
    Group.KAIKUKORTTI: KAIKUKORTTI,
    Group.EASY: EASY,
    Group.PRICE: {Price.FREE.value: PRICES[Price.FREE]},
    Group.FORM: FORMS,
    Group.ACCESSIBILITY: ACCESSIBILITY,
}


def value_label(group: Group, value: str) -> LazyString | str:
    """Return the words for a value of a fixed group; a language is called by its own name."""
    if group is Group.LANGUAGE:
        return own_name(value)
    return _GROUP_VALUES[group][value]


def own_name(code: str) -> str:
    """Return what a language calls itself (``sv`` → Svenska), its code if that isn't known."""
    return language_name(code, code)


def language_name(code: str, page_language: str) -> str:
    """Return what a language is called in another, with a capital: ``sv``, ``fi`` → Ruotsi."""
    try:
        name = Locale.parse(page_language).languages.get(code)
    except (UnknownLocaleError, ValueError):
        name = None
    return name[:1].upper() + name[1:] if name else code


ONLY_IN = {
    "fi": _l("Only in Finnish"),
    "sv": _l("Only in Swedish"),
    "en": _l("Only in English"),
}


def only_in(code: str, page_language: str) -> LazyString | str | None:
    """Return the words for a text that is in another language than its page; None if it is in the page's."""
    if code == page_language:
        return None
    return ONLY_IN.get(code) or _("Only in this language: %(name)s", name=language_name(code, page_language))


def opening(
    days: tuple[int, int] | None, opens: str, closes: str, page_language: str, *, closed: bool = False
) -> str:
    """Return hours in words: ``(1, 5), "8", "16"`` → ma–pe klo 8–16. Days are 1 Monday … 7 Sunday."""
    names = get_day_names("abbreviated", locale=page_language)
    which = "–".join(names[(day - 1) % 7] for day in dict.fromkeys(days or ()))
    if closed:
        return _("%(days)s closed", days=which).strip()
    if not opens or not closes:
        return which
    return _("%(days)s %(opens)s–%(closes)s", days=which, opens=opens, closes=closes).strip()


def period(first: dt.date | None, last: dt.date | None, page_language: str) -> str:
    """Return a period in words: 1.6.–31.8.2026, a single day as su 22.11.; an open end stays open."""
    if first is not None and first == last:
        return f"{get_day_names('abbreviated', locale=page_language)[first.weekday()]} {first.day}.{first.month}."
    start = (
        f"{first.day}.{first.month}.{first.year if last is None or first.year != last.year else ''}"
        if first
        else ""
    )
    end = f"{last.day}.{last.month}.{last.year}" if last else ""
    return f"{start}–{end}" if start or end else ""


OPENNESS_COLOURS = {Openness.OPEN: "success", Openness.CLOSED: "neutral", Openness.UNSURE: "warning"}


def openness(opening: Opening, now: dt.datetime) -> str:
    """Return whether it is open now in a few words; the page may be a minute old, so no minutes are counted."""
    if opening.now is Openness.OPEN:
        assert opening.until is not None
        return _("Open now, until %(time)s", time=_moment(opening.until, now))
    if opening.now is Openness.UNSURE:
        return _("A public holiday: ask whether it is open")
    if opening.opens_at is None:
        return _("Closed now")
    return _("Closed now, opens %(time)s", time=_moment(opening.opens_at, now))


def _moment(instant: dt.datetime, now: dt.datetime) -> str:
    then = clock.helsinki(instant)
    time = f"{then.hour}.{then.minute:02}" if then.minute else str(then.hour)
    if then.date() == clock.helsinki_day(now):
        return _("at %(time)s", time=time)
    return f"{format_date(then.date(), 'ccc d.M.')} {_('at %(time)s', time=time)}"
