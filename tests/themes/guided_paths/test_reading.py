"""From text to path: every fault is named, on its line."""

import pytest

from themes.guided_paths.checking import Known, check, check_links
from themes.guided_paths.faults import FaultKind, PathFaultsError
from themes.guided_paths.reading import read
from themes.guided_paths.tree import TargetKind, trail

GOOD = """\
slug = "koe"
theme = "liikunta"
numbers = ["112"]
name = { fi = "Koe", sv = "Prov", en = "Trial" }
summary = { fi = "Lyhyt", sv = "Kort", en = "Short" }
words = { fi = "koe", sv = "prov", en = "trial" }

[[question]]
key = "alku"
text = { fi = "Mitä?", sv = "Vad?", en = "What?" }
answers = [
  { to = "toinen", fi = "Tätä", sv = "Det här", en = "This" },
  { to = "loppu", fi = "Tuota", sv = "Det där", en = "That" },
]

[[question]]
key = "toinen"
text = { fi = "Entä?", sv = "Och?", en = "And?" }
answers = [
  { to = "loppu", fi = "Joo", sv = "Ja", en = "Yes" },
  { to = "muu", fi = "Ei", sv = "Nej", en = "No" },
]

[[end]]
key = "loppu"
title = { fi = "Perillä", sv = "Framme", en = "There" }
text = { fi = "Tässä.", sv = "Här.", en = "Here." }
to = ["theme:liikunta", "search:jumppa|gympa|gym"]

[[end]]
key = "muu"
title = { fi = "Muualla", sv = "Annanstans", en = "Elsewhere" }
text = { fi = "Tuolla.", sv = "Där.", en = "Over there." }
to = ["number:112"]
"""
KNOWN = Known(values={TargetKind.THEME: frozenset({"liikunta"}), TargetKind.NUMBER: frozenset({"112"})})


def faults(old: str, new: str) -> list[tuple[int, FaultKind, str]]:
    assert old in GOOD
    source = GOOD.replace(old, new, 1)
    try:
        path = read(source)
    except PathFaultsError as error:
        return [(each.line, each.kind, each.about) for each in error.faults]
    return [(each.line, each.kind, each.about) for each in check(path, source, KNOWN)]


def test_a_good_path_has_no_faults():
    path = read(GOOD)
    assert check(path, GOOD, KNOWN) == []
    assert path.first.key == "alku"
    assert path.ends[0].targets[1].search_words == {"fi": "jumppa", "sv": "gympa", "en": "gym"}


@pytest.mark.parametrize(
    ("old", "new", "line", "kind", "about"),
    [
        ('theme = "liikunta"', 'theme = "liikunta', 2, FaultKind.NOT_TOML, None),
        ('slug = "koe"', 'slug = "Koe!"', 1, FaultKind.KEY, "slug: Koe!"),
        ('en = "Short" }', "}", 5, FaultKind.NOT_TOML, None),
        (', en = "Short" }', " }", 5, FaultKind.LANGUAGE, "summary: en"),
        (', sv = "Och?"', ', sv = " "', 18, FaultKind.LANGUAGE, "text: sv"),
        (', sv = "Nej"', "", 21, FaultKind.LANGUAGE, "answers: sv"),
        ("Lyhyt", "x" * 500, 5, FaultKind.TOO_LONG, "summary: fi"),
        ('key = "toinen"', 'key = "alku"', 17, FaultKind.DOUBLE, "alku"),
        ('"search:jumppa|gympa|gym"', '"search:jumppa|gympa"', 28, FaultKind.LANGUAGE, "to: en"),
        ('"theme:liikunta"', '"liikunta"', 28, FaultKind.TARGET_SHAPE, "liikunta"),
        ('"theme:liikunta"', '"theme:uinti"', 28, FaultKind.TARGET_MISSING, "theme:uinti"),
        ('["number:112"]', "[]", 34, FaultKind.NO_TARGET, "muu"),
        ('to = "muu"', 'to = "tyhjä"', 21, FaultKind.KEY, "to: tyhjä"),
        ('to = "muu"', 'to = "tyhja"', 21, FaultKind.NOWHERE, "tyhja"),
        ('to = "muu"', 'to = "loppu"', 31, FaultKind.UNREACHABLE, "muu"),
        ('to = "muu"', 'to = "alku"', 9, FaultKind.LOOP, "alku"),
        ('numbers = ["112"]', 'numbers = ["999"]', 3, FaultKind.TARGET_MISSING, "number:999"),
        ("words = {", "wrods = {", 1, FaultKind.UNKNOWN, "wrods"),
        (
            '  { to = "loppu", fi = "Joo", sv = "Ja", en = "Yes" },\n',
            "",
            19,
            FaultKind.FEW_ANSWERS,
            "toinen",
        ),
    ],
)
def test_each_fault_is_told_with_its_line(old, new, line, kind, about):
    found = faults(old, new)
    assert any((at, what) == (line, kind) and about in (None, said) for at, what, said in found), found


def test_paths_that_lead_to_each_other_are_a_loop():
    one = read(GOOD.replace('"number:112"', '"path:toinen"'))
    other = read(GOOD.replace('slug = "koe"', 'slug = "toinen"').replace('"number:112"', '"path:koe"'))
    assert {fault.slug for fault in check_links([one, other])} == {"koe", "toinen"}
    assert check_links([one]) == []


@pytest.mark.parametrize(
    ("step", "numbers", "given"),
    [
        ("muu", [1, 2], [("alku", 1), ("toinen", 2)]),
        ("loppu", [2], [("alku", 2)]),
        ("muu", [2], []),
        ("muu", [1, 9], []),
        ("loppu", [2, 1], []),
        ("alku", [], []),
    ],
)
def test_the_answers_that_led_here_are_told_only_if_they_did(step, numbers, given):
    assert [(each.question.key, each.number) for each in trail(read(GOOD), step, numbers)] == given


def test_hostile_text_is_refused_in_words():
    for source in ("", "x" * 50_000, "[" * 5000, "slug = 1\nquestion = 3\nend = [1]", 'name = "koe"'):
        with pytest.raises(PathFaultsError):
            read(source)
