"""Who edits for which provider: editors of content decide among those who have the role."""

import uuid

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.directory import queries as directory
from themes.directory.desk import queries, scope
from themes.directory.desk.forms import EditorForm
from themes.directory.desk.pages import Editor, ProviderPage, ProviderRow, ProvidersPage
from themes.directory.desk.queries import Pile
from themes.directory.desk.scope import NotAnEditorError, Scope
from themes.directory.filters import page_number

blueprint = Blueprint("provider_desk", __name__, url_prefix="/sisalto/jarjestajat")

PAGE_SIZE = 50
_DUE = {Pile.TO_CHECK, Pile.UNCHECKED}


@blueprint.get("")
@access.needs(Permission.CONTENT_EDIT)
def providers() -> BaseResponse:
    """Show every provider: its services, how many are to be checked, and who edits it."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    words = request.args.get("q", "").strip()[:200]
    named = [
        (key, name) for key, name in directory.all_providers(language) if words.casefold() in name.casefold()
    ]
    page, last = page_number(request.args.get("sivu"), total=len(named), size=PAGE_SIZE)
    here = named[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    editors = scope.editors_by_provider()
    people = accounts.names_of(user_id for key, _name in here for user_id in editors.get(key, ()))
    kept = queries.kept_services(Scope(providers=frozenset(key for key, _name in here)))
    texts = directory.provider_names([key for key, _name in here])
    return render(
        ProvidersPage(
            title=_("Providers"),
            rows=[
                ProviderRow(
                    id=key,
                    name=in_language(texts[key], language),
                    services=sum(each.provider_id == key for each in kept),
                    to_check=sum(
                        each.provider_id == key and queries.pile_of(each, today) in _DUE for each in kept
                    ),
                    editors=[people[user_id] for user_id in editors.get(key, ()) if user_id in people],
                )
                for key, _name in here
            ],
            words=words,
            page=page,
            last=last,
            previous_url=url_for(".providers", q=words or None, sivu=page - 1) if page > 1 else None,
            next_url=url_for(".providers", q=words or None, sivu=page + 1) if page < last else None,
        )
    )


@blueprint.get("/<uuid:provider_id>")
@access.needs(Permission.CONTENT_EDIT)
def provider(provider_id: uuid.UUID) -> BaseResponse:
    """Show who edits for a provider."""
    return _page(provider_id, EditorForm(formdata=None))


@blueprint.post("/<uuid:provider_id>")
@access.needs(Permission.CONTENT_EDIT)
def add(provider_id: uuid.UUID) -> BaseResponse:
    """Let somebody edit for a provider."""
    scope.provider(provider_id)
    form = EditorForm()
    if not form.validate():
        return _page(provider_id, form, status=422)
    try:
        with transaction():
            user = accounts.user_by_email(form.email.data or "")
            is_new = scope.add_editor(scope.provider(provider_id).id, user, actor=who(), now=clock.now())
            name = user.name if user else ""
    except NotAnEditorError:
        form.email.errors = [
            _("Nobody with this address has the role of a provider's editor. An administrator gives it.")
        ]
        return _page(provider_id, form, status=422)
    if is_new:
        flash(_("%(name)s now edits for this provider.", name=name), "success")
    else:
        flash(_("%(name)s does so already.", name=name), "info")
    return redirect(url_for(".provider", provider_id=provider_id), code=303)


@blueprint.post("/<uuid:provider_id>/<uuid:user_id>/poisto")
@access.needs(Permission.CONTENT_EDIT)
def remove(provider_id: uuid.UUID, user_id: uuid.UUID) -> BaseResponse:
    """Let somebody edit for a provider no longer."""
    with transaction():
        scope.provider(provider_id)
        done = scope.remove_editor(provider_id, user_id, actor=who(), now=clock.now())
    if done:
        flash(_("They no longer edit for this provider."), "success")
    return redirect(url_for(".provider", provider_id=provider_id), code=303)


def _page(provider_id: uuid.UUID, form: EditorForm, *, status: int = 200) -> BaseResponse:
    found = scope.provider(provider_id)
    return render(
        ProviderPage(
            title=in_language(found.name, current_language()).text,
            id=found.id,
            editors=[
                Editor(
                    id=user.id,
                    name=user.name,
                    email=user.email,
                    works=scope.may_edit(user),
                )
                for user in scope.editors_of(provider_id)
            ],
            form=form,
            services_url=url_for("service_desk.services", jarjestaja=provider_id),
        ),
        status=status,
    )
