"""One provider's editor, and two services begun there: one waits to be published, one came back with a word."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from referrals.demonstration.tray_use import EDITOR
from servicetray.accounts import queries as accounts
from servicetray.core.db import Texts
from themes.demonstration.loading import invented_id
from themes.directory import queries as directory
from themes.directory.desk import channels, operations, queries
from themes.directory.desk.channels import ChannelEdit
from themes.directory.desk.operations import Edit
from themes.directory.desk.scope import add_editor, scope_of
from themes.directory.operations import ChannelKind, Facet, Price, Source

WRITER: Final = "kari.jokela@example.org"
PROVIDER: Final = "yhdessa-liikkeelle"
NAMES: Final = ("Keinutuolikerho", "Sulkapalloa sekajoukkueella")
TO_MEND: Final = "Lisää, tarvitseeko oman mailan ja mistä ovesta tullaan sisään."
_SUMMARIES: Final = (
    "Keinu, juttele ja venyttele niskaa ihan rauhassa.",
    "Pelaa vuorotellen kaikkien kanssa, taso ei haittaa.",
)


def load(*, now: dt.datetime) -> int:
    """Invent those that are missing; return how many were."""
    writer, editor = accounts.user_by_email(WRITER), accounts.user_by_email(EDITOR)
    provider_id = invented_id("provider", PROVIDER)
    if writer is None or editor is None or provider_id not in directory.provider_names([provider_id]):
        return 0
    add_editor(provider_id, writer, actor=editor, now=now)
    known = {each.name.get("fi") for each in queries.kept_services(scope_of(writer))}
    made = 0
    for at, name in enumerate(NAMES):
        if name in known:
            continue
        began = now - dt.timedelta(days=3 + at)
        service = operations.create(
            _edit(name, _SUMMARIES[at]),
            provider_id=provider_id,
            source=Source.DEMONSTRATION,
            actor=writer,
            now=began,
        )
        channels.add(service, _phone(), actor=writer, now=began)
        operations.ask(service, actor=writer, now=began)
        if at:
            operations.give_back(service, to_mend=TO_MEND, actor=editor, now=began + dt.timedelta(days=1))
        made += 1
    return made


def _edit(title: str, summary: str) -> Edit:
    facets: dict[Facet, Sequence[str]] = {
        Facet.MUNICIPALITY: ("286",),
        Facet.LANGUAGE: ("fi",),
        Facet.FORM: ("in_person",),
    }
    texts: dict[str, Texts] = {name: {} for name in operations.TEXTS}
    return Edit(
        texts={**texts, "name": {"fi": title}, "summary": {"fi": summary}},
        price=Price.FREE,
        kaikukortti=False,
        facets=facets,
    )


def _phone() -> ChannelEdit:
    return ChannelEdit(
        kind=ChannelKind.PHONE,
        name={},
        description={},
        phones=({"number": "040 000 0571", "info": {}, "charge": {}},),
        emails=(),
        urls={},
        street={},
        postal_code="",
        municipality_code=None,
        hours=(),
    )
