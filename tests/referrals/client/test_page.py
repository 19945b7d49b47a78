"""The client's own page: in by code and year, what it shows and hides, what can be said, and out."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from referrals import handover
from referrals.client import erasing, messages, operations, visits
from referrals.client.models import ClientMessage, ClientVisit, MessageKind
from referrals.client.views import MOST_IN_ALL, MOST_OF_CODE
from referrals.county import operations as county
from referrals.moves import Outcome, ReferralStatus, Who
from servicetray.accounts import throttle
from servicetray.app import create_app
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from tests.client import Client
from tests.database import settings_for
from tests.factories.referrals import catchment, sent
from tests.reading import Reading
from tests.referrals import scenes
from tests.referrals.scenes import Scene

HERE = {"Sec-Fetch-Site": "same-origin"}
YEAR = "1948"
SECRETS = ("liikun", "Veikko", "Tiainen", "Testilä", "Kuntosali", "LIK-", "Kouvola", "0174")
"""Kind, name, unit, wish, reference, place and number of the scenes: no page of the client may say them."""


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    return Clock(monkeypatch)


class Clock:
    """The time as the site sees it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def later(self, **kwargs: int) -> None:
        self.now += dt.timedelta(**kwargs)


def code_of(it: Scene, *, now: dt.datetime) -> str:
    with transaction():
        return operations.make_code(it.referral_id, actor=None, now=now)


def enter(client: Client, code: str, *, year: str = YEAR, status: int = 200) -> Reading:
    return client.send(client.read("/oma").form(), code=code, birth_year=year, status=status)


def entered(client: Client, state: str, at: Clock, *, mailbox: str = "", code: str = "286") -> Scene:
    it = scenes.scene(state, now=at.now, mailbox=mailbox, code=code)
    enter(client, code_of(it, now=at.now))
    return it


def press(client: Client, action: str, *, key: str | None = None, **fields: str) -> int:
    page = client.read("/oma")
    known = next((form for form in page.root.iterfind(".//form") if form.get("action") == action), None)
    if key is None and known is not None:
        key = known.find(".//input[@name='form_key']").get("value")
    return client.post(action, data={"form_key": key or "", **fields}, headers=HERE).status_code


def said(it: Scene, code: str | None = None) -> list[MessageKind]:
    db.session.expire_all()
    return [each.kind for each in messages.messages_of(it.referral_id, municipality_code=code)]


def audited(action: Action) -> int:
    return db.session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.action == action)) or 0


# ------------------------------------------------------------------------------------------ the door


def test_the_door_sets_no_cookie_and_is_kept_nowhere(client, at):
    answer = client.get("/oma")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_code_and_its_year_open_a_visit_with_a_cookie_that_says_nothing(client, at, app):
    it = scenes.scene("sent", now=at.now)
    code = code_of(it, now=at.now)
    page = client.read("/oma").form()
    answer = client.post("/oma", data=page.data(code=code.lower(), birth_year=YEAR), headers=HERE)
    assert answer.status_code == 303
    assert answer.location == "/oma"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("asiointi=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    token = cookie.split("=", 1)[1].split(";")[0]
    assert db.session.scalars(select(ClientVisit.token_hash)).one() != token
    assert audited(Action.CLIENT_ENTERED) == 1


def test_a_wrong_code_and_a_wrong_year_are_told_alike(new_client, at):
    code = code_of(scenes.scene("sent", now=at.now), now=at.now)
    pages = [
        enter(new_client(), typed, year=year, status=422)
        for typed, year in ((code, "1949"), ("23456789AB", YEAR), ("23456789AB", "1949"))
    ]
    assert len({(tuple(page.errors.items()), page.text) for page in pages}) == 1
    assert audited(Action.CLIENT_REFUSED) == 3


@pytest.mark.parametrize("typed", ["", "x", "23456789A0", "' OR 1=1 --", "<script>", "ÄÖ" * 200])
def test_what_can_be_no_code_is_said_at_once(client, at, typed):
    assert enter(client, typed, status=422).errors
    assert audited(Action.CLIENT_REFUSED) == 0


def test_guessing_the_year_of_a_code_is_slowed_and_opens_again_after_minutes(client, at):
    code = code_of(scenes.scene("sent", now=at.now), now=at.now)
    for number in range(MOST_OF_CODE):
        enter(client, code, year=str(1900 + number), status=422)
    enter(client, code, status=429)
    at.later(minutes=11)
    assert enter(client, code).h1


def test_strangers_who_try_many_codes_shut_nobody_out(client, at):
    code = code_of(scenes.scene("sent", now=at.now), now=at.now)
    with transaction():
        for _each in range(MOST_IN_ALL):
            throttle.take("client_all", "", most=MOST_IN_ALL, now=at.now)
    assert enter(client, code).h1


def test_a_form_from_another_site_opens_nothing(client, at):
    code = code_of(scenes.scene("sent", now=at.now), now=at.now)
    data = client.read("/oma").form().data(code=code, birth_year=YEAR)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post("/oma", data=data, headers=headers).status_code in {400, 422}
    assert client.post("/oma", data={**data, "form_key": "forged"}, headers=HERE).status_code == 422


# ------------------------------------------------------------------------------------- what it shows


@pytest.mark.parametrize("state", ["sent", "accepted", "active", "closed", "returned"])
def test_no_state_tells_of_what_why_where_or_when(client, at, state):
    entered(client, state, at)
    for path in ("/oma", "/oma/ajat", "/oma/lupa", "/oma/lupa/peruttu"):
        for language in ("", "/sv", "/en"):
            page = client.read(f"{language}{path}")
            text = page.text
            assert not [each for each in SECRETS if each.lower() in text.lower()], (state, path, text)
            assert not any(f"{day}.{month}.20" in text for day in range(1, 32) for month in range(1, 13))
            assert page.title.split(" – ")[0] in {"Asiointi", "Ärenden", "Your matters", page.h1}


def test_a_referral_taken_back_by_its_sender_says_so_and_offers_nothing(client, at):
    it = entered(client, "sent", at)
    with transaction():
        county.cancel(
            scenes.locked(it.referral_id), actor=scenes.user(it.sender.id), reason="not_needed", now=at.now
        )
    page = client.read("/oma")
    assert "lupa" not in " ".join(link.href for link in page.links)
    assert press(client, "/oma/soitto", key=_key(client)) == 404


def _key(client: Client) -> str:
    cookie = client.get_cookie("asiointi")
    assert cookie is not None
    with client.application.app_context():
        return visits.Visit(token=cookie.value, referral=None, wants_touch=False).key  # type: ignore[arg-type]  # the key needs no referral


def test_looking_changes_nothing(client, at):
    it = entered(client, "accepted", at)
    before = it.case().version, it.referral().version
    for path in ("/oma", "/oma/ajat", "/oma/lupa", "/oma/soitto", "/oma/poistu"):
        client.get(path)
    assert (it.case().version, it.referral().version) == before
    assert "Veikko" not in client.read("/oma").text
    assert said(it) == []


# ---------------------------------------------------------------------------------- what can be said


def test_what_is_said_while_it_waits_is_the_countys_and_is_carried_over_on_acceptance(client, at):
    it = entered(client, "sent", at, mailbox="neuvonta@example.org")
    assert press(client, "/oma/soitto", best_time="8–12") == 303
    at.later(seconds=5)
    assert press(client, "/oma/numero", phone="050 111 2222") == 303
    assert said(it) == [MessageKind.CALL_AGAIN, MessageKind.NEW_NUMBER]
    with transaction():
        handover.accept(
            scenes.locked(it.referral_id), who=Who.ADVISER, actor=scenes.user(it.adviser.id), now=at.now
        )
    carried = messages.messages_of(it.referral_id, municipality_code="286")
    assert [each.said.phone for each in carried] == ["", "050 111 2222"]
    for row in db.session.scalars(select(ClientMessage)).all():
        assert b"050" not in (row.sealed or b"")
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "client_asked")).all()
    assert {each.address for each in told} == {"neuvonta@example.org"}
    assert not any("050" in str(each.context) for each in told)


def test_after_acceptance_it_goes_to_the_municipality_and_its_adviser(client, at):
    it = entered(client, "accepted", at)
    assert press(client, "/oma/ei-tarvetta") == 303
    assert said(it) == []
    assert said(it, "286") == [MessageKind.NO_LONGER_NEEDED]
    assert it.referral().status is ReferralStatus.ACCEPTED
    assert audited(Action.CLIENT_ASKED) == 1
    message = messages.messages_of(it.referral_id, municipality_code="286")[0]
    with transaction():
        for _twice in range(2):
            messages.mark_handled(
                message.id,
                referral_id=it.referral_id,
                municipality_code="286",
                actor=scenes.user(it.adviser.id),
                now=at.now,
            )
    assert messages.unhandled([it.referral_id], municipality_code="286") == {}


def test_pressing_on_says_it_once(client, at):
    it = entered(client, "sent", at)
    for _each in range(3):
        press(client, "/oma/soitto", best_time="12–16")
    assert said(it) == [MessageKind.CALL_AGAIN]


@pytest.mark.parametrize("typed", ["131052-308T", "", "soita äidille", "1" * 60, "050\u0000111222"])
def test_a_number_that_is_none_is_not_passed_on(client, at, typed):
    it = entered(client, "sent", at)
    assert press(client, "/oma/numero", phone=typed) in {400, 422}
    assert said(it) == []


def test_only_forms_of_this_visit_are_taken(new_client, at):
    mine, other = new_client(), new_client()
    it = entered(mine, "accepted", at)
    entered(other, "accepted", at, code="285")
    for key in ("", "x", _key(other)):
        for action in ("/oma/soitto", "/oma/numero", "/oma/lupa", "/oma/ajat"):
            assert press(mine, action, key=key or "-", phone="050 1112222") == 404
    assert said(it, "286") == []
    assert it.case().withdrawn_at is None


# -------------------------------------------------------------------------- withdrawing, and leaving


@pytest.mark.parametrize("state", ["sent", "accepted", "active", "closed", "returned"])
def test_the_client_takes_the_permission_back_in_every_state(client, at, state):
    it = entered(client, state, at)
    page = client.send(client.read("/oma/lupa").form("Kyllä, perun sen"), status=200)
    assert page.path == "/oma/lupa/peruttu"
    assert it.referral().consent.withdrawn_by == Who.CLIENT.value
    assert client.get_cookie("asiointi") is None
    assert client.read("/oma").form().names >= {"code", "birth_year"}


def test_leaving_ends_the_visit_on_the_server_too(client, at):
    it = entered(client, "sent", at)
    cookie = client.get_cookie("asiointi")
    assert cookie is not None
    answer = client.post("/oma/poistu", headers=HERE)
    assert answer.status_code == 303
    assert not answer.location.startswith("/oma")
    assert "cache" in answer.headers["Clear-Site-Data"]
    client.set_cookie("asiointi", cookie.value)
    assert "code" in client.read("/oma").form().names
    assert it.referral().status is ReferralStatus.SENT


def test_a_visit_ends_by_itself(client, at):
    entered(client, "sent", at)
    at.later(minutes=11)
    assert "code" in client.read("/oma").form().names


def test_a_visit_in_use_ends_after_half_an_hour(client, at):
    entered(client, "sent", at)
    for _each in range(3):
        at.later(minutes=9)
        assert "best_time" in client.read("/oma").form("Soittakaa minulle").names
    at.later(minutes=9)
    assert "code" in client.read("/oma").form().names


def test_a_new_code_ends_visits_by_the_earlier_one(client, at):
    it = entered(client, "sent", at)
    code_of(it, now=at.now)
    assert "code" in client.read("/oma").form().names


def test_erasing_takes_everything_the_client_left(client, at):
    it = entered(client, "sent", at)
    press(client, "/oma/soitto")
    with transaction():
        erasing.erase_of_referrals([it.referral_id])
        erasing.erase_of_case(it.referral_id, municipality_code="286")
    assert db.session.scalars(select(ClientMessage)).all() == []
    assert db.session.scalars(select(ClientVisit)).all() == []


def test_a_protected_client_has_no_page(client, at):
    referral = sent(catchment(), now=at.now)
    with transaction():
        code = operations.make_code(referral.id, actor=None, now=at.now)
        scenes.locked(referral.id).protected = True
    enter(client, code, status=422)


def test_other_outcomes_are_shown_alike(client, at):
    it = entered(client, "active", at)
    with transaction():
        case = it.case()
        handover.close(
            case, outcome=Outcome.DID_NOT_WANT, who=Who.ADVISER, actor=scenes.user(it.adviser.id), now=at.now
        )
    assert client.read("/oma").headings()


def test_an_unknown_token_is_nobody(client, at):
    for value in ("", "x", str(uuid.uuid4()), "é" * 50):
        client.set_cookie("asiointi", value)
        assert client.get("/oma").status_code == 200


# ------------------------------------------------------------------------------------------ the seam


def test_without_a_way_in_there_is_no_page():
    app = create_app(settings_for("sqlite://", client_identification="off"))
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("client.")]
    assert "contact_me.choose" in app.view_functions


def test_a_way_in_that_is_not_built_stops_the_start():
    with pytest.raises(ValueError, match="suomi_fi is not built"):
        settings_for("sqlite://", client_identification="suomi_fi")
