"""No line of the log holds an identity code, wherever in it one stands."""

import json
import random
import uuid

import pytest
import structlog
from flask import Flask

from servicetray.core import logs
from tests.figures import Figure

SIGNS = "+-YXWVUABCDEF"
CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
PLACES = (
    "{}",
    "asiakas {} soitti",
    "hetu:{}",
    "({})",
    '{{"first_name": "{}"}}',
    "/lahetteet?haku={}",
    "KeyError: '{}'",
    "rivi 1\nrivi 2 {}.",
)
HARMLESS = (
    "2026-03-10T09:00:00+00:00",
    "LIK-4F7K2M",
    "040 000 0174",
    "0400000174",
    "GET /tietosuoja/loki 200 12.5 ms",
    "FI21 1234 5600 0007 85",
    "1.12.3-rc4",
)


def invented(rng: random.Random) -> str:
    """Return a code that is right by its check character; numbers from 900 belong to nobody."""
    date = f"{rng.randint(1, 28):02}{rng.randint(1, 12):02}{rng.randint(0, 99):02}"
    number = f"{rng.randint(900, 999):03}"
    return date + rng.choice(SIGNS) + number + CHECKS[int(date + number) % 31]


def line(**fields: object) -> str:
    """Return what a line of the log would say."""
    made = logs.masked(None, "info", {"event": "tried", **fields})
    return str(structlog.processors.JSONRenderer(ensure_ascii=False)(None, "info", made))


def test_codes_are_masked_and_little_else(app: Flask, figure: Figure):
    """Identity codes in lines of the log: found of a corpus, and harmless texts that were masked."""
    del app
    rng = random.Random(20260310)
    codes = [(code, place.format(code)) for place in PLACES for code in (invented(rng) for _ in range(250))]
    found = sum(code not in line(text=text) for code, text in codes)
    ids = [uuid.UUID(int=rng.getrandbits(128)).hex for _ in range(20_000)]
    harmless = [*HARMLESS, *ids, *(str(uuid.UUID(each)) for each in ids)]
    wrong = sum(json.loads(line(text=text))["text"] != text for text in harmless)
    figure("recall", f"{found}/{len(codes)}")
    figure("false positives", f"{wrong}/{len(harmless)}")
    assert found == len(codes)
    assert wrong <= len(harmless) / 1000


@pytest.mark.parametrize(
    "fields",
    [
        {"problem": ValueError("131052-308T")},
        {"where": ["views.py:12", "131052-308T"]},
        {"nested": {"131052-308T": {"text": ("a", "131052-308T")}}},
        {"exception": "Traceback …\nValueError: 131052A308T"},
    ],
)
def test_a_code_is_masked_wherever_it_stands(app: Flask, fields: dict[str, object]):
    del app
    said = line(**fields)
    assert "131052" not in said
    assert "******-****" in said
