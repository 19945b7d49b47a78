"""What the index and a query make of words."""

import time

import pytest

from themes.search import finnish
from themes.search.analysis import Analysis, analyse, strong_terms, tokenise, weak_terms

INFLECTED = {
    # cases, numbers, possessives, clitics
    "kuorossa": "kuoro",
    "ryhmiin": "ryhmä",
    "ryhmässämme": "ryhmä",
    "äideille": "äiti",
    "lapsillekin": "lapsi",
    "vanhuksille": "vanhus",
    "ystäviä": "ystävä",
    "kädentaitoja": "kädentaito",
    "teatteriin": "teatteri",
    "mieheni": "mies",
    "yöllä": "yö",
    "unta": "uni",
    "syöpään": "syöpä",
    "metsästä": "metsä",
    "keväällä": "kevät",
    # adjectives and their grades
    "maksuttomia": "maksuton",
    "esteettömän": "esteetön",
    "yksinäiselle": "yksinäinen",
    "nuorempien": "nuori",
    # verbs and what is made of them
    "laulamaan": "laulaa",
    "neulotaan": "neuloa",
    "uimassa": "uida",
    "tanssimista": "tanssia",
    "kaatumisen": "kaatuminen",
    "tupakoinnin": "tupakointi",
    "neuvontaa": "neuvonta",
    "ulkoilusta": "ulkoilu",
    "jaksamiseen": "jaksaa",
    "sairastuneiden": "sairastunut",
    # places of the county
    "kouvolassa": "kouvola",
    "haminaan": "hamina",
    "pyhtäältä": "pyhtää",
    "miehikkälän": "miehikkälä",
    "virolahdella": "virolahti",
    "kotkalaisille": "kotkalainen",
    # compounds
    "tuolijumpassa": "tuolijumppa",
    "vesijumppaan": "vesijumppa",
    "sauvakävelyä": "sauvakävely",
    "perhekerhoon": "perhekerho",
    "muistikahvilassa": "muistikahvila",
    "sururyhmistä": "sururyhmä",
    "omaishoitajien": "omaishoitaja",
    "isollavarpaalla": "isovarvas",
    "vanhempainillassa": "vanhempainilta",
    "painonhallintaan": "painonhallinta",
    "päihdeneuvontaa": "päihdeneuvonta",
    "palvelutarjottimelta": "palvelutarjotin",
    # hyphens, colons, abbreviations, words that no dictionary has
    "vapaa-ajan": "vapaa-aika",
    "ilta-aikaan": "ilta-aika",
    "tules-vaivoihin": "tules-vaiva",
    "spr:n": "spr",
    "kela:sta": "kela",
    "kaikukortilla": "kaikukortti",
}


@pytest.mark.parametrize(("word", "lemma"), INFLECTED.items())
def test_an_inflected_word_is_found_by_its_dictionary_form(word, lemma):
    analysis = analyse(word)

    assert lemma in analysis.lemmas
    assert analysis.strong == (word, *(term for term in analysis.lemmas if term != word))


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("liikuntaryhmässä", ("liikunta", "ryhmä")),
        ("mielenterveyden", ("mieli", "terveys")),
        ("senioriliikuntaryhmä", ("seniori", "liikunta", "ryhmä")),
        ("vanhempainryhmään", ("vanhempi", "ryhmä")),
        ("tules-vaivoihin", ("tules", "vaiva")),
    ],
)
def test_a_compound_is_found_by_its_parts(word, parts):
    analysis = analyse(word)

    assert analysis.parts == parts
    assert set(parts) <= set(analysis.weak)


def test_a_long_compound_is_found_by_its_longer_pieces():
    assert {"senioriliikunta", "liikuntaryhmä"} <= set(analyse("senioriliikuntaryhmästä").weak)


@pytest.mark.parametrize(
    ("word", "bases"),
    [
        ("päihteettömyys", {"päihteetön", "päihde"}),
        ("liikuntaryhmässä", {"liikkua"}),
        ("ikääntyneille", {"ikääntyä"}),
        ("yksinäisyydestä", {"yksinäinen"}),
    ],
)
def test_a_derived_word_is_found_by_what_it_is_made_of(word, bases):
    assert bases <= set(analyse(word).weak)


def test_a_far_fetched_reading_is_left_out():
    assert analyse("uimahallinen").lemmas != ()
    assert "uimahallinen" not in analyse("uimahallissa").lemmas
    assert analyse("isovarvas").lemmas == ("isovarvas",)


def test_all_likely_readings_count_and_verbs_come_last():
    assert set(analyse("nuorille").lemmas) == {"nuora", "nuori"}
    assert analyse("jumppaa").lemmas == ("jumppa", "jumpata")


@pytest.mark.parametrize(
    "word", ["\0", "a\0b", "😀", "[Bc]", "[Xp", "=", "-", "--", ":n", "qwrtzx", "a" * 500]
)
def test_what_is_no_word_stands_for_itself(word):
    assert analyse(word) == Analysis(lemmas=(word,), strong=(word,))


def test_nothing_has_no_terms():
    assert analyse("") == Analysis(lemmas=(), strong=())


@pytest.mark.parametrize(
    "word", ["yli" * 20, "vertaistuki" * 10, "yli" * 10 + "yl", "yli-" * 15 + "yli", "yö:" * 20 + "n"]
)
def test_a_hostile_word_takes_no_time(word):
    analyse("lataa")  # the transducer
    began = time.process_time()

    analyse(word)

    assert time.process_time() - began < 0.3


def test_a_word_past_the_cap_is_not_looked_up():
    assert finnish.readings("liikuntaryhmä" * 3) == ()
    assert len("liikuntaryhmä" * 3) > finnish.LONGEST_WORD


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sosiaali- ja terveyspalvelut, Kouvola!", ["sosiaali", "ja", "terveyspalvelut", "kouvola"]),
        ("SPR:n vapaa-aika", ["spr:n", "vapaa-aika"]),
        ("hyvin\u00advointi\u00adalue vapaa\u2011aika", ["hyvinvointialue", "vapaa-aika"]),
        ("A\u030aland o\u0308ljy", ["åland", "öljy"]),
        ("snake_case (sulut) klo 10:30", ["snake", "case", "sulut", "klo", "10:30"]),
        ('"; DROP TABLE -- * \0 😀', ["drop", "table"]),
        ("  ", []),
    ],
)
def test_a_text_is_cut_into_words(text, words):
    assert tokenise(text) == words


def test_a_string_without_end_is_cut():
    assert [len(word) for word in tokenise("x" * 5000)] == [64]


@pytest.mark.parametrize(
    ("word", "language", "stem"),
    [
        ("motionsgrupperna", "sv", "motionsgrupp"),
        ("rådgivningen", "sv", "rådgivning"),
        ("swimming", "en", "swim"),
        ("families", "en", "famili"),
    ],
)
def test_swedish_and_english_are_found_by_stem(word, language, stem):
    assert analyse(word, language).lemmas == (stem,)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("stolgympan", ("stol", "gymp")),
        ("motionsgrupperna", ("motion", "grupp")),
        ("pensionärsklubben", ("pensionär", "klubb")),
        ("gruppen", ()),
        ("kör", ()),
    ],
)
def test_a_swedish_compound_is_found_by_its_parts(word, parts):
    assert analyse(word, "sv").parts == parts
    assert set(parts) == set(analyse(word, "sv").weak)


def test_each_term_of_a_text_counts_once():
    assert strong_terms(["Ryhmä ryhmässä", "ryhmä"], "fi") == ["ryhmä", "ryhmässä"]
    assert weak_terms(["Liikuntaryhmä", "liikunta"], "fi") == ["liikunta", "ryhmä", "liikkua"]
