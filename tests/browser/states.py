"""A referral in every state there is, among the demonstration's units and people: what the pages are looked at with."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select

from referrals import handover
from referrals.client.operations import make_code
from referrals.county import operations as county
from referrals.demonstration import call_times
from referrals.moves import ContactChannel, Outcome, VoidReason, Who
from referrals.municipality import operations
from referrals.municipality.models import AttemptResult, Case, Catchment, MeetingForm
from referrals.transfers.models import TransferOffer
from servicetray.accounts import invitations, kept_forms
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import User
from servicetray.accounts.operations import create_user, open_session
from servicetray.core import clock, outbox
from servicetray.core.db import db, transaction
from servicetray.core.outbox import MessageState
from tests.browser.officers import COUNTY_OFFICER as COUNTY_OFFICER
from tests.browser.officers import TOWN_OFFICER as TOWN_OFFICER
from tests.browser.officers import add_officers
from tests.factories.referrals import sent
from tests.referrals.scenes import DAY, HOUR, locked

KOUVOLA, KOTKA = "286", "285"
SENDER, ADVISER, LEAD, OTHER = "sanna.koski", "mikko.rantala", "tiina.harju", "jari.satama"
COORDINATOR, PARTNER, EDITOR, PROVIDER = "anu.salo", "ville.kuusi", "riikka.maki", "kari.jokela"
ADMINISTRATOR, NEWCOMER, NEW_ADVISER = "paula.hill", "laura.niemi", "eva.strand"
CODE = "code:"
"""Before a state: the browser of the client who came in with that state's code."""
HALF_IN = "password"
"""The browser of somebody who has given their password and not yet the code."""
YEAR, TICKED = 1948, "ticked"


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One page in one state."""

    path: str
    by: str = ""
    """Whose browser it is opened in (the name before the @); empty is a resident's."""
    state: str = ""
    press: str = ""
    """A button that is pressed on it; the page that comes then is looked at."""
    status: int = 200
    typed: tuple[tuple[str, str], ...] = ()
    """What is typed before the press: selector and text, or ``TICKED`` for a box."""
    meanwhile: Callable[[], object] | None = field(default=None, repr=False)
    """What somebody else does between the page and the press."""


@dataclass
class Stage:
    """The county with a referral in every state: where those stand, and the codes that open things."""

    stops: list[Stop] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    """The client's codes by state."""

    def add(self, path: str, by: str = "", state: str = "", *, press: str = "", status: int = 200) -> None:
        """Have a page looked at."""
        self.stops.append(Stop(path=path, by=by, state=state, press=press, status=status))

    def empty(self, path: str, by: str, form: str) -> None:
        """Have a form looked at that was sent empty."""
        self.add(path, by, "nothing typed", press=f"main {form} button[type=submit]", status=422)


def person(name: str) -> User:
    """Return one of the invented people by the name before the @."""
    found = accounts.user_by_email(f"{name}@example.org")
    assert found is not None, name
    return found


def place(municipality: str = KOUVOLA, kind: str = "exercise") -> Catchment:
    """Return the open catchment of a municipality."""
    today = clock.helsinki_day(clock.now())
    rows = db.session.scalars(
        select(Catchment).where(
            Catchment.municipality_code == municipality,
            Catchment.kind_code == kind,
            Catchment.opens_on <= today,
        )
    )
    return next(row for row in rows if row.closes_on is None or row.closes_on > today)


def token_of(name: str) -> str:
    """Sign somebody in (how one signs in is walked elsewhere) and return what their browser would hold."""
    with transaction():
        return open_session(person(name), now=clock.now())


class Builder:
    """Makes the states, one referral for each, by the operations that the pages call."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.stage = Stage()

    def send(
        self, first_name: str, *, ago: dt.timedelta = HOUR, municipality: str = KOUVOLA, **about: Any
    ) -> uuid.UUID:
        """Send a referral and return its id."""
        made = sent(
            place(municipality),
            now=self.now - ago,
            sender=person(SENDER),
            first_name=first_name,
            last_name="Keksitty-Testattava",
            birth_year=YEAR,
            own_wish="Haluaisin jaksaa kävellä kauppaan ja takaisin ilman taukoja.",
            what_to_heed="Huono kuulo; puhu selvästi.",
            **about,
        )
        return made.id

    def accept(self, referral_id: uuid.UUID, *, ago: dt.timedelta = HOUR) -> uuid.UUID:
        """Take a referral as the adviser; return the id of the case."""
        with transaction():
            return handover.accept(
                locked(referral_id), who=Who.ADVISER, actor=person(ADVISER), now=self.now - ago
            ).id

    def case(self, first_name: str, *, ago: dt.timedelta = HOUR, **about: Any) -> tuple[uuid.UUID, uuid.UUID]:
        """Send and take; return the ids of referral and case."""
        referral_id = self.send(first_name, ago=ago, **about)
        return referral_id, self.accept(referral_id, ago=ago)

    def tried(self, case_id: uuid.UUID) -> None:
        """Call, and nobody answers."""
        with transaction():
            operations.log_attempt(
                row(case_id),
                channel=ContactChannel.PHONE,
                result=AttemptResult.NO_ANSWER,
                note="Ei vastannut aamupäivällä",
                actor=person(ADVISER),
                now=self.now,
            )

    def started(self, case_id: uuid.UUID) -> None:
        """Counsel."""
        with transaction():
            operations.add_note(
                row(case_id), text="Kuntosali kiinnostaa", actor=person(ADVISER), now=self.now
            )
            operations.start(
                row(case_id), who=Who.ADVISER, actor=person(ADVISER), now=self.now, note="Tavattu"
            )

    def look(self, referral_id: uuid.UUID, state: str, case_id: uuid.UUID | None = None) -> None:
        """Have a referral looked at by both sides."""
        self.stage.add(f"/lahetteet/{referral_id}", SENDER, state)
        if case_id is None:
            self.stage.add(f"/saapuneet/{referral_id}", ADVISER, state)
        else:
            self.stage.add(f"/asiakkuudet/{case_id}", ADVISER, state)

    def code(self, referral_id: uuid.UUID, state: str) -> None:
        """Give the client a code for their own page."""
        with transaction():
            self.stage.codes[state] = make_code(referral_id, actor=person(SENDER), now=self.now)

    # ------------------------------------------------------------------------------------- the states

    def waiting(self) -> None:
        """Not yet taken: new, protected, practice, late, with a question."""
        new = self.send("Uusi", transfer=True, follow_up=True)
        self.look(new, "sent")
        self.code(new, "sent")
        for sheet in ("kuittaus", "ohje"):
            self.stage.add(f"/lahetteet/{new}/{sheet}", SENDER, "sent")
        self.stage.add(f"/lahetteet/{new}/vahinko", SENDER, "sent")
        self.look(self.send("Suojattu", protected=True), "protected")
        self.look(self.send("Myohassa", ago=20 * DAY), "late")
        asked = self.send("Kysytty")
        with transaction():
            handover.ask(
                locked(asked), question="Mihin aikaan voi soittaa?", actor=person(ADVISER), now=self.now
            )
        self.look(asked, "asked")

    def ended_before(self) -> None:
        """Ended before anybody took it: returned, cancelled, withdrawn, entered in error."""
        for state, reason in (("returned", "duplicate"), ("returned-to-mend", "contact_details_missing")):
            returned = self.send("Palautettu")
            with transaction():
                handover.give_back(
                    locked(returned), reason=reason, who=Who.ADVISER, actor=person(ADVISER), now=self.now
                )
            self.stage.add(f"/lahetteet/{returned}", SENDER, state)
            self.stage.add(f"/lahetteet/{returned}/uudelleen/exercise", SENDER, state)
        cancelled = self.send("Peruttu")
        with transaction():
            county.cancel(locked(cancelled), actor=person(SENDER), reason="not_needed", now=self.now)
        withdrawn, _ = self.case("Kielto")
        with transaction():
            handover.hold_cases(withdrawn)
            handover.withdraw(locked(withdrawn), who=Who.SENDER, actor=person(SENDER), now=self.now)
        void = self.send("Vahinko")
        with transaction():
            handover.void(
                locked(void), reason=VoidReason.SENT_TWICE, who=Who.SENDER, actor=person(SENDER), now=self.now
            )
        for state, referral_id in (("cancelled", cancelled), ("withdrawn", withdrawn), ("void", void)):
            self.stage.add(f"/lahetteet/{referral_id}", SENDER, state)

    def taken(self) -> None:
        """In work: just taken, tried, scheduled, waiting, stopped, offered to another municipality."""
        referral_id, case_id = self.case("Otettu", transfer=True)
        self.look(referral_id, "accepted", case_id)
        self.code(referral_id, "accepted")
        for beside in ("seuranta", "suunnitelma", "tapaamiset", "tekstit"):
            self.stage.add(f"/asiakkuudet/{case_id}/{beside}", ADVISER, "accepted")
        referral_id, case_id = self.case("Soitettu")
        self.tried(case_id)
        self.look(referral_id, "tried", case_id)
        referral_id, case_id = self.case("Sovittu")
        with transaction():
            operations.schedule(
                row(case_id),
                at=self.now + 3 * DAY,
                form=MeetingForm.IN_PERSON,
                who=Who.ADVISER,
                actor=person(ADVISER),
                now=self.now,
            )
        self.look(referral_id, "scheduled", case_id)
        self.stage.add(f"/asiakkuudet/{case_id}/tapaamiset", ADVISER, "scheduled")
        referral_id, case_id = self.case("Lopettava")
        with transaction():
            handover.request_stop(locked(referral_id), actor=person(SENDER), now=self.now)
        self.look(referral_id, "stop-asked", case_id)
        offered = self.send("Tarjottu", municipality=KOTKA, transfer=True)
        target = place().id
        with transaction():
            handover.offer_transfer(
                locked(offered), to_catchment_id=target, who=Who.ADVISER, actor=person(OTHER), now=self.now
            )
        assert db.session.scalars(select(TransferOffer)).first() is not None
        self.stage.add(f"/saapuneet/{offered}", OTHER, "offered")
        self.stage.add("/saapuneet", ADVISER, "offered")

    def counselled(self) -> None:
        """In counselling, and closed."""
        referral_id, case_id = self.case("Neuvottu", ago=3 * DAY, follow_up=True, transfer=True)
        self.started(case_id)
        self.look(referral_id, "active", case_id)
        for beside in ("seuranta", "suunnitelma", "suunnitelma/tuloste", "tapaamiset", "tekstit"):
            self.stage.add(f"/asiakkuudet/{case_id}/{beside}", ADVISER, "active")
        with transaction():
            kept_id = kept_forms.keep(
                person(ADVISER),
                path=f"/asiakkuudet/{case_id}/muistiinpano",
                fields=[("note", "Kirjoitettu ennen kuin istunto päättyi")],
                now=self.now,
            )
        self.stage.add(f"/jatka/{kept_id}", ADVISER)
        referral_id, case_id = self.case("Paattynyt", ago=9 * DAY)
        self.started(case_id)
        with transaction():
            handover.close(
                row(case_id), outcome=Outcome.COMPLETED, who=Who.ADVISER, actor=person(ADVISER), now=self.now
            )
        self.look(referral_id, "closed", case_id)
        self.code(referral_id, "closed")
        for beside in ("seuranta", "suunnitelma", "tapaamiset"):
            self.stage.add(f"/asiakkuudet/{case_id}/{beside}", ADVISER, "closed")
        for officer, side in ((COUNTY_OFFICER, "maakunta"), (TOWN_OFFICER, KOUVOLA)):
            for page in (f"/{side}", f"/{side}/jaljennos", f"/{side}/oikaisu"):
                self.stage.add(f"/tietosuoja/oikeudet/{referral_id}{page}", officer, "closed")

    def other_messages(self) -> None:
        """Let a message to the adviser be given up."""
        with transaction():
            box = outbox.enqueue(
                address=f"{ADVISER}@example.org",
                template="referral_arrived",
                language="fi",
                context={"reference": "LIK-4F7K2M", "path": "/saapuneet/1"},
                about="other:1",
                now=self.now,
            )
            box.state, box.last_problem = MessageState.FAILED, "SMTPRecipientsRefused"

    def other(self) -> None:
        """What is no referral: messages that did not leave, an invitation, the pages of errors."""
        self.other_messages()
        self.stage.add("/viestit", LEAD, "failed")
        with transaction():
            invited, _ = create_user(
                email="kutsuttu@example.org",
                name="Kaisa Kutsuttu",
                title="fysioterapeutti",
                phone="",
                language="fi",
                password=uuid.uuid4().hex,
                grants=[],
                unit_id=None,
                now=self.now,
            )
            keys = [
                invitations.key_of(str(invitations.invite(invited, actor=None, now=self.now).id))
                for _ in "12"
            ]
        self.stage.add(f"/kirjaudu/kutsu?avain={keys[0]}", "", "replaced", status=410)
        self.stage.add(f"/kirjaudu/kutsu?avain={keys[1]}", "", "open")
        self.stage.empty(f"/kirjaudu/kutsu?avain={keys[1]}", "", "form")
        self.stage.add("/ei-ole-olemassa", "", "missing", status=404)
        self.stage.add("/saapuneet", SENDER, "forbidden", status=404)
        self.stage.add("/kirjaudu/koodi", HALF_IN, "password given")

    def clients(self) -> None:
        """The client's own pages, in by the code of each state."""
        with transaction():
            call_times.load(now=self.now)
        for state in self.stage.codes:
            self.stage.add("/oma", f"{CODE}{state}", state)
        for path in ("/oma/ajat", "/oma/lupa"):
            self.stage.add(path, f"{CODE}sent", "sent")
        self.stage.empty("/oma", f"{CODE}sent", "form[action$='/numero']")
        self.stage.empty("/oma/ajat", f"{CODE}sent", "form[action$='/ajat']")
        self.stage.empty("/oma", "", "form")
        self.stage.empty("/ota-yhteytta/exercise", "", "form")

    def nothing_typed(self) -> None:
        """Every form of the staff, sent empty."""
        _, case_id = self.case("Tyhja", transfer=True)
        for entry in ("yritys", "odota", "paata", "kysy", "siirra", "toiseen-kuntaan", "palauta"):
            self.stage.empty(
                f"/asiakkuudet/{case_id}", ADVISER, f"form[action$='/{entry}']:has(textarea, [type=radio])"
            )
        self.stage.empty(f"/asiakkuudet/{case_id}/suunnitelma", ADVISER, "[aria-labelledby=lisaa] form")
        waiting = self.send("Odottava")
        self.stage.empty(f"/saapuneet/{waiting}", ADVISER, "form[action$='/palauta']")
        self.stage.empty(f"/lahetteet/{waiting}", SENDER, "form[action$='/peruuta']")
        self.stage.add(
            "/lahetteet/uusi/exercise",
            SENDER,
            "nothing typed",
            press="button[name=step][value=send]",
            status=422,
        )
        for path in ("/ajat/viikoittain", "/ajat/lisaajat"):
            self.stage.empty(path, ADVISER, "form[method=post]")
        for place_of in (
            "ihmiset/uusi",
            "yksikot/uusi",
            "organisaatiot/uusi",
            "vastuualueet/uusi",
            "tavoiteajat",
        ):
            self.stage.empty(f"/hallinta/{place_of}", ADMINISTRATOR, "form[method=post]")
        self.stage.empty("/omat-tiedot/salasana", SENDER, "form[method=post]")
        self.stage.empty("/kirjaudu", "", "form")
        self.stage.empty("/kirjaudu/vahvista", SENDER, "form")
        for path in ("oikeudet", "lokiraportti"):
            self.stage.empty(f"/tietosuoja/{path}", COUNTY_OFFICER, "form[method=post]")
        # Those who have nothing yet; and practice, which marks every page.
        self.stage.add("/lahetteet", NEWCOMER, "empty")
        self.stage.add("/saapuneet", NEW_ADVISER, "empty")
        self.stage.add("/harjoittelu", NEWCOMER, "practice", press="main form button[type=submit]")
        self.stage.add("/lahetteet/uusi/exercise", NEWCOMER, "practice")


def row(case_id: uuid.UUID) -> Case:
    """Return a case, locked."""
    return db.session.get_one(Case, case_id, with_for_update=True)


def build(app: Flask) -> Stage:
    """Make everything; the application's database is filled with the county."""
    now = clock.now()
    from tests.browser import gatherings, meanwhile  # noqa: PLC0415 - they need the stops that are made here

    with app.app_context():
        add_officers(now)
        builder = Builder(now)
        builder.waiting()
        builder.ended_before()
        builder.taken()
        builder.counselled()
        builder.other()
        builder.clients()
        builder.nothing_typed()
        meanwhile.add(builder)
        gatherings.add(builder)
        return builder.stage
