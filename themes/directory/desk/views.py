"""The desk of services: lists of what is to be done, the form, one click that all holds, hiding and showing."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import Localized, in_language, transaction
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text, render
from themes.directory import plain_text
from themes.directory import queries as directory
from themes.directory.desk import channels, lists, operations, queries
from themes.directory.desk.forms import ROWS, GiveBackForm, ServiceForm, filled
from themes.directory.desk.hindrances import KEEPS_OUT, Hindrance, hindrances, lacks, main_language
from themes.directory.desk.labels import (
    FIELDS,
    NEEDS,
    PILES,
    STAGE_COLOURS,
    STAGES,
    STATE_COLOURS,
    STATES,
    TEXTS,
)
from themes.directory.desk.operations import LackingError
from themes.directory.desk.pages import Row, ServicePage, ServicesPage, Way
from themes.directory.desk.queries import Kept, Pile
from themes.directory.desk.scope import scope_of
from themes.directory.labels import CHANNEL_KINDS, SOURCES
from themes.directory.models import Channel, Service, ServiceStatus, Source
from themes.directory.operations import MADE_HERE
from themes.directory.own import CHECKED
from themes.happenings.forms import SPOKEN
from themes.topics.queries import published_themes, theme_ids

blueprint = Blueprint("service_desk", __name__, url_prefix="/sisalto/palvelut")

_KEEPERS = (Permission.CONTENT_EDIT, Permission.PROVIDER_EDIT)


@blueprint.get("")
@access.needs(*_KEEPERS)
def services() -> BaseResponse:
    """Show the services that a person keeps: all, one pile (``tila``), or those of a name (``q``)."""
    language, today, scope = current_language(), _today(), scope_of(who())
    kept, lacking = queries.kept_services(scope), queries.lacking(today=today)
    provider_id = _id(request.args.get("jarjestaja"))
    if provider_id is not None:
        kept = [each for each in kept if each.provider_id == provider_id]

    def lies_in(each: Kept, pile: Pile) -> bool:
        return each.id in lacking if pile is Pile.LACKING else queries.pile_of(each, today) is pile

    found = lists.listed(
        kept,
        piles=PILES,
        lies_in=lies_in,
        in_order=lambda things, pile: queries.sorted_by_need(things, pile, language=language),
        more={"jarjestaja": str(provider_id)} if provider_id else None,
    )
    waiting = sum(lies_in(each, Pile.WAITING) for each in kept) if scope.is_all else 0
    return render(
        ServicesPage(
            title=_("Services"),
            list=found,
            rows=_rows(found.things, lacking, language, today),
            has_providers=scope.is_all or bool(scope.providers),
            waiting=0 if found.pile == Pile.WAITING else waiting,
            waiting_url=url_for(".services", tila=Pile.WAITING.value),
        )
    )


@blueprint.get("/<uuid:service_id>")
@access.needs(*_KEEPERS)
def one(service_id: uuid.UUID) -> BaseResponse:
    """Show the form of a service."""
    service = queries.required(service_id, scope=scope_of(who()))
    return answer(service, form_of(service))


@blueprint.post("/<uuid:service_id>")
@access.needs(*_KEEPERS)
def change(service_id: uuid.UUID) -> BaseResponse:
    """Change a service; what is changed here stays when it is imported again."""
    service = queries.required(service_id, scope=scope_of(who()))
    form = form_of(service, posted=True)
    if not form.validate():
        return answer(service, form, status=422)
    changed: Sequence[str] = ()
    try:
        with transaction():
            actor, now = who(), clock.now()
            held = queries.required(service_id, scope=scope_of(actor), lock=True)
            stale = form.is_stale(mark_of(held))
            if not stale:
                changed = operations.change(held, form.edit(held, slugs()), actor=actor, now=now)
                if form.confirmed.data:
                    operations.confirm(held, actor=actor, now=now)
            is_seen = held.status is ServiceStatus.PUBLISHED
    except LackingError as error:
        form.refuse(error.lacks)
        return answer(queries.required(service_id, scope=scope_of(who())), form, status=422)
    if stale:
        return answer(queries.required(service_id, scope=scope_of(who())), form, status=409)
    if changed or form.confirmed.data:
        flash(_("Kept. Residents see it at once.") if is_seen else _("Kept."), "success")
    else:
        flash(_("Nothing was changed."), "info")
    return back(service_id)


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


@blueprint.post("/<uuid:service_id>/pyynto")
@access.needs(*_KEEPERS)
def ask(service_id: uuid.UUID) -> BaseResponse:
    """Ask for a draft to be published."""
    said = _(
        "Sent. An editor of content reads it and publishes it; this page and the list tell how far it is."
    )
    return _done(service_id, operations.ask, said)


@blueprint.post("/<uuid:service_id>/julkaisu")
@access.needs(Permission.CONTENT_EDIT)
def publish(service_id: uuid.UUID) -> BaseResponse:
    """Let residents see what was written here."""
    return _done(service_id, operations.publish, _("Published. Residents see it at once."))


@blueprint.post("/<uuid:service_id>/takaisin")
@access.needs(Permission.CONTENT_EDIT)
def give_back(service_id: uuid.UUID) -> BaseResponse:
    """Let the provider go on writing what waits to be published, and tell what to mend."""
    form = GiveBackForm()
    if not form.validate():
        service = queries.required(service_id, scope=scope_of(who()))
        return answer(service, form_of(service), status=422, give_back=form)
    act = partial(operations.give_back, to_mend=form.to_mend.data or "")
    return _done(service_id, act, _("It is a draft again, and the provider reads what to mend."))


@blueprint.post("/<uuid:service_id>/poisto")
@access.needs(*_KEEPERS)
def discard(service_id: uuid.UUID) -> BaseResponse:
    """Delete a draft."""
    with transaction():
        actor = who()
        held = queries.required(service_id, scope=scope_of(actor), lock=True)
        operations.discard(held, actor=actor, now=clock.now())
    flash(_("The draft was deleted."), "success")
    return redirect(url_for(".services"), code=303)


@blueprint.post("/<uuid:service_id>/palautus")
@access.needs(*_KEEPERS)
def leave_to_source(service_id: uuid.UUID) -> BaseResponse:
    """Let the next import write over what was changed here."""
    return _done(
        service_id, operations.leave_to_source, _("The next import brings the catalogue's own texts again.")
    )


def _done(service_id: uuid.UUID, act: Callable[..., object], said: str) -> BaseResponse:
    try:
        with transaction():
            actor = who()
            held = queries.required(service_id, scope=scope_of(actor), lock=True)
            act(held, actor=actor, now=clock.now())
    except LackingError as error:
        service = queries.required(service_id, scope=scope_of(who()))
        form = form_of(service)
        form.refuse(error.lacks)
        return answer(service, form, status=422, unkept=_("Something is missing before residents can see it"))
    flash(said, "success")
    return back(service_id)


def back(service_id: uuid.UUID, anchor: str | None = None) -> BaseResponse:
    """Lead back to the page of a service."""
    return redirect(url_for("service_desk.one", service_id=service_id, _anchor=anchor), code=303)


def _rows(
    found: Sequence[Kept],
    lacking: Mapping[uuid.UUID, Sequence[Hindrance]],
    language: str,
    today: dt.date,
) -> Sequence[Row]:
    names = directory.provider_names({each.provider_id for each in found if each.provider_id})
    return [
        Row(
            id=each.id,
            name=in_language(each.name, language),
            provider=in_language(names.get(each.provider_id) if each.provider_id else None, language).text,
            state=STAGES[each.stage] if each.stage else STATES[each.status],
            colour=STAGE_COLOURS[each.stage] if each.stage else STATE_COLOURS[each.status],
            checked_on=each.checked_on,
            warnings=[
                *(
                    [_("Lacks: %(what)s", what=", ".join(str(NEEDS[one].word) for one in lacking[each.id]))]
                    if each.id in lacking
                    else ()
                ),
                *_warnings(queries.pile_of(each, today)),
            ],
        )
        for each in found
    ]


def _warnings(pile: Pile) -> Sequence[Text]:
    """Return what has to be said of a service in this pile; most need no word."""
    if pile is Pile.TO_CHECK:
        return [_("Not checked for over 6 months")]
    return [_("Not checked for 18 months: residents don't see it")] if pile is Pile.UNCHECKED else []


def form_of(service: Service, *, posted: bool = False) -> ServiceForm:
    """Return the form of a service, as it stands or as it was sent."""
    form = (
        ServiceForm()
        if posted
        else ServiceForm(formdata=None, **filled(service, slugs(), mark=mark_of(service)))
    )
    offer(form)
    return form


def offer(form: ServiceForm) -> None:
    """Set what the person may choose in a form of a service."""
    language, today = current_language(), _today()
    form.offer(
        municipalities=[(place.code, in_language(place.name, language).text) for place in municipalities()],
        themes=[(theme.slug, theme.name.text) for theme in published_themes(language=language, today=today)],
        may_theme=scope_of(who()).is_all,
    )


def answer(
    service: Service,
    form: ServiceForm,
    *,
    status: int = 200,
    unkept: Text | None = None,
    give_back: GiveBackForm | None = None,
) -> BaseResponse:
    """Return the page of a service with its form; ``unkept`` is the heading of what has to be mended."""
    language, today = current_language(), _today()
    is_all = scope_of(who()).is_all
    facts = queries.facts_of([service.id], today=today)[service.id]
    rules = hindrances(facts, today=today)
    names = directory.provider_names([service.provider_id] if service.provider_id else [])
    is_seen = not KEEPS_OUT & set(rules)
    return render(
        ServicePage(
            title=in_language(service.name, language).text or _("A service without a name"),
            id=service.id,
            form=form,
            unkept=unkept or _("Not kept yet"),
            tall=dict(ROWS),
            texts=list(TEXTS),
            languages=[(code, SPOKEN[code]) for code in LANGUAGES],
            needed=main_language(facts.told),
            provider=in_language(names.get(service.provider_id) if service.provider_id else None, language),
            source=SOURCES[service.source],
            is_from_catalogue=service.source is Source.PTV,
            state=STAGES[service.stage] if service.stage else STATES[service.status],
            colour=STAGE_COLOURS[service.stage] if service.stage else STATE_COLOURS[service.status],
            stage=service.stage,
            to_mend=service.to_mend,
            give_back=give_back or GiveBackForm(formdata=None),
            is_hidden=service.status is ServiceStatus.HIDDEN,
            is_retired=service.status is ServiceStatus.RETIRED,
            may_publish=is_all,
            checked_on=service.checked_on,
            warning="".join(str(each) for each in _warnings(_pile(service, today))),
            # What a provider's editor can't add is no word to say to them.
            lacks=[NEEDS[each].word for each in lacks(facts) if is_all or each is not Hindrance.NO_THEME],
            own=[FIELDS[name] for name in FIELDS if name in service.own_fields and name != CHECKED]
            if service.source not in MADE_HERE
            else [],
            ways=[_way(each, service, language) for each in channels.channels_of(service)],
            public_url=url_for("directory.service", service_id=service.id) if is_seen else "",
        ),
        status=status,
    )


def _pile(service: Service, today: dt.date) -> Pile:
    kept = Kept(
        id=service.id,
        name=service.name,
        provider_id=service.provider_id,
        status=service.status,
        stage=service.stage,
        source=service.source,
        checked_on=service.checked_on,
    )
    return queries.pile_of(kept, today)


def name_of(channel: Channel, service: Service, language: str) -> Localized:
    """Return the name of a way to reach a service, empty where that is the service's own name once more."""
    name = in_language(channel.name, language)
    return Localized("", language) if name.text == in_language(service.name, language).text else name


def _way(channel: Channel, service: Service, language: str) -> Way:
    place = [in_language(channel.street, language).text, channel.postal_code]
    numbers = [plain_text.spoken_number(str(each.get("number") or "")) for each in channel.phones or ()]
    web = plain_text.web_name(in_language(channel.urls, language).text)
    return Way(
        id=channel.id,
        kind=CHANNEL_KINDS[channel.kind],
        name=name_of(channel, service, language),
        told=", ".join(filter(None, (*place, *numbers, *(channel.emails or ()), web))),
    )


def slugs() -> dict[int, str]:
    """Return the slugs of all themes by id."""
    return {theme_id: slug for slug, theme_id in theme_ids().items()}


def mark_of(service: Service) -> str:
    """Return what tells that a service has not been changed meanwhile."""
    return service.updated_at.isoformat()


def _id(told: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(told) if told else None
    except ValueError:
        return None


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())
