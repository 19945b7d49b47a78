"""Where editors write, check, preview, publish and withdraw paths."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import ConflictError, NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import Text, render
from themes.guided_paths import labels, operations, queries
from themes.guided_paths.desk_forms import NewPathForm, PathForm
from themes.guided_paths.faults import Fault, PathFaultsError
from themes.guided_paths.pages import DeskPage, DeskRow, EditPage, FaultView, OutlineStep
from themes.guided_paths.queries import Kept
from themes.guided_paths.reading import read
from themes.guided_paths.stepping import step_page
from themes.guided_paths.tree import GuidedPath
from themes.topics.queries import published_themes

blueprint = Blueprint("paths_desk", __name__)

EXAMPLE = "nukun-huonosti"
"""The product's own path that is shown as an example of how one is written."""


@blueprint.get("/sisalto/polut")
@access.needs(Permission.CONTENT_EDIT)
def listing() -> BaseResponse:
    """Show every path with its state, and what is wrong with those that residents see."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    themes = {each.slug: each.name.text for each in published_themes(language=language, today=today)}
    faulty = [fault.slug for fault in queries.faults_of_published(today=today)]
    kept = queries.all_kept()
    names = accounts.names_of(queries.editors_of(kept))
    rows = []
    for it in kept:
        path = _readable(it.source) or (_readable(it.shown) if it.shown else None)
        newest = it.draft or it.latest
        state, colour = _state(it)
        rows.append(
            DeskRow(
                name=in_language(path.name, language).text if path else it.slug,
                url=url_for("paths_desk.one", slug=it.slug),
                theme=themes.get(path.theme, "") if path else "",
                state=state,
                colour=colour,
                has_draft=it.draft is not None,
                faults=faulty.count(it.slug),
                changed=names.get(newest.changed_by_id, "") if newest and newest.changed_by_id else "",
            )
        )
    return render(DeskPage(title=_("Paths of Find help"), rows=rows))


@blueprint.get("/sisalto/polut/uusi")
@access.needs(Permission.CONTENT_EDIT)
def new() -> BaseResponse:
    """Show the empty form."""
    return _edit_page(NewPathForm(formdata=None), None)


@blueprint.post("/sisalto/polut/uusi")
@access.needs(Permission.CONTENT_EDIT)
def create() -> BaseResponse:
    """Keep the draft of a new path."""
    form = NewPathForm()
    if not form.validate():
        return _edit_page(form, None, status=422)
    slug = str(form.slug.data)
    try:
        with transaction():
            operations.keep_draft(_source(form), slug=slug, mark=None, actor=who(), now=clock.now())
    except operations.SlugTakenError:
        form.slug.errors = [_("Another path has this address.")]
        return _edit_page(form, None, status=422)
    flash(_("The draft is kept. Residents don't see it yet."), "success")
    return redirect(url_for("paths_desk.one", slug=slug), code=303)


@blueprint.get("/sisalto/polut/<slug>")
@access.needs(Permission.CONTENT_EDIT)
def one(slug: str) -> BaseResponse:
    """Show the text of a path with what has to be mended, line by line, and its outline."""
    it = queries.kept_path(slug)
    return _edit_page(PathForm(formdata=None, source=it.source, mark=it.mark), it)


@blueprint.post("/sisalto/polut/<slug>")
@access.needs(Permission.CONTENT_EDIT)
def change(slug: str) -> BaseResponse:
    """Keep a draft; with ``publish``, show it to residents if nothing has to be mended."""
    it = queries.kept_path(slug)
    form = PathForm()
    if not form.validate():
        return _edit_page(form, it, status=422)
    publishes = "publish" in request.form
    try:
        with transaction():
            actor, now = who(), clock.now()
            operations.keep_draft(_source(form), slug=slug, mark=str(form.mark.data), actor=actor, now=now)
            if publishes:
                mark = queries.kept_path(slug).mark
                today = clock.helsinki_day(now)
                operations.publish(slug=slug, mark=mark, today=today, actor=actor, now=now)
    except ConflictError:
        return _stale(form, slug)
    except PathFaultsError as error:
        return _edit_page(form, queries.kept_path(slug), status=422, faults=error.faults)
    flash(
        _("Published. Residents see it at once.")
        if publishes
        else _("The draft is kept. Residents don't see it yet."),
        "success",
    )
    return redirect(url_for("paths_desk.one", slug=slug), code=303)


@blueprint.post("/sisalto/polut/<slug>/poisto")
@access.needs(Permission.CONTENT_EDIT)
def take_away(slug: str) -> BaseResponse:
    """Withdraw a path from residents, or with ``draft`` throw its draft away."""
    it = queries.kept_path(slug)
    mark = request.form.get("mark", "")
    throws = "draft" in request.form
    try:
        with transaction():
            if throws:
                operations.discard_draft(slug=slug, mark=mark, actor=who(), now=clock.now())
            else:
                operations.withdraw(slug=slug, mark=mark, actor=who(), now=clock.now())
    except (ConflictError, operations.NothingShownError):
        return _stale(PathForm(formdata=None, source=it.source, mark=it.mark), slug)
    flash(_("The draft is gone.") if throws else _("Withdrawn. Residents don't see it any more."), "success")
    gone = throws and it.shown is None and it.latest is None
    return redirect(url_for("paths_desk.listing") if gone else url_for("paths_desk.one", slug=slug), code=303)


@blueprint.get("/sisalto/polut/<slug>/esikatselu/<key>")
@access.needs(Permission.CONTENT_EDIT)
def preview(slug: str, key: str) -> BaseResponse:
    """Show a step of the draft as residents would see it."""
    path = _readable(queries.kept_path(slug).source)
    if path is None:
        raise NotFoundError(slug)
    return render(
        step_page(
            path,
            key,
            request.args.get("v", ""),
            address=lambda to, answers: url_for("paths_desk.preview", slug=slug, key=to, v=answers),
            language=current_language(),
            today=clock.helsinki_day(clock.now()),
            preview=True,
        )
    )


def _stale(form: PathForm, slug: str) -> BaseResponse:
    it = queries.kept_path(slug)
    form.mark.data = it.mark
    form.form_errors.append(
        _("Somebody has changed this since you opened it. Your text is here: compare, and keep it again.")
    )
    return _edit_page(form, it, status=409)


def _edit_page(
    form: PathForm, it: Kept | None, *, status: int = 200, faults: Sequence[Fault] | None = None
) -> BaseResponse:
    source = _source(form)
    if faults is None:
        faults = queries.faults_of(source, today=clock.helsinki_day(clock.now())) if source.strip() else ()
    path = _readable(source)
    newest = (it.draft or it.latest) if it else None
    state, colour = _state(it) if it else (labels.UNPUBLISHED, "neutral")
    names = accounts.names_of([newest.changed_by_id]) if newest and newest.changed_by_id else {}
    return render(
        EditPage(
            title=in_language(path.name, current_language()).text
            if path
            else it.slug
            if it
            else _("New path"),
            slug=it.slug if it else "",
            form=form,
            faults=[FaultView(line=fault.line, text=labels.fault_text(fault)) for fault in faults],
            outline=_outline(path, it.slug) if path and it and source.strip() == it.source.strip() else (),
            state=state,
            colour=colour,
            public_url=url_for("guided_paths.start", slug=it.slug) if it and it.shown is not None else "",
            has_draft=it is not None and it.draft is not None,
            is_shown=it is not None and it.shown is not None,
            changed_at=newest.changed_at if newest else None,
            changed_by=names.get(newest.changed_by_id, "") if newest and newest.changed_by_id else "",
            example="" if it else queries.shipped()[EXAMPLE],
        ),
        status=status,
    )


def _source(form: PathForm) -> str:
    return str(form.source.data or "").replace("\r\n", "\n")


def _state(it: Kept) -> tuple[Text, str]:
    if it.withdrawn:
        return labels.WITHDRAWN, "neutral"
    if it.shown is None:
        return labels.UNPUBLISHED, "neutral"
    return (labels.SHIPPED if it.shipped else labels.SHOWN), "success"


def _readable(source: str) -> GuidedPath | None:
    try:
        return read(source)
    except PathFaultsError:
        return None


def _outline(path: GuidedPath, slug: str) -> Sequence[OutlineStep]:
    language = current_language()

    def address(key: str) -> str:
        return url_for("paths_desk.preview", slug=slug, key=key)

    questions = [
        OutlineStep(
            key=each.key,
            is_end=False,
            text=in_language(each.text, language).text,
            ways=[(in_language(answer.text, language).text, answer.to) for answer in each.answers],
            preview_url=address(each.key),
        )
        for each in path.questions
    ]
    ends = [
        OutlineStep(
            key=each.key,
            is_end=True,
            text=in_language(each.title, language).text,
            ways=[(str(labels.TARGETS[target.kind]), target.value) for target in each.targets],
            preview_url=address(each.key),
        )
        for each in path.ends
    ]
    return [*questions, *ends]
