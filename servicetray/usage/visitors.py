"""Who is counted: people who read a page. Pure; nothing of what is looked at here is kept.

Search engines, link checkers, previews of messengers and monitors say who they are in their User-Agent, which is
what can be known without watching anybody. One that passes itself off as a browser is counted with the people.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

BROWSERS: Final = ("Mozilla/", "Opera/")
"""How every browser of today begins its name; programs that fetch pages mostly don't."""

MACHINES: Final = re.compile(
    r"""
    (?<![a-z])(?!cubot)[a-z]*bots?(?![a-z])   # Googlebot, GPTBot, bots; CUBOT makes telephones
    | crawl | spider | slurp | scrap[ey] | archiv(?:er|e\.org) | fetch(?:er)? | harvest | indexer
    | preview | validator | (?:link|site|w3c)[-_ ]?check | monitor | uptime | pingdom | statuscake
    | lighthouse | pagespeed | headless | phantomjs | selenium | puppeteer | playwright
    | facebookexternalhit | facebookcatalog | whatsapp | telegram | slack | discord | embedly | skypeuripreview
    | google-?(?:read-aloud|inspectiontool|favicon|extended|safety|other)|googleother|mediapartners|feedfetcher
    | bingpreview | yandex(?!search|\ ?browser|yabrowser) | baidu(?!browser|boxapp) | duckduckgo-favicons
    | chatgpt | claude | anthropic | perplexity | ccbot | bytespider | cohere | mistral
    | ahrefs | semrush | dataprovider | censys | nmap | nikto | sqlmap | zgrab | masscan
    | python | java/ | okhttp | go-http | libwww | perl | ruby | curl | wget | httpie | axios | node
    """,
    re.IGNORECASE | re.VERBOSE,
)

_AHEAD: Final = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
_AHEAD_WORDS: Final = ("prefetch", "prerender", "preview", "instant")
_PAGE: Final = "document"


def is_person(environ: Mapping[str, Any]) -> bool:
    """Whether a request (WSGI environ) looks like somebody opening a page.

    Only GET counts, no page that a browser fetches ahead of being asked, and none that a script asks for.
    """
    if environ.get("REQUEST_METHOD") != "GET":
        return False
    if any(word in str(environ.get(name, "")).lower() for name in _AHEAD for word in _AHEAD_WORDS):
        return False
    if environ.get("HTTP_SEC_FETCH_DEST", _PAGE) != _PAGE:
        return False
    return is_browser(str(environ.get("HTTP_USER_AGENT", "")))


def is_browser(user_agent: str) -> bool:
    """Whether a User-Agent is that of a person's browser, as far as it says."""
    return user_agent.startswith(BROWSERS) and MACHINES.search(user_agent) is None
