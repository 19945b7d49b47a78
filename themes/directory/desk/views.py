"""The desk of services: lists of what is to be done, the form, one click that all holds, hiding and showing."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text, render
from themes.directory import queries as directory
from themes.directory.desk import operations, queries
from themes.directory.desk.forms import ROWS, ServiceForm, filled
from themes.directory.desk.labels import FIELDS, PILES, STATE_COLOURS, STATES, TEXTS
from themes.directory.desk.pages import PileLink, Row, ServicePage, ServicesPage
from themes.directory.desk.queries import Kept, Pile
from themes.directory.desk.scope import scope_of
from themes.directory.filters import page_number
from themes.directory.labels import SOURCES
from themes.directory.models import Service, ServiceStatus, Source
from themes.happenings.forms import SPOKEN
from themes.topics.queries import published_themes, theme_ids

blueprint = Blueprint("service_desk", __name__, url_prefix="/sisalto/palvelut")

PAGE_SIZE = 30
_KEEPERS = (Permission.CONTENT_EDIT, Permission.PROVIDER_EDIT)


@blueprint.get("")
@access.needs(*_KEEPERS)
def services() -> BaseResponse:
    """Show the services that a person keeps: all, one pile (``tila``), or those of a name (``q``)."""
    language, today, scope = current_language(), _today(), scope_of(who())
    words = request.args.get("q", "").strip()[:200]
    asked = request.args.get("tila", "")
    pile = Pile(asked) if asked in set(Pile) else Pile.ALL
    kept = queries.kept_services(scope)
    counts = queries.counted(kept, today)
    provider_id = _id(request.args.get("jarjestaja"))
    found = [each for each in kept if provider_id is None or each.provider_id == provider_id]
    found = list(queries.named(found, words)) if words else found
    found = list(queries.sorted_by_need(found, pile, today=today, language=language))
    page, last = page_number(request.args.get("sivu"), total=len(found), size=PAGE_SIZE)

    def turned(number: int) -> str:
        return url_for(
            ".services", tila=pile.value or None, q=words or None, jarjestaja=provider_id, sivu=number
        )

    return render(
        ServicesPage(
            title=_("Services"),
            piles=[
                PileLink(
                    label=label,
                    url=url_for(".services", tila=each.value or None),
                    count=counts[each],
                    is_here=each is pile,
                )
                for each, label in PILES.items()
            ],
            pile=pile.value,
            words=words,
            rows=_rows(found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], language, today),
            total=len(found),
            page=page,
            last=last,
            previous_url=turned(page - 1) if page > 1 else None,
            next_url=turned(page + 1) if page < last else None,
            has_providers=scope.is_all or bool(scope.providers),
        )
    )


@blueprint.get("/<uuid:service_id>")
@access.needs(*_KEEPERS)
def one(service_id: uuid.UUID) -> BaseResponse:
    """Show the form of a service."""
    service = queries.required(service_id, scope=scope_of(who()))
    return _page(service, _form(service))


@blueprint.post("/<uuid:service_id>")
@access.needs(*_KEEPERS)
def change(service_id: uuid.UUID) -> BaseResponse:
    """Change a service; what is changed here stays when it is imported again."""
    service = queries.required(service_id, scope=scope_of(who()))
    form = _form(service, posted=True)
    if not form.validate():
        return _page(service, form, status=422)
    with transaction():
        actor, now = who(), clock.now()
        held = queries.required(service_id, scope=scope_of(actor), lock=True)
        stale = form.is_stale(_mark(held))
        changed: Sequence[str] = ()
        if not stale:
            changed = operations.change(held, form.edit(held, _slugs()), actor=actor, now=now)
            if form.confirmed.data:
                operations.confirm(held, actor=actor, now=now)
    if stale:
        return _page(queries.required(service_id, scope=scope_of(who())), form, status=409)
    if changed or form.confirmed.data:
        flash(_("Kept. Residents see it at once."), "success")
    else:
        flash(_("Nothing was changed."), "info")
    return _back(service_id)


@blueprint.post("/<uuid:service_id>/vahvistus")
@access.needs(*_KEEPERS)
def confirm(service_id: uuid.UUID) -> BaseResponse:
    """Write down that everything told of a service holds today."""
    return _done(service_id, operations.confirm, _("Thank you. The page now says that it was checked today."))


@blueprint.post("/<uuid:service_id>/nakyvyys")
@access.needs(*_KEEPERS)
def visibility(service_id: uuid.UUID) -> BaseResponse:
    """Hide a service from residents, or show it again."""
    if request.form.get("nayta") == "1":
        return _done(service_id, operations.show, _("Residents see it again."))
    return _done(service_id, operations.hide, _("Hidden. Residents no longer see it; nothing was deleted."))


@blueprint.post("/<uuid:service_id>/palautus")
@access.needs(*_KEEPERS)
def leave_to_source(service_id: uuid.UUID) -> BaseResponse:
    """Let the next import write over what was changed here."""
    return _done(
        service_id, operations.leave_to_source, _("The next import brings the catalogue's own texts again.")
    )


def _done(service_id: uuid.UUID, act: Callable[..., object], said: str) -> BaseResponse:
    with transaction():
        actor = who()
        held = queries.required(service_id, scope=scope_of(actor), lock=True)
        act(held, actor=actor, now=clock.now())
    flash(said, "success")
    return _back(service_id)


def _back(service_id: uuid.UUID) -> BaseResponse:
    return redirect(url_for(".one", service_id=service_id), code=303)


def _rows(found: Sequence[Kept], language: str, today: dt.date) -> Sequence[Row]:
    names = directory.provider_names({each.provider_id for each in found if each.provider_id})
    return [
        Row(
            id=each.id,
            name=in_language(each.name, language),
            provider=in_language(names.get(each.provider_id) if each.provider_id else None, language).text,
            state=STATES[each.status],
            colour=STATE_COLOURS[each.status],
            checked_on=each.checked_on,
            warning=_warning(queries.pile_of(each, today)),
        )
        for each in found
    ]


def _warning(pile: Pile) -> Text:
    """Return what has to be said of a service in this pile; most need no word."""
    if pile is Pile.TO_CHECK:
        return _("Not checked for over 6 months")
    return _("Not checked for 18 months: residents don't see it") if pile is Pile.UNCHECKED else ""


def _form(service: Service, *, posted: bool = False) -> ServiceForm:
    language, today = current_language(), _today()
    form = (
        ServiceForm()
        if posted
        else ServiceForm(formdata=None, **filled(service, _slugs(), mark=_mark(service)))
    )
    form.offer(
        municipalities=[(place.code, in_language(place.name, language).text) for place in municipalities()],
        themes=[(theme.slug, theme.name.text) for theme in published_themes(language=language, today=today)],
        may_theme=scope_of(who()).is_all,
    )
    return form


def _page(service: Service, form: ServiceForm, *, status: int = 200) -> BaseResponse:
    language, today = current_language(), _today()
    kept = Kept(
        id=service.id,
        name=service.name,
        provider_id=service.provider_id,
        status=service.status,
        source=service.source,
        checked_on=service.checked_on,
    )
    pile = queries.pile_of(kept, today)
    names = directory.provider_names([service.provider_id] if service.provider_id else [])
    provider = in_language(names.get(service.provider_id) if service.provider_id else None, language)
    is_seen = pile in {Pile.ALL, Pile.TO_CHECK}
    return render(
        ServicePage(
            title=in_language(service.name, language).text or _("A service without a name"),
            id=service.id,
            form=form,
            tall=dict(ROWS),
            texts=list(TEXTS),
            languages=[(code, SPOKEN[code]) for code in LANGUAGES],
            provider=provider,
            source=SOURCES[service.source],
            is_from_catalogue=service.source is Source.PTV,
            state=STATES[service.status],
            colour=STATE_COLOURS[service.status],
            is_hidden=service.status is ServiceStatus.HIDDEN,
            is_retired=service.status is ServiceStatus.RETIRED,
            checked_on=service.checked_on,
            warning=_warning(pile),
            own=[
                FIELDS[name] for name in FIELDS if name in service.own_fields and name != operations.CHECKED
            ],
            public_url=url_for("directory.service", service_id=service.id) if is_seen else "",
        ),
        status=status,
    )


def _slugs() -> dict[int, str]:
    return {theme_id: slug for slug, theme_id in theme_ids().items()}


def _mark(service: Service) -> str:
    return service.updated_at.isoformat()


def _id(told: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(told) if told else None
    except ValueError:
        return None


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())
