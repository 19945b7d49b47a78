"""The language of counselling beside the sealed content: written with it, erased with it, and narrowing the inbox."""

import datetime as dt

import pytest
from sqlalchemy import update

from referrals import handover
from referrals.county import content as contents
from referrals.county import erasing as county_erasing
from referrals.county import queries as county
from referrals.county.models import Referral
from referrals.moves import Who
from referrals.municipality import erasing as municipality_erasing
from referrals.municipality.inbox.languages import fill_languages
from referrals.municipality.models import Case
from referrals.rights import correcting
from referrals.rights.records import Record
from referrals.spoken import CODES, OTHER, language_code
from servicetray.core.db import db, transaction
from tests.factories.referrals import sent
from tests.referrals.handover import corrections
from tests.referrals.handover.moving import fresh, offered, take
from tests.referrals.scenes import HOUR, locked, scene, user

NAMES = {"fi": "Suomi", "sv": "Svensson", "en": "Ensign", "arabia": "Aziz"}


def accepted(referral: Referral, adviser, *, now: dt.datetime) -> Case:
    referral_id, adviser_id = referral.id, adviser.id
    with transaction():
        case_id = handover.accept(locked(referral_id), who=Who.ADVISER, actor=user(adviser_id), now=now).id
    return db.session.get_one(Case, case_id)


def test_a_language_in_the_sender_s_own_words_is_no_more_than_another_one():
    assert [language_code(each) for each in ("fi", "fss", "arabia", "", "SV")] == [
        "fi",
        "fss",
        OTHER,
        OTHER,
        OTHER,
    ]
    assert max(map(len, CODES)) <= Referral.language_code.type.length


def test_it_goes_with_the_content_wherever_that_goes(office, now):
    referral = sent(office.place, now=now, language="sv")
    assert referral.language_code == "sv"
    assert accepted(referral, office.adviser, now=now).language_code == "sv"


def test_a_transfer_takes_it_along(database, now):
    it, taker, offer_id = offered(now)
    with transaction():
        row = locked(it.referral_id)
        content = county.content_of(row).model_copy(update={"language": "en"})
        row.sealed = contents.seal(content, row.id)
    case = db.session.get_one(Case, take(offer_id, taker, now=now))
    assert case.language_code == "en"
    assert db.session.get_one(Referral, case.referral_id).language_code == "en"


def test_a_mended_referral_has_the_mended_one(database, now):
    it = scene("returned", now=now)
    corrections.resend(it, now=now + HOUR, changes={"language": "sv"})
    assert it.referral().language_code == "sv"


@pytest.mark.parametrize("side", ["county", "municipality"])
def test_a_correction_corrects_it(database, now, side):
    it = fresh(now)
    with transaction():
        row, case = locked(it.referral_id), it.case()
        record = Record(
            referral_id=row.id,
            reference=row.reference,
            kind_code=row.kind_code,
            municipality_code=None if side == "county" else "286",
            referral=row if side == "county" else None,
            cases=() if side == "county" else (case,),
        )
        correcting.rectify(
            record, values={"language": "fse"}, reason="Väärin kuultu", actor=user(it.adviser.id), now=now
        )
    assert (it.referral().language_code, it.case().language_code) == (
        ("fse", "fi") if side == "county" else ("fi", "fse")
    )


def test_it_is_erased_with_the_content(database, now):
    it = fresh(now)
    with transaction():
        county_erasing.erase([locked(it.referral_id)], now=now)
        municipality_erasing.erase([it.case()], now=now)
    assert (it.referral().language_code, it.case().language_code) == ("", "")


def test_the_worker_fills_what_was_written_before_the_column(office, now):
    waits = sent(office.place, now=now, language="sv")
    works = accepted(sent(office.place, now=now, language="arabia"), office.adviser, now=now)
    broken = sent(office.place, now=now)
    erased = sent(office.place, now=now)
    versions = waits.version, works.version
    with transaction():
        county_erasing.erase([locked(erased.id)], now=now)
        for model in (Referral, Case):
            db.session.execute(update(model).values(language_code=""))
        db.session.execute(update(Referral).where(Referral.id == broken.id).values(sealed=b"\x01torn"))
    assert fill_languages(now) == 3
    assert fill_languages(now) == 0
    db.session.expire_all()
    assert [row.language_code for row in (waits, works, broken, erased)] == ["sv", OTHER, OTHER, ""]
    assert (waits.version, works.version) == versions


def test_the_inbox_is_narrowed_by_it_with_counts_from_the_same_source(adviser, office, now):
    for language, name in NAMES.items():
        sent(office.place, now=now, last_name=name, language=language)
    accepted(sent(office.place, now=now, last_name="Sandelin", language="sv"), office.adviser, now=now)
    swedish = adviser.read("/saapuneet?kieli=sv")
    assert {name for name in (*NAMES.values(), "Sandelin") if name in swedish.text} == {
        "Svensson",
        "Sandelin",
    }
    assert swedish.table("Vapaat, 1")
    assert swedish.table("Omat, 1")
    assert "ruotsi (2)" in swedish.text
    assert "Kaikki 2" in [link.text for link in swedish.links]
    other = adviser.read("/saapuneet?kieli=other&rajaus=vapaat")
    assert {name for name in NAMES.values() if name in other.text} == {"Aziz"}
    assert "Poista rajaukset" in [link.text for link in other.links]


def test_the_language_stays_while_paging_and_narrowing(adviser, office, now):
    for number in range(65):
        sent(office.place, now=now, last_name=f"Nimi{number}", language="sv" if number % 6 else "fi")
    first = adviser.read("/saapuneet?kieli=sv")
    assert first.table("Vapaat, 54")
    assert "kieli=sv" in first.link("Seuraava sivu")
    assert len(adviser.read(first.link("Seuraava sivu")).table("Vapaat, 54")) == 4
    assert all("kieli=sv" in link.href for link in first.links if "rajaus=" in link.href)


@pytest.mark.parametrize("asked", ["tlh", "fi' OR 1=1"])
def test_an_unknown_language_narrows_nothing(adviser, office, now, asked):
    sent(office.place, now=now)
    assert "Tiainen" in adviser.read(f"/saapuneet?kieli={asked}").text


def test_one_language_offers_no_choice(adviser, office, now):
    sent(office.place, now=now)
    assert 'name="kieli"' not in adviser.get("/saapuneet").text
