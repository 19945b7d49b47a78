"""Events, groups with people in them, feedback that waits and published months, each with its forms sent empty."""

import time
from functools import partial

from referrals.demonstration import drafts
from referrals.demonstration import enrolments as invented
from servicetray.accounts.queries import user_by_email
from servicetray.core import anonymous, clock
from servicetray.core.db import transaction
from tests.browser.officers import COUNTY_OFFICER, TOWN_OFFICER
from tests.browser.states import ADVISER, COORDINATOR, EDITOR, PROVIDER, TICKED, Builder, Stop, person
from tests.factories import enrolments, happenings
from tests.trust import things
from themes.demonstration.loading import invented_id
from themes.directory.desk.queries import kept_services
from themes.directory.desk.scope import scope_of
from themes.directory.entries import shown_ids
from themes.directory.models import ServiceStage
from themes.happenings import queries
from themes.happenings.models import DateState, Joining
from themes.happenings.queries import Kind

CONTINUOUS = invented_id(Kind.GROUP.value, "arkeen-voimaa-jatkuva")
"""A group that always takes people and that the adviser leads."""
FULL = invented_id(Kind.GROUP.value, "28-paivaa-ilman")
CANCELLED = invented_id(Kind.GROUP.value, next(iter(invented.CANCELLED)))
"""A group of which a coming meeting is cancelled."""
OWN = "/ryhmat/ilmoittautuminen"


def add(builder: Builder) -> None:
    """Have all of them looked at."""
    residents(builder)
    own_enrolment(builder)
    leaders_desk(builder)
    clients_group(builder)
    editors_desk(builder)
    written_service(builder)
    feedback(builder)
    figures(builder)
    builder.stage.add("/kunnat/kouvola", "", "place")


def residents(builder: Builder) -> None:
    """What a resident reads of groups: open, full, with a meeting that is cancelled, and the form sent empty."""
    for state, group_id in (("open", CONTINUOUS), ("full", FULL), ("cancelled meeting", CANCELLED)):
        builder.stage.add(f"/ryhmat/{group_id}", "", state)
        builder.stage.add(f"/ryhmat/{group_id}/ilmoittaudu", "", state)
    at = f"/ryhmat/{CONTINUOUS}/ilmoittaudu"
    builder.stage.empty(at, "", "form")
    builder.stage.stops.append(
        Stop(
            path=at,
            state="enrolled",
            typed=(
                ("#first_name", "Aimo"),
                ("#last_name", "Keksitty"),
                ("#phone", "040 000 0191"),
                ("#birth_year", "1971"),
                ("#agreed", TICKED),
            ),
            # Whoever is quicker is taken for a machine.
            meanwhile=partial(time.sleep, anonymous.FASTEST.total_seconds()),
            press="main form [type=submit]",
        )
    )


def own_enrolment(builder: Builder) -> None:
    """One's own enrolment, by its code: with a place, on the waiting list; and no code."""
    builder.stage.empty(OWN, "", "form")
    small = happenings.group(
        "Pieni kerho",
        joining=Joining.CONTINUOUS,
        capacity=1,
        leader_id=person(ADVISER).id,
        rule=happenings.weekly(clock.helsinki_day(builder.now)),
    )
    for state in ("place", "waiting"):
        told = enrolments.enrol(small, now=builder.now, first_name="Aino", last_name=f"Keksitty-{state}")
        builder.stage.stops.append(
            Stop(path=OWN, state=state, typed=(("#code", told.code or ""),), press="main form [type=submit]")
        )


def leaders_desk(builder: Builder) -> None:
    """A leader's pages of a group: all of it, a participant, a meeting that was, the paper."""
    at = f"/ryhmani/{CONTINUOUS}"
    enrolled = enrolments.enrol(
        CONTINUOUS, now=builder.now, first_name="Oiva", last_name="Keksitty", heed="Huono kuulo"
    )
    for page in ("", "/lista", "/uusi", f"/osallistuja/{enrolled.enrolment_id}"):
        builder.stage.add(f"{at}{page}", ADVISER, "with people")
    builder.stage.empty(f"{at}/uusi", ADVISER, "form")
    builder.stage.add(f"/ryhmani/{FULL}", "outi.lehto", "full")
    held = queries.meetings_of(CONTINUOUS)[0]
    builder.stage.add(f"{at}/kokoontuminen/{held.id}", ADVISER, "held")


def clients_group(builder: Builder) -> None:
    """A client whom the adviser enrols: the groups, the form, the form sent empty, and afterwards the case."""
    referral_id, case_id = builder.case("Ryhmaan")
    at = f"/asiakkuudet/{case_id}/ryhma"
    builder.stage.add(at, ADVISER, "open")
    builder.stage.add(f"{at}/{CONTINUOUS}", ADVISER, "open")
    builder.stage.empty(f"{at}/{CONTINUOUS}", ADVISER, "form.form")
    builder.stage.stops.append(
        Stop(
            path=f"{at}/{CONTINUOUS}",
            by=ADVISER,
            state="enrolled",
            typed=(("#agreed", TICKED),),
            press="main form.form [type=submit]",
        )
    )
    builder.look(referral_id, "enrolled", case_id)
    for officer in (COUNTY_OFFICER, TOWN_OFFICER):
        builder.stage.empty("/tietosuoja/ilmoittautumiset", officer, "form")


def editors_desk(builder: Builder) -> None:
    """An editor's pages of an event and a group, each form sent empty, and a date cancelled without a reason."""
    today = clock.helsinki_day(builder.now)
    walks = happenings.event("Keksityt kävelyt", rule=happenings.weekly(today))
    builder.stage.add(f"/tapahtumat/{walks}", "", "weekly")
    for what, happening_id in (("tapahtumat", walks), ("ryhmat", CONTINUOUS)):
        at = f"/sisalto/{what}/{happening_id}"
        builder.stage.add(at, EDITOR, "with dates")
        builder.stage.empty(at, EDITOR, "form[action$='/peruminen']")
        builder.stage.empty(f"/sisalto/{what}/uusi", EDITOR, "form[action$='/uusi']")
        coming = queries.meetings_of(happening_id)[-1]
        at = f"/sisalto/{what}/paivat/{coming.id}"
        builder.stage.add(at, EDITOR, "planned")
        typed = ((f"input[name=state][value={DateState.CANCELLED}]", TICKED), ("#reason_fi", ""))
        builder.stage.stops.append(
            Stop(
                path=at,
                by=EDITOR,
                state="no reason",
                typed=typed,
                press="main form [type=submit]",
                status=422,
            )
        )


def written_service(builder: Builder) -> None:
    """A service that is being written, one that waits to be published, and a way to reach one: each form sent empty."""
    with transaction():
        drafts.load(now=builder.now)
    builder.stage.empty("/sisalto/palvelut/uusi", PROVIDER, "form[action$='/uusi']")
    editor = user_by_email(f"{EDITOR}@example.org")
    assert editor is not None
    for draft in kept_services(scope_of(editor)):
        if draft.stage is not None:
            at = f"/sisalto/palvelut/{draft.id}"
            builder.stage.add(at, PROVIDER, draft.stage.value)
            if draft.stage is ServiceStage.WAITING:
                builder.stage.empty(at, EDITOR, "form[action$='/takaisin']")
    service_id = min(shown_ids(today=clock.helsinki_day(builder.now)))
    builder.stage.add(
        f"/sisalto/palvelut/{service_id}/yhteydet/uusi",
        EDITOR,
        "nothing typed",
        # The first button asks for more rows.
        press="main form[action$='/uusi'] button[type=submit]:not([name])",
        status=422,
    )


def feedback(builder: Builder) -> None:
    """Feedback that waits for an editor, and what was done about it left out; the form of it sent empty."""
    at = f"/sisalto/palaute/{things.feedback_given()}"
    builder.stage.add("/sisalto/palaute", EDITOR, "waiting")
    builder.stage.add(at, EDITOR, "waiting")
    builder.stage.empty(at, EDITOR, "form")
    builder.stage.empty("/palaute", "", "form")


def figures(builder: Builder) -> None:
    """Two months that are frozen, published and reported."""
    things.figures()
    month = things.MONTH
    for page in (f"/tilastot/{month.year}", f"/tilastot/{month.year}/v1"):
        builder.stage.add(page, "", "published")
    for page in (f"/raportti/{month}", f"/raportti/{month}/1", "/luvut"):
        builder.stage.add(page, COORDINATOR, "published")
