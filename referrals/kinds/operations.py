"""Loading the kinds of referral that an installation starts with."""

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import select

from referrals.kinds.models import Reason, ReferralKind
from servicetray.core.db import db

SEED = Path(__file__).with_name("seed.toml")


def load_seed() -> int:
    """Add the kinds that are missing, with their reasons and interests; return how many kinds were added."""
    known = set(db.session.scalars(select(ReferralKind.code)).all())
    entries: list[dict[str, Any]] = tomllib.loads(SEED.read_text(encoding="utf-8"))["kind"]
    missing = [(position, entry) for position, entry in enumerate(entries) if entry["code"] not in known]
    for position, entry in missing:
        reasons, interests = entry.pop("reasons"), entry.pop("interests", [])
        db.session.add(ReferralKind(position=position, asks_interests=bool(interests), active=True, **entry))
        db.session.flush()
        for place, reason in enumerate([*reasons, *interests]):
            db.session.add(
                Reason(
                    kind_code=entry["code"],
                    code=reason["code"],
                    name=reason["name"],
                    position=place,
                    interest=place >= len(reasons),
                    unspecified=reason.get("unspecified", False),
                    active=True,
                )
            )
    db.session.flush()
    return len(missing)
