"""The words of ready texts."""

from flask_babel import lazy_pgettext as _p

from referrals.ready_texts.models import Use
from servicetray.core.pages import Text

USES: dict[Use, Text] = {
    Use.TEXT_MESSAGE: _p("use of a ready text", "Text message by your own phone"),
    Use.LETTER: _p("use of a ready text", "Letter"),
    Use.NOTE: _p("use of a ready text", "Note"),
    Use.QUESTION: _p("use of a ready text", "Question to the sender"),
}
LANGUAGES: dict[str, Text] = {
    "fi": _p("language of a client", "Finnish"),
    "sv": _p("language of a client", "Swedish"),
    "en": _p("language of a client", "English"),
}
