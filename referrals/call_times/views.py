"""The page of the call times: a week of them, and publishing."""

import datetime as dt
import uuid

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask_babel import format_date, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.call_times import labels, publishing, queries
from referrals.call_times.desk import ANYBODY, Desk, desk_of
from referrals.call_times.forms import ExtraForm, TimeOffForm, TimesForm, WeeklyForm
from referrals.call_times.labels import Whose
from referrals.call_times.models import CallPattern
from referrals.call_times.pages import TimeOffPage, TimesFormPage
from referrals.call_times.publishing import Hours, HoursMeetError, NoTimesError
from referrals.call_times.week import closing_of, monday_of, references, week_page
from referrals.municipality.queries import MeetingForm
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import NavEntry, add_navigation, render

blueprint = Blueprint("call_times", __name__)

TO_WEEK = "call_times.week"


def init_app(app: Flask) -> None:
    """Register the page and its place in the navigation."""
    app.register_blueprint(blueprint)
    add_navigation(
        app,
        NavEntry(
            endpoint=TO_WEEK,
            label=_p("staff navigation", "Call times"),
            permissions=frozenset({Permission.INBOX_WORK}),
            position=35,
            under="call_times.",
        ),
    )


@blueprint.get("/ajat")
@access.needs(Permission.INBOX_WORK)
def week() -> BaseResponse:
    """Show a week of the times, and what they come from."""
    now = clock.now()
    desk = desk_of(who())
    monday = monday_of(request.args.get("viikko"), now=now)
    first, last = clock.days_bounds(monday, monday + dt.timedelta(days=6))
    times = queries.published_times(desk.unit_ids, from_=first, until=last)
    conflicts = queries.conflicts_of(desk.unit_ids, now=now)
    holders = references([*times, *conflicts], scope=desk.scope)
    response = render(
        week_page(
            desk,
            monday=monday,
            times=times,
            conflicts=conflicts,
            holders=holders,
            patterns=queries.patterns_of(desk.unit_ids, on=clock.helsinki_day(now)),
            off=queries.exceptions_of(desk.unit_ids, on=clock.helsinki_day(now)),
            now=now,
        )
    )
    with transaction():
        record(
            Action.INBOX_LISTED,
            actor=desk.scope.reader,
            object_type="inbox",
            object_id="ajat",
            now=now,
            detail={"subjects": " ".join(subject_key(referral_id) for referral_id in holders)},
        )
    return response


@blueprint.get("/ajat/viikoittain")
@access.needs(Permission.INBOX_WORK)
def new_weekly() -> BaseResponse:
    """Show the form of new weekly times."""
    form = WeeklyForm(formdata=None, minutes="30", valid_from=clock.helsinki_day(clock.now()))
    return _weekly_page(form, desk_of(who()))


@blueprint.post("/ajat/viikoittain")
@access.needs(Permission.INBOX_WORK)
def publish_weekly() -> BaseResponse:
    """Publish times that come every week."""
    return _publish(WeeklyForm(), once=False)


@blueprint.get("/ajat/lisaajat")
@access.needs(Permission.INBOX_WORK)
def new_extra() -> BaseResponse:
    """Show the form of extra times on one day."""
    form = ExtraForm(formdata=None, minutes="30", day=_day_asked())
    return _extra_page(form, desk_of(who()))


@blueprint.post("/ajat/lisaajat")
@access.needs(Permission.INBOX_WORK)
def publish_extra() -> BaseResponse:
    """Publish extra times on one day."""
    return _publish(ExtraForm(), once=True)


@blueprint.get("/ajat/viikoittain/<uuid:pattern_id>")
@access.needs(Permission.INBOX_WORK)
def pattern(pattern_id: uuid.UUID) -> BaseResponse:
    """Show the form that changes weekly times."""
    desk = desk_of(who())
    row = _pattern(pattern_id, desk)
    form = WeeklyForm(
        formdata=None,
        for_whom=f"{row.unit_id}/{row.catchment_id}" if row.catchment_id else str(row.unit_id),
        adviser=str(row.adviser_id) if row.adviser_id else ANYBODY,
        weekday=str(row.weekday),
        from_time=row.from_time,
        until_time=row.until_time,
        minutes=str(row.slot_minutes),
        capacity=row.capacity,
        how=row.form.value,
        place=row.place,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
    return _weekly_page(form, desk, changing=pattern_id)


@blueprint.post("/ajat/viikoittain/<uuid:pattern_id>")
@access.needs(Permission.INBOX_WORK)
def change(pattern_id: uuid.UUID) -> BaseResponse:
    """Change weekly times from today on."""
    desk = desk_of(who())
    _pattern(pattern_id, desk)
    form = WeeklyForm()
    form.offer(desk.for_whom(), desk.answering())
    if not form.validate() or not _fits(form, desk):
        return _weekly_page(form, desk, changing=pattern_id, status=422)
    try:
        with transaction():
            actor = who()
            unit_ids = desk_of(actor).unit_ids
            now = clock.now()
            row = queries.pattern_in(pattern_id, unit_ids=unit_ids, on=clock.helsinki_day(now), lock=True)
            unit_id, hours = _hours(form)
            if row is None or row.once or row.unit_id != unit_id:
                raise NotFoundError
            publishing.change_pattern(row, hours, actor=actor, now=now)
    except (NoTimesError, HoursMeetError) as error:
        _tell(form, error)
        return _weekly_page(form, desk_of(who()), changing=pattern_id, status=422)
    flash(_("The times are changed. Those that somebody has already stay as they were."), "success")
    return redirect(url_for(TO_WEEK), code=303)


@blueprint.post("/ajat/viikoittain/<uuid:pattern_id>/paata")
@access.needs(Permission.INBOX_WORK)
def end(pattern_id: uuid.UUID) -> BaseResponse:
    """End weekly or extra times: what nobody has chosen goes."""
    with transaction():
        actor, now = who(), clock.now()
        today = clock.helsinki_day(now)
        row = queries.pattern_in(pattern_id, unit_ids=desk_of(actor).unit_ids, on=today, lock=True)
        if row is None:
            raise NotFoundError
        publishing.end_pattern(row, last_day=today - dt.timedelta(days=1), actor=actor, now=now)
    flash(_("The times are ended. Those that somebody has already stay: see above the week."), "success")
    return redirect(url_for(TO_WEEK), code=303)


@blueprint.get("/ajat/vapaat")
@access.needs(Permission.INBOX_WORK)
def new_time_off() -> BaseResponse:
    """Show the form that takes days or hours off."""
    form = TimeOffForm(formdata=None, whose=Whose.MINE.value, first_day=_day_asked())
    return _off_page(form, desk_of(who()))


@blueprint.post("/ajat/vapaat")
@access.needs(Permission.INBOX_WORK)
def take_off() -> BaseResponse:
    """Take days or hours off."""
    form = TimeOffForm()
    desk = desk_of(who())
    form.offer(desk.units)
    if not form.validate():
        return _off_page(form, desk, status=422)
    with transaction():
        actor = who()
        unit_id = uuid.UUID(form.unit.data)
        if unit_id not in desk_of(actor).units or form.first_day.data is None:
            raise NotFoundError
        publishing.add_exception(
            unit_id,
            first_day=form.first_day.data,
            last_day=form.last,
            from_time=form.from_time.data,
            until_time=form.until_time.data,
            adviser_id=actor.id if form.taken_from is Whose.MINE else None,
            actor=actor,
            now=clock.now(),
        )
        first = form.first_day.data
    flash(_("No new times can be chosen then. Those that somebody has already stay."), "success")
    return redirect(url_for(TO_WEEK, viikko=_monday(first)), code=303)


@blueprint.post("/ajat/vapaat/<string:day>")
@access.needs(Permission.INBOX_WORK)
def take_day_off(day: str) -> BaseResponse:
    """Take one day off with one press: one's own times, or the unit's where they are nobody's own."""
    try:
        wanted = dt.date.fromisoformat(day)
    except ValueError:
        raise NotFoundError from None
    with transaction():
        actor, now = who(), clock.now()
        desk = desk_of(actor)
        if wanted < clock.helsinki_day(now):
            raise NotFoundError
        first, last = clock.days_bounds(wanted, wanted)
        times = queries.published_times(desk.unit_ids, from_=first, until=last)
        for unit_id in desk.unit_ids:
            whose = closing_of([each for each in times if each.unit_id == unit_id], user_id=actor.id)
            if whose is not None:
                publishing.add_exception(
                    unit_id,
                    first_day=wanted,
                    last_day=wanted,
                    adviser_id=actor.id if whose is Whose.MINE else None,
                    actor=actor,
                    now=now,
                )
    flash(
        _("%(day)s is taken off. Times that somebody has already stay.", day=format_date(wanted, "EEE d.M.")),
        "success",
    )
    return redirect(url_for(TO_WEEK, viikko=_monday(wanted)), code=303)


@blueprint.post("/ajat/vapaat/<uuid:exception_id>/poista")
@access.needs(Permission.INBOX_WORK)
def put_back(exception_id: uuid.UUID) -> BaseResponse:
    """Take a time off back."""
    with transaction():
        actor = who()
        row = queries.exception_in(exception_id, unit_ids=desk_of(actor).unit_ids)
        if row is None:
            raise NotFoundError
        publishing.remove_exception(row, actor=actor, now=clock.now())
    flash(_("The times can be chosen again."), "success")
    return redirect(url_for(TO_WEEK), code=303)


def _publish(form: WeeklyForm | ExtraForm, *, once: bool) -> BaseResponse:
    desk = desk_of(who())
    show = _extra_page if isinstance(form, ExtraForm) else _weekly_page
    form.offer(desk.for_whom(), desk.answering())
    if not form.validate() or not _fits(form, desk):
        return show(form, desk, status=422)
    try:
        with transaction():
            actor = who()
            unit_id, hours = _hours(form)
            if unit_id not in desk_of(actor).units:
                raise NotFoundError
            publishing.publish_pattern(unit_id, hours, actor=actor, now=clock.now())
            first = hours.valid_from
    except (NoTimesError, HoursMeetError) as error:
        _tell(form, error)
        return show(form, desk_of(who()), status=422)
    flash(_("Published. The times can be chosen at once."), "success")
    return redirect(url_for(TO_WEEK, viikko=_monday(first) if once else None), code=303)


def _hours(form: TimesForm) -> tuple[uuid.UUID, Hours]:
    """Return the unit and the hours of a form that is valid."""
    unit, _slash, catchment = str(form.for_whom.data).partition("/")
    begins, ends = form.from_time.data, form.until_time.data
    assert begins is not None
    assert ends is not None
    if isinstance(form, WeeklyForm):
        weekday, first, last = int(form.weekday.data), form.valid_from.data, form.valid_until.data
    else:
        assert isinstance(form, ExtraForm)
        first = last = form.day.data
        weekday = first.weekday() if first else 0
    assert first is not None
    return uuid.UUID(unit), Hours(
        weekday=weekday,
        from_time=begins,
        until_time=ends,
        slot_minutes=int(form.minutes.data),
        capacity=form.capacity.data or 1,
        form=MeetingForm(form.how.data),
        place=form.place.data or "",
        valid_from=first,
        valid_until=last,
        adviser_id=None if form.adviser.data == ANYBODY else uuid.UUID(form.adviser.data),
        catchment_id=uuid.UUID(catchment) if catchment else None,
    )


def _fits(form: TimesForm, desk: Desk) -> bool:
    """Whether who answers works in the unit that was chosen; says so where not."""
    unit_id, hours = _hours(form)
    if desk.works_in(hours.adviser_id, unit_id):
        return True
    form.adviser.errors = [_("This person does not work in the unit that you chose.")]
    return False


def _tell(form: TimesForm, error: NoTimesError | HoursMeetError) -> None:
    if isinstance(error, NoTimesError):
        form.until_time.errors = [_("Not one time fits in here. Check the hours, the length and the days.")]
        return
    form.from_time.errors = [
        _(
            "There are times already: %(weekday)s %(hours)s. Choose other hours, or change those.",
            weekday=labels.weekday_name(error.weekday),
            hours=labels.span(labels.wall(error.from_time), labels.wall(error.until_time)),
        )
    ]


def _pattern(pattern_id: uuid.UUID, desk: Desk) -> CallPattern:
    today = clock.helsinki_day(clock.now())
    row = queries.pattern_in(pattern_id, unit_ids=desk.unit_ids, on=today)
    if row is None or row.once:
        raise NotFoundError
    return row


def _weekly_page(
    form: WeeklyForm, desk: Desk, *, changing: uuid.UUID | None = None, status: int = 200
) -> BaseResponse:
    form.offer(desk.for_whom(), desk.answering())
    page = TimesFormPage(
        title=pgettext("page title", "Change weekly times")
        if changing
        else pgettext("page title", "New weekly times"),
        form=form,
        action=url_for("call_times.change", pattern_id=changing)
        if changing
        else url_for("call_times.publish_weekly"),
        button=pgettext("call times", "Save the changes") if changing else _("Publish the times"),
        lead=_("Holidays and days when the unit is away give no times by themselves."),
    )
    return render(page, status=status)


def _extra_page(form: ExtraForm, desk: Desk, *, status: int = 200) -> BaseResponse:
    form.offer(desk.for_whom(), desk.answering())
    page = TimesFormPage(
        title=pgettext("page title", "Extra times"),
        form=form,
        action=url_for("call_times.publish_extra"),
        button=_("Publish the times"),
        lead=_("For one day, on a Saturday or Sunday too."),
    )
    return render(page, status=status)


def _off_page(form: TimeOffForm, desk: Desk, *, status: int = 200) -> BaseResponse:
    form.offer(desk.units)
    return render(TimeOffPage(title=pgettext("page title", "Take times off"), form=form), status=status)


def _day_asked() -> dt.date:
    try:
        return dt.date.fromisoformat(request.args.get("paiva", ""))
    except ValueError:
        return clock.helsinki_day(clock.now())


def _monday(day: dt.date) -> str:
    return (day - dt.timedelta(days=day.weekday())).isoformat()
