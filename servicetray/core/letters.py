"""Letters: the e-mail of a message, made from a template in one language or in two, one below the other.

A template's first line is the subject, the rest the text. It is given ``message`` (the context), ``base`` (the
address of the service in its language), ``service_name`` and, for a letter of several matters, ``lines``.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final

from flask import current_app, render_template
from flask_babel import force_locale

from servicetray.core.i18n import DEFAULT, in_language_of
from servicetray.core.settings import current_settings

BOTH: Final = "fi+sv"
"""The languages of a shared box: whoever reads it reads their own."""
BETWEEN: Final = "\n\n— — —\n\n"


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What one message tells: a template and what stands in its places."""

    template: str
    context: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One matter in a letter that gathers several."""

    subject: str
    url: str
    """Empty where there is nothing to open."""


def letter(
    matter: Matter, *, gathered: Sequence[Matter] = (), address: str, language: str, key: int, at: dt.datetime
) -> EmailMessage:
    """Make the e-mail of a message written at ``at`` under the number ``key``.

    Args:
        matter: what it tells.
        gathered: the matters that a letter of several is made of, in their order.
        address: to whom.
        language: one language, or several with a plus between them.
        key: the message's number; with ``at`` it makes the Message-ID, the same each time.
        at: when it was written.
    """
    settings = current_settings()
    codes = language.split("+")
    parts = [_written(matter, gathered, code) for code in codes]
    made = EmailMessage()
    made["From"] = settings.mail_from
    made["To"] = address
    made["Subject"] = " / ".join(subject for subject, _body in parts)
    made["Date"] = format_datetime(at)
    # The same each time, so that a mail system knows one that is sent again.
    sender = parseaddr(settings.mail_from)[1]
    made["Message-ID"] = f"<outbox-{key}-{at:%Y%m%dT%H%M%S.%f}@{sender.rpartition('@')[2]}>"
    made["Content-Language"] = ", ".join(codes)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(BETWEEN.join(body for _subject, body in parts) + "\n")
    return made


def subject_of(matter: Matter, *, gathered: Sequence[Matter] = (), language: str) -> str:
    """Return the subject that a matter's letter has in one language."""
    return _written(matter, gathered, language)[0]


def _written(matter: Matter, gathered: Sequence[Matter], language: str) -> tuple[str, str]:
    settings = current_settings()
    base = settings.public_url + ("" if language == DEFAULT else f"/{language}")
    lines = [_line(each, base, language) for each in gathered]
    as_if_asked = current_app.test_request_context("/", environ_base=in_language_of(language))
    with as_if_asked, force_locale(language):
        text = render_template(
            f"email/{matter.template}.txt",
            message=matter.context,
            base=base,
            service_name=settings.service_name,
            lines=lines,
        )
    subject, _, body = text.strip().partition("\n")
    # A block that a template leaves empty leaves no second empty line.
    return subject.strip(), re.sub(r"\n{3,}", "\n\n", body.strip())


def _line(matter: Matter, base: str, language: str) -> Line:
    path = matter.context.get("path", "")
    return Line(subject=_written(matter, (), language)[0], url=base + path if path else "")
