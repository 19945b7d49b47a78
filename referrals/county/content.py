"""What a referral tells of a client: its shape, and its way in and out of the sealed column."""

import datetime as dt
import re
import unicodedata
import uuid

from pydantic import BaseModel, ConfigDict

from servicetray.core import crypto

AGE_GROUPS = ((17, "0-17"), (29, "18-29"), (64, "30-64"), (74, "65-74"))
OLDEST = "75+"


class ContactPerson(BaseModel):
    """Somebody through whom the client is reached."""

    model_config = ConfigDict(frozen=True)

    name: str
    relation: str
    phone: str


class SenderCard(BaseModel):
    """Who sent it, as the account said at the time."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    unit: str
    phone: str


class ReferralContent(BaseModel):
    """The client's data of a referral (product.md, The referral). No identity code, no diagnosis."""

    model_config = ConfigDict(frozen=True)

    first_name: str
    last_name: str
    birth_year: int
    phone: str = ""
    email: str = ""
    address: str = ""
    contact_person: ContactPerson | None = None
    best_time: str = ""
    language: str = "fi"
    interpreter: str = ""
    reasons: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    own_wish: str = ""
    what_to_heed: str = ""
    home_municipality: str = ""
    """Code, of a client who is counselled in another municipality; empty for all others."""
    sender: SenderCard

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


def seal(content: ReferralContent, referral_id: uuid.UUID) -> bytes:
    """Encrypt with the county's key, bound to the referral."""
    return crypto.seal(crypto.COUNTY, content.model_dump_json().encode(), f"referral:{referral_id}")


def unseal(sealed: bytes, referral_id: uuid.UUID) -> ReferralContent:
    """Decrypt what ``seal`` made.

    Raises:
        crypto.UnreadableError: if key, place or bytes differ.
    """
    return ReferralContent.model_validate_json(
        crypto.unseal(crypto.COUNTY, sealed, f"referral:{referral_id}")
    )


def person_index(*, first_name: str, last_name: str, birth_year: int) -> str:
    """Return the blind index of a person within the county: same names and year, same index."""
    return crypto.blind_index(
        crypto.COUNTY, "person", f"{_plain(last_name)}|{_plain(first_name)}|{birth_year}"
    )


def index_of(person: ReferralContent) -> str:
    """Return the blind index of the person whom a referral is about."""
    return person_index(
        first_name=person.first_name, last_name=person.last_name, birth_year=person.birth_year
    )


def age_group(birth_year: int, *, on: dt.date) -> str:
    """Return the age group of the figures by the age reached this year: 0-17, 18-29, 30-64, 65-74, 75+."""
    age = on.year - birth_year
    return next((name for oldest, name in AGE_GROUPS if age <= oldest), OLDEST)


def _plain(name: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip().casefold()
