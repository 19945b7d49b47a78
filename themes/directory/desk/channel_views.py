"""Where the ways to reach a service are added, changed, ordered and removed."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import render
from themes.directory.desk import channels, queries
from themes.directory.desk.channel_forms import MORE, SPARE, ChannelForm, filled
from themes.directory.desk.operations import LackingError
from themes.directory.desk.pages import ChannelPage
from themes.directory.desk.scope import scope_of
from themes.directory.desk.views import answer, back, form_of, mark_of, name_of
from themes.directory.labels import CHANNEL_KINDS
from themes.directory.models import Channel, Service, Source

blueprint = Blueprint(
    "service_desk_channels", __name__, url_prefix="/sisalto/palvelut/<uuid:service_id>/yhteydet"
)

_KEEPERS = (Permission.CONTENT_EDIT, Permission.PROVIDER_EDIT)
_ANCHOR = "yhteydet"
UP = "up"
STEPS = (UP, "down")
"""The buttons that order; each stands under its name and the channel's id, so that the focus finds it again."""
_MORE = "more"
"""The button that asks for more rows and keeps nothing."""


@blueprint.get("/uusi")
@access.needs(*_KEEPERS)
def new(service_id: uuid.UUID) -> BaseResponse:
    """Show the empty form."""
    service = queries.required(service_id, scope=scope_of(who()))
    return _page(service, None, _form(service, None))


@blueprint.post("/uusi")
@access.needs(*_KEEPERS)
def create(service_id: uuid.UUID) -> BaseResponse:
    """Give a service another way to reach it."""
    service = queries.required(service_id, scope=scope_of(who()))
    form = _form(service, None, posted=True)
    if _MORE in request.form:
        return _page(service, None, form, more=True)
    if not form.validate():
        return _page(service, None, form, status=422)
    with transaction():
        actor = who()
        held = queries.required(service_id, scope=scope_of(actor), lock=True)
        channels.add(held, form.edit(None), actor=actor, now=clock.now())
    flash(_("Added."), "success")
    return back(service_id, _ANCHOR)


@blueprint.get("/<uuid:channel_id>")
@access.needs(*_KEEPERS)
def one(service_id: uuid.UUID, channel_id: uuid.UUID) -> BaseResponse:
    """Show the form of a way to reach a service."""
    service = queries.required(service_id, scope=scope_of(who()))
    channel = channels.required(service, channel_id)
    return _page(service, channel, _form(service, channel))


@blueprint.post("/<uuid:channel_id>")
@access.needs(*_KEEPERS)
def change(service_id: uuid.UUID, channel_id: uuid.UUID) -> BaseResponse:
    """Change a way to reach a service; what is changed here stays when it is imported again."""
    service = queries.required(service_id, scope=scope_of(who()))
    channel = channels.required(service, channel_id)
    form = _form(service, channel, posted=True)
    if _MORE in request.form:
        return _page(service, channel, form, more=True)
    if not form.validate():
        return _page(service, channel, form, status=422)
    with transaction():
        actor, now = who(), clock.now()
        scope = scope_of(actor)
        held = queries.required(service_id, scope=scope, lock=True)
        stale = form.is_stale(mark_of(held))
        if not stale:
            row = channels.required(held, channel_id)
            also = channels.others_with(channel_id, held, scope=scope) if form.is_for_all else ()
            channels.change(held, row, form.edit(row), also=also, actor=actor, now=now)
    if stale:
        service = queries.required(service_id, scope=scope_of(who()))
        return _page(service, channels.required(service, channel_id), form, status=409)
    flash(_("Kept."), "success")
    return back(service_id, _ANCHOR)


@blueprint.post("/<uuid:channel_id>/jarjestys")
@access.needs(*_KEEPERS)
def move(service_id: uuid.UUID, channel_id: uuid.UUID) -> BaseResponse:
    """Let a way to reach a service change places with the one before it (``step`` is ``up``) or after it (``down``).

    Any other step changes nothing.
    """
    step = request.form.get("step", "")
    with transaction():
        actor = who()
        held = queries.required(service_id, scope=scope_of(actor), lock=True)
        channel = channels.required(held, channel_id)
        if step in STEPS:
            channels.move(held, channel, earlier=step == UP, actor=actor, now=clock.now())
        ids = [each.id for each in channels.channels_of(held)]
    # The focus stays on the button that was pressed, whose name says the new place; at an end on the other one.
    at = ids.index(channel_id)
    possible = [each for each in STEPS if (at > 0 if each == UP else at < len(ids) - 1)]
    button = step if step in possible else next(iter(possible), "")
    return back(service_id, f"{button}-{channel_id}" if button else _ANCHOR)


@blueprint.post("/<uuid:channel_id>/poisto")
@access.needs(*_KEEPERS)
def remove(service_id: uuid.UUID, channel_id: uuid.UUID) -> BaseResponse:
    """Take a way to reach it from a service."""
    try:
        with transaction():
            actor = who()
            held = queries.required(service_id, scope=scope_of(actor), lock=True)
            channels.remove(held, channels.required(held, channel_id), actor=actor, now=clock.now())
    except LackingError as error:
        service = queries.required(service_id, scope=scope_of(who()))
        form = form_of(service)
        form.refuse(error.lacks)
        return answer(service, form, status=422, unkept=_("Not taken away"))
    flash(_("Taken away."), "success")
    return back(service_id, _ANCHOR)


def _form(service: Service, channel: Channel | None, *, posted: bool = False) -> ChannelForm:
    language = current_language()
    if posted:
        form = ChannelForm()
    elif channel is None:
        form = ChannelForm(formdata=None)
    else:
        form = ChannelForm(formdata=None, **filled(channel, mark=mark_of(service)))
    form.offer(
        municipalities=[(place.code, in_language(place.name, language).text) for place in municipalities()],
        now_in=channel.municipality_code if channel else None,
        shared=bool(_others(service, channel)),
    )
    return form


def _others(service: Service, channel: Channel | None) -> Sequence[Service]:
    return channels.others_with(channel.id, service, scope=scope_of(who())) if channel else ()


def _page(
    service: Service, channel: Channel | None, form: ChannelForm, *, status: int = 200, more: bool = False
) -> BaseResponse:
    language = current_language()
    form.add_rows(MORE if more else SPARE)
    title = _("A new way to reach it")
    if channel is not None:
        title = name_of(channel, service, language).text or str(CHANNEL_KINDS[channel.kind])
    return render(
        ChannelPage(
            title=title,
            service_id=service.id,
            service=in_language(service.name, language),
            channel_id=channel.id if channel else None,
            form=form,
            is_from_catalogue=channel is not None and channel.source is Source.PTV,
            others=[in_language(each.name, language) for each in _others(service, channel)],
        ),
        status=status,
    )
