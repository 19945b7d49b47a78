"""Where a service is written that is not there yet: residents see it once an editor of content has published it."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.pages import render
from themes.directory import queries as directory
from themes.directory.desk import operations
from themes.directory.desk.forms import ROWS, NewServiceForm
from themes.directory.desk.labels import TEXTS
from themes.directory.desk.pages import NewServicePage
from themes.directory.desk.scope import scope_of
from themes.directory.desk.views import back, offer, slugs
from themes.directory.models import Price, Source
from themes.happenings.forms import SPOKEN

blueprint = Blueprint("service_desk_new", __name__, url_prefix="/sisalto/palvelut/uusi")

_KEEPERS = (Permission.CONTENT_EDIT, Permission.PROVIDER_EDIT)


@blueprint.get("")
@access.needs(*_KEEPERS)
def new() -> BaseResponse:
    """Show the empty form."""
    form = NewServiceForm(formdata=None, price=Price.UNKNOWN.value, languages=["fi"], forms=["in_person"])
    _offer(form)
    return _page(form)


@blueprint.post("")
@access.needs(*_KEEPERS)
def create() -> BaseResponse:
    """Keep a new service as a draft."""
    form = NewServiceForm()
    _offer(form)
    if not form.validate():
        return _page(form, status=422)
    with transaction():
        actor = who()
        scope = scope_of(actor)
        provider_id = uuid.UUID(form.provider.data)
        scope.check(provider_id)
        made = operations.create(
            form.edit(None, slugs()),
            provider_id=provider_id,
            source=Source.EDITOR if scope.is_all else Source.PROVIDER,
            actor=actor,
            now=clock.now(),
        )
        made_id = made.id
    flash(_("Kept as a draft. Now tell how it is reached."), "success")
    return back(made_id)


def _offer(form: NewServiceForm) -> None:
    offer(form)
    del form.confirmed
    form.offer_providers(_providers())


def _providers() -> Sequence[tuple[uuid.UUID, str]]:
    scope = scope_of(who())
    found = [(key, name) for key, name in directory.all_providers(current_language()) if scope.holds(key)]
    if not found and not scope.is_all:
        # Whoever edits for no provider has nothing to write.
        raise NotFoundError
    return found


def _page(form: NewServiceForm, *, status: int = 200) -> BaseResponse:
    providers = _providers()
    return render(
        NewServicePage(
            title=_("New service"),
            form=form,
            tall=dict(ROWS),
            texts=list(TEXTS),
            languages=[(code, SPOKEN[code]) for code in LANGUAGES],
            needed=LANGUAGES[0],
            one_provider=providers[0][1] if len(providers) == 1 else "",
            may_publish=scope_of(who()).is_all,
        ),
        status=status,
    )
