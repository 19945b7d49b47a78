"""Invented use of the tray: sixty days of views, searches, paths and cards, and feedback in every state.

Numbers alone, as the tray counts them; the words of feedback are invented, and nobody has left a real address.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Final

from servicetray.accounts import queries as accounts
from servicetray.core import clock, outbox
from servicetray.core.periods import Period
from servicetray.usage import operations as usage
from servicetray.usage import queries as counted
from servicetray.usage.queries import Use
from servicetray.usage.tally import Batch
from themes.demonstration.loading import invented_id
from themes.directory import queries as directory
from themes.feedback import operations as feedback
from themes.feedback import queries as given
from themes.feedback.queries import State, Topic
from themes.guided_paths.queries import published
from themes.topics.queries import published_themes

DAYS: Final = 60
EDITOR: Final = "riikka.maki@example.org"
BUSY: Final = (1.15, 1.1, 1.0, 1.0, 0.85, 0.5, 0.6)
"""A week from Monday: people look less on weekends."""
SEARCHES: Final = (
    ("jumppa", True, 9),
    ("vesijumppa kouvola", True, 5),
    ("mummolle jumppaa", True, 4),
    ("uni", True, 4),
    ("ahdistaa", True, 6),
    ("tupakka", True, 3),
    ("kuntosali", True, 7),
    ("yksinäisyys", True, 3),
    ("omaishoitaja", True, 3),
    ("shakki", False, 2),
    ("lumilautailu", False, 1),
    ("purjehdus", False, 1),
)
"""What was looked for, whether it was found, how often in a busy week."""
FEEDBACK: Final[Sequence[tuple[Topic, str, str, int, State]]] = (
    (
        Topic.SERVICE,
        "Puhelinnumero ei vastaa arkisin kello 15 jälkeen, vaikka sivulla lukee 16.",
        "",
        1,
        State.NEW,
    ),
    (Topic.SERVICE, "Ryhmä on muuttanut toiselle puolelle katua, osoite on vanha.", "", 3, State.NEW),
    (Topic.IDEA, "Voisiko kartalla näkyä myös uimarannat?", "", 4, State.NEW),
    (
        Topic.ACCESSIBILITY,
        "Ruudunlukija lukee suodattimet kahteen kertaan.",
        "lukija@example.org",
        12,
        State.NEW,
    ),
    (Topic.SERVICE, "Hinta on noussut, sivulla on vielä vanha.", "040 000 0991", 16, State.NEW),
    (Topic.IDEA, "Kiitos isoista kirjaimista! Lisää selkokieltä.", "", 21, State.ANSWERED),
    (Topic.ACCESSIBILITY, "Kontrasti on heikko tulosteessa.", "", 30, State.ANSWERED),
    (Topic.OTHER, "Testi, ei tarvitse vastata.", "", 33, State.CLOSED),
)
"""Topic, words, how to answer, days ago, and what became of it."""


def load(*, now: dt.datetime) -> int:
    """Invent what is missing up to yesterday; return how many days were added."""
    _give_feedback(now)
    today = clock.helsinki_day(now)
    first, last = today - dt.timedelta(days=DAYS), today - dt.timedelta(days=1)
    known = counted.by_day(Period(first=first, last=last))
    missing = [day for number in range(DAYS) if (day := first + dt.timedelta(days=number)) not in known]
    batch = Batch()
    keys = _keys(today)
    for day in missing:
        _count(batch, day, keys)
    if missing:
        usage.add(batch)
    return len(missing)


def _keys(today: dt.date) -> Counter[tuple[Use, str]]:
    """Return what is used, and how much on an ordinary day."""
    themes = published_themes(language="fi", today=today)
    services = sorted(directory.shown_ids(today=today), key=lambda key: key.int % 10_007)
    keys: Counter[tuple[Use, str]] = Counter({(Use.VIEW, "front"): 62, (Use.VIEW, "search"): 34})
    keys |= Counter({(Use.VIEW, "services"): 21, (Use.VIEW, "events"): 18, (Use.VIEW, "groups"): 11})
    keys |= Counter({(Use.VIEW, "help"): 16, (Use.VIEW, "tools"): 9, (Use.CARD, ""): 4})
    for place, theme in enumerate(themes):
        keys[Use.VIEW, f"theme:{theme.slug}"] = max(3, 24 - 2 * place)
    for place, service_id in enumerate(services[:60]):
        keys[Use.VIEW, f"service:{service_id}"] = max(1, 12 - place // 5)
        if place % 3 == 0:
            keys[Use.OUTBOUND, f"service:{service_id}"] = max(1, 4 - place // 12)
    for place, slug in enumerate(path.slug for path in published()):
        keys[Use.PATH, slug] = max(1, 7 - place // 4)
    return keys


def _count(batch: Batch, day: dt.date, keys: Counter[tuple[Use, str]]) -> None:
    for (use, key), usual in keys.items():
        number = round(usual * BUSY[day.weekday()] * _chance(day, f"{use}:{key}"))
        if number:
            batch.uses[day, use, key] += number
    for text, found, weekly in SEARCHES:
        number = round(weekly / 5 * BUSY[day.weekday()] * 2 * (_chance(day, text) - 0.5))
        if number > 0:
            batch.texts[day, text, found] += number
            batch.uses[day, Use.SEARCH, ""] += number
            if not found:
                batch.uses[day, Use.EMPTY_SEARCH, ""] += number
    batch.uses[day, Use.SEARCH, ""] += round(26 * BUSY[day.weekday()] * _chance(day, "searches"))
    batch.uses[day, Use.EMPTY_SEARCH, ""] += round(3 * _chance(day, "empty"))


def _chance(day: dt.date, key: str) -> float:
    """Return something between 0.5 and 1.5, the same each time."""
    return 0.5 + invented_id(day.isoformat(), key).int % 1000 / 1000


def _give_feedback(now: dt.datetime) -> None:
    editor = accounts.user_by_email(EDITOR)
    services = sorted(directory.shown_ids(today=clock.helsinki_day(now)), key=lambda key: key.int % 9_973)
    if editor is None or not services:
        return
    for number, (topic, text, contact, days, state) in enumerate(FEEDBACK):
        key = uuid.uuid5(invented_id("feedback", text), str(number))
        if given.by_form_key(key) is not None:
            continue
        at = now - dt.timedelta(days=days)
        row = feedback.give(
            topic=topic,
            text=text,
            contact=contact,
            service_id=services[number] if topic is Topic.SERVICE else None,
            language="fi",
            form_key=key,
            now=at,
        )
        # Nobody is written to of what is invented.
        outbox.cancel(about=f"feedback:{row.id}")
        if state is not State.NEW:
            done = at + dt.timedelta(days=2)
            feedback.change(row, state=state, note="Kiitos, hoidettu.", actor=editor, now=done)
