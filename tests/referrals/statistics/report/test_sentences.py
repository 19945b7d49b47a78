"""The report's sentences: examples read aloud, and that none ever loses its number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.statistics.report.sentences import LANGUAGES, Speech, speech
from servicetray.core.periods import Month
from tests.referrals.statistics.report.reckoning import counts_in

NOVEMBER = Month(2024, 11)
DECEMBER = Month(2024, 12)
KIND = {"fi": "Kulttuurilähete", "sv": "Kulturremiss", "en": "Culture referral"}

CAME = [
    (61, 52, "Lähetteitä tuli 61, yhdeksän enemmän kuin marraskuussa.",
     "Det kom 61 remisser, nio fler än i november.", "61 referrals came, nine more than in November."),
    (52, 63, "Lähetteitä tuli 52, 11 vähemmän kuin marraskuussa.",
     "Det kom 52 remisser, 11 färre än i november.", "52 referrals came, 11 fewer than in November."),
    (9, 9, "Lähetteitä tuli yhdeksän, yhtä monta kuin marraskuussa.",
     "Det kom nio remisser, lika många som i november.", "Nine referrals came, as many as in November."),
    (2, 1, "Lähetteitä tuli kaksi, yksi enemmän kuin marraskuussa.",
     "Det kom två remisser, en fler än i november.", "Two referrals came, one more than in November."),
    (1, 4, "Lähetteitä tuli yksi, kolme vähemmän kuin marraskuussa.",
     "Det kom en remiss, tre färre än i november.", "One referral came, three fewer than in November."),
    (1, 1, "Lähetteitä tuli yksi, kuten marraskuussakin.",
     "Det kom en remiss, liksom i november.", "One referral came, as in November."),
    (5, 0, "Lähetteitä tuli viisi, marraskuussa ei yhtään.",
     "Det kom fem remisser, i november inga.", "Five referrals came; in November there were none."),
    (0, 9, "Lähetteitä ei tullut yhtään, marraskuussa niitä tuli yhdeksän.",
     "Det kom inga remisser, i november kom det nio.", "No referrals came; in November there were nine."),
    (0, 0, "Lähetteitä ei tullut yhtään, kuten ei marraskuussakaan.",
     "Det kom inga remisser, inte heller i november.", "No referrals came, as in November."),
    (7, None, "Lähetteitä tuli seitsemän.", "Det kom sju remisser.", "Seven referrals came."),
    (0, None, "Lähetteitä ei tullut yhtään.", "Det kom inga remisser.", "No referrals came."),
    (1234, 1233, "Lähetteitä tuli 1\u00a0234, yksi enemmän kuin marraskuussa.",
     "Det kom 1\u00a0234 remisser, en fler än i november.", "1,234 referrals came, one more than in November."),
    (-1, 4, "Vahingossa kirjattuja lähetteitä poistettiin enemmän kuin uusia tuli: erotus on yksi.",
     "Fler remisser ströks som felregistrerade än det kom nya: skillnaden är en.",
     "More referrals were removed as entered in error than new ones came: the difference is one."),
    (3, -1, "Lähetteitä tuli kolme.", "Det kom tre remisser.", "Three referrals came."),
]  # fmt: skip


@pytest.mark.parametrize(("number", "before", "fi", "sv", "en"), CAME)
def test_how_many_came(number, before, fi, sv, en):
    for language, said in (("fi", fi), ("sv", sv), ("en", en)):
        assert speech(language).came("", number, before=before, month_before=NOVEMBER) == said


YEAR_AGO = [
    (61, 52, "Vuotta aiemmin, joulukuussa 2023, niitä tuli 52 eli yhdeksän vähemmän.",
     "Ett år tidigare, i december 2023, kom det 52, alltså nio färre."),
    (5, 5, "Vuotta aiemmin, joulukuussa 2023, niitä tuli yhtä monta.",
     "Ett år tidigare, i december 2023, kom det lika många."),
    (1, 1, "Vuotta aiemmin, joulukuussa 2023, niitä tuli myös yksi.",
     "Ett år tidigare, i december 2023, kom det också en."),
    (5, 0, "Vuotta aiemmin, joulukuussa 2023, niitä ei tullut yhtään.",
     "Ett år tidigare, i december 2023, kom det inga."),
    (0, 1, "Vuotta aiemmin, joulukuussa 2023, niitä tuli yksi.",
     "Ett år tidigare, i december 2023, kom det en."),
    (5, -1, "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("number", "then", "fi", "sv"), YEAR_AGO)
def test_how_many_came_a_year_earlier(number, then, fi, sv):
    for language, said in (("fi", fi), ("sv", sv)):
        assert speech(language).a_year_ago(number, then, month=Month(2023, 12)) == said


WAITED = [
    (2, 3, ("Vähintään puolet kulttuurilähetteistä otettiin vastaan kahden työpäivän kuluessa lähettämisestä, "
     "marraskuussa kolmen työpäivän kuluessa."),
     ("Minst hälften av kulturremisserna togs emot inom två arbetsdagar från att de skickades, "
     "i november inom tre arbetsdagar.")),
    (1, 1, ("Vähintään puolet kulttuurilähetteistä otettiin vastaan yhden työpäivän kuluessa lähettämisestä, "
     "kuten marraskuussakin."),
     "Minst hälften av kulturremisserna togs emot inom en arbetsdag från att de skickades, liksom i november."),
    (0, 12, ("Vähintään puolet kulttuurilähetteistä otettiin vastaan lähettämispäivänä, "
     "marraskuussa 12 työpäivän kuluessa."),
     "Minst hälften av kulturremisserna togs emot samma dag som de skickades, i november inom 12 arbetsdagar."),
    (4, 0, ("Vähintään puolet kulttuurilähetteistä otettiin vastaan neljän työpäivän kuluessa lähettämisestä, "
     "marraskuussa jo lähettämispäivänä."),
     ("Minst hälften av kulturremisserna togs emot inom fyra arbetsdagar från att de skickades, "
     "i november redan samma dag.")),
    (10, None, "Vähintään puolet kulttuurilähetteistä otettiin vastaan kymmenen työpäivän kuluessa lähettämisestä.",
     "Minst hälften av kulturremisserna togs emot inom tio arbetsdagar från att de skickades."),
]  # fmt: skip


@pytest.mark.parametrize(("days", "before", "fi", "sv"), WAITED)
def test_how_long_they_waited(days, before, fi, sv):
    for language, said in (("fi", fi), ("sv", sv)):
        told = speech(language).accepted_within(KIND[language], days, before=before, month_before=NOVEMBER)
        assert told == said


def test_the_other_sentences_in_finnish():
    say = speech("fi")
    kind = KIND["fi"]
    assert say.month(DECEMBER) == "Joulukuu 2024"
    assert (
        say.first_month(kind, month=Month(2024, 4)) == "Huhtikuu oli kulttuurilähetteen ensimmäinen kuukausi."
    )
    assert (
        say.reached_within(5, before=None, month_before=NOVEMBER)
        == "Tavoitetuista asiakkaista vähintään puoleen saatiin yhteys viiden työpäivän kuluessa lähettämisestä."
    )
    assert (
        say.went_on(kind, accepted=58, reached=1, started=0)
        == "Kulttuurilähetteitä otettiin vastaan 58, asiakkaita tavoitettiin yksi ja neuvontoja ei alkanut yhtään."
    )
    assert say.went_on(kind, accepted=-1, reached=2, started=3) == (
        "Asiakkaita tavoitettiin kaksi ja neuvontoja alkoi kolme."
    )
    assert say.ended(40, 33) == "Asiakkuuksia päättyi 40. Loppuun asti vietiin 33 neuvontaa."
    assert say.ended(2, 1) == "Asiakkuuksia päättyi kaksi. Loppuun asti vietiin yksi neuvonta."
    assert say.ended(1, 0) == "Asiakkuuksia päättyi yksi. Loppuun asti ei viety yhtään neuvontaa."
    assert say.ended(0, 0) == "Yhtään asiakkuutta ei päättynyt."
    assert say.open_at_end(kind, 2, at_start=1) == (
        "Kuukauden lopussa oli kesken kaksi kulttuurilähetettä, yksi enemmän kuin alussa."
    )
    assert say.open_at_end(kind, 1, at_start=0) == (
        "Kuukauden lopussa oli kesken yksi kulttuurilähete, alussa ei yhtään."
    )
    assert say.open_at_end(kind, 0, at_start=3) == (
        "Kuukauden lopussa ei ollut kesken yhtään kulttuurilähetettä, alussa niitä oli kolme."
    )
    assert say.most_in("", ["Kotkassa", "Pyhtäällä"], 6) == (
        "Lähetteitä oli eniten Kotkassa ja Pyhtäällä: kummassakin kuusi."
    )
    assert say.main_reason("", ["Ylipaino"], 2) == (
        "Lähetteiden yleisin syy oli ”Ylipaino”, joka mainittiin kahdessa lähetteessä."
    )
    assert say.main_age(["0-17"], 1) == "Eniten oli alle 18-vuotiaita: yksi."
    assert say.main_age(["65-74", "75+"], 3) == (
        "Eniten oli 65–74-vuotiaita ja 75 vuotta täyttäneitä: kumpiakin kolme."
    )


def test_the_other_sentences_in_swedish():
    say = speech("sv")
    kind = KIND["sv"]
    assert say.month(DECEMBER) == "December 2024"
    assert say.first_month(kind, month=Month(2024, 4)) == "April var den första månaden med kulturremissen."
    assert (
        say.went_on(kind, accepted=58, reached=1, started=0)
        == "Under månaden mottogs 58 kulturremisser, nåddes en klient och började inga rådgivningar."
    )
    assert say.ended(1, 1) == "Under månaden avslutades ett ärende. Av rådgivningarna slutfördes en."
    assert say.ended(40, 0) == "Under månaden avslutades 40 ärenden. Ingen rådgivning slutfördes."
    assert say.open_at_end(kind, 1, at_start=1) == (
        "I slutet av månaden var en kulturremiss öppen, liksom i början."
    )
    assert say.open_at_end(kind, 72, at_start=69) == (
        "I slutet av månaden var 72 kulturremisser öppna, tre fler än i början."
    )
    assert say.main_reason("", ["Övervikt"], 1) == (
        "Den vanligaste orsaken till remisserna var ”Övervikt”, som nämndes i en remiss."
    )
    assert say.main_age(["75+"], 3) == "Den största åldersgruppen var personer som har fyllt 75 år: tre."


def test_a_kind_that_does_not_inflect_stands_in_brackets():
    assert speech("fi").came("Tanssipassi", 2, before=None, month_before=NOVEMBER) == (
        "Lähetteitä (Tanssipassi) tuli kaksi."
    )
    assert (
        speech("sv").came("Danspass", 1, before=None, month_before=NOVEMBER)
        == "Det kom en remiss (Danspass)."
    )
    assert speech("en").came("Dance pass", 2, before=None, month_before=NOVEMBER) == (
        "Two referrals (Dance pass) came."
    )


def all_of(say: Speech, kind: str, one: int, other: int) -> list[tuple[str, set[int]]]:
    """Return every sentence of two numbers, with those that it must hold."""
    count = abs(one) or 1
    return [
        (say.came(kind, one, before=other, month_before=NOVEMBER), {abs(one)}),
        (say.came(kind, one, before=None, month_before=NOVEMBER), {abs(one)}),
        (say.a_year_ago(one, other, month=DECEMBER), {other} if other > 0 and other != one else set()),
        (say.accepted_within(kind, abs(one), before=abs(other), month_before=NOVEMBER), {abs(one)} - {0}),
        (say.reached_within(abs(one), before=None, month_before=NOVEMBER), {abs(one)} - {0}),
        (say.went_on(kind, accepted=one, reached=other, started=1), {n for n in (one, other, 1) if n >= 0}),
        (say.ended(one, max(other, 0)), {one, other} if one > 0 and other >= 0 else set()),
        (say.open_at_end(kind, abs(one), at_start=abs(other)), {abs(one)}),
        (say.most_in(kind, ["x"], count), {count}),
        (say.main_reason(kind, ["x", "y"], count), {count}),
        (say.main_age(["18-29"], count), {count}),
        (say.in_the_year(kind, abs(one), year=2024), {abs(one)}),
        (say.hidden(kind, month=DECEMBER), set()),
        (say.first_month(kind, month=DECEMBER), set()),
    ]


@given(st.integers(-3, 2000), st.integers(-3, 2000), st.sampled_from(sorted(LANGUAGES)), st.booleans())
def test_no_sentence_loses_its_number_or_its_form(one, other, language, named):
    kind = KIND[language] if named else ""
    for sentence, numbers in all_of(speech(language), kind, one, other):
        if sentence:
            assert re.fullmatch(r"[A-ZÅÄÖ0-9].*\.", sentence), sentence
            assert "  " not in sentence, sentence
            assert " ," not in sentence, sentence
            assert " ." not in sentence, sentence
        # Nothing is said as "ei yhtään", "inga", "none".
        assert numbers - {0} <= set(counts_in(sentence, language)), sentence


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_month_has_its_name(language):
    say = speech(language)
    named = {say.in_month(Month(2024, month)) for month in range(1, 13)}
    assert len(named) == 12
    assert all(say.in_month(Month(2024, month), year=True).endswith("2024") for month in range(1, 13))
