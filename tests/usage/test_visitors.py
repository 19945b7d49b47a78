"""People are counted, machines that say so are not."""

import pytest

from servicetray.usage.visitors import is_browser, is_person

PEOPLE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1",
    "Mozilla/5.0 (Android 9; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
    "Mozilla/5.0 (Linux; Android 11; CUBOT KINGKONG 5 Pro) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; arm_64; Android 12) AppleWebKit/537.36 YaBrowser/23.1 Mobile Safari/537.36",
    "Opera/9.80 (Android; Opera Mini/70.0/191.303; U; fi) Presto/2.12.423 Version/12.16",
)
MACHINES = (
    "",
    "curl/8.5.0",
    "python-requests/2.32",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0 Safari/537.36",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; +https://openai.com/gptbot",
    "Mozilla/5.0 AppleWebKit/537.36 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "WhatsApp/2.23",
)


@pytest.mark.parametrize("agent", PEOPLE)
def test_browsers_are_people(agent: str):
    assert is_browser(agent)


@pytest.mark.parametrize("agent", MACHINES)
def test_machines_that_say_so_are_not(agent: str):
    assert not is_browser(agent)


@pytest.mark.parametrize(
    "more",
    [
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "POST"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
        {"HTTP_X_MOZ": "prefetch"},
        {"HTTP_SEC_FETCH_DEST": "empty"},
        {"HTTP_SEC_FETCH_DEST": "image"},
        {"HTTP_USER_AGENT": "curl/8.5.0"},
    ],
)
def test_only_somebody_s_opening_of_a_page_counts(more: dict[str, str]):
    opened = {"REQUEST_METHOD": "GET", "HTTP_USER_AGENT": PEOPLE[0], "HTTP_SEC_FETCH_DEST": "document"}
    assert is_person(opened)
    assert not is_person(opened | more)
