"""Loading the consent texts that an installation starts with."""

import tomllib
from pathlib import Path

from sqlalchemy import select

from referrals.county.models import ConsentText
from servicetray.core.db import db
from servicetray.core.i18n import LANGUAGES

TEXTS = Path(__file__).with_name("consent_texts.toml")


def load_consent_texts() -> int:
    """Add the versions that are missing, in all languages; return how many texts were added."""
    rows = db.session.scalars(select(ConsentText).order_by(ConsentText.id)).all()
    known = {(row.kind_code, row.language, row.version) for row in rows}
    missing = [
        ConsentText(
            kind_code=entry["kind"],
            language=language,
            version=entry["version"],
            body=entry[language],
            valid_from=entry["valid_from"],
            elsewhere=entry.get("elsewhere", False),
        )
        for entry in tomllib.loads(TEXTS.read_text(encoding="utf-8"))["text"]
        for language in LANGUAGES
        if (entry["kind"], language, entry["version"]) not in known
    ]
    db.session.add_all(missing)
    db.session.flush()
    return len(missing)
