"""What somebody who enrols tells of themselves, and its way in and out of the sealed column."""

import re
import unicodedata
import uuid

from pydantic import BaseModel, ConfigDict

from servicetray.core import crypto
from servicetray.core.identity_codes import contains_code

_NATIONAL = re.compile(r"^(?:\+|00)358")
_NOT_DIGITS = re.compile(r"\D")


class Participant(BaseModel):
    """Who comes, how they are reached, and what the leader has to heed."""

    model_config = ConfigDict(frozen=True)

    first_name: str
    last_name: str
    phone: str = ""
    email: str = ""
    birth_year: int | None = None
    """Asked only where a group is for an age."""
    language: str = "fi"
    heed: str = ""
    """How they manage, not what they suffer from."""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


def controller_of(municipality_code: str | None) -> str:
    """Return the controller of a group's enrolments: its municipality, or the county."""
    return crypto.municipality_controller(municipality_code) if municipality_code else crypto.COUNTY


def context(enrolment_id: uuid.UUID) -> str:
    """Return what binds a sealed value to its enrolment."""
    return f"enrolment:{enrolment_id}"


def seal(who: Participant, *, municipality_code: str | None, enrolment_id: uuid.UUID) -> bytes:
    """Encrypt with the controller's key, bound to the enrolment.

    Raises:
        ValueError: if a text holds a personal identity code; the forms have refused it before.
    """
    if any(contains_code(text) for text in (who.first_name, who.last_name, who.heed, who.email, who.phone)):
        raise ValueError("an identity code is never stored")
    body = who.model_dump_json().encode()
    return crypto.seal(controller_of(municipality_code), body, context(enrolment_id))


def unseal(sealed: bytes, *, municipality_code: str | None, enrolment_id: uuid.UUID) -> Participant:
    """Decrypt what ``seal`` made."""
    body = crypto.unseal(controller_of(municipality_code), sealed, context(enrolment_id))
    return Participant.model_validate_json(body)


def phone_index(phone: str, *, municipality_code: str | None) -> str | None:
    """Return the blind index of a phone number within one controller, or None for none."""
    digits = plain_phone(phone)
    return crypto.blind_index(controller_of(municipality_code), "enrolment_phone", digits) if digits else None


def email_index(email: str, *, municipality_code: str | None) -> str | None:
    """Return the blind index of an e-mail address within one controller, or None for none."""
    plain = plain_email(email)
    return crypto.blind_index(controller_of(municipality_code), "enrolment_email", plain) if plain else None


def person_index(who: Participant, *, municipality_code: str | None) -> str:
    """Return the blind index of a person: the phone number, or else the e-mail address, and the first name.

    With the first name, so that a couple with one phone may both come.
    """
    reached = plain_phone(who.phone) or plain_email(who.email)
    named = f"{reached}|{_plain(who.first_name)}"
    return crypto.blind_index(controller_of(municipality_code), "enrolment_person", named)


def plain_phone(phone: str) -> str:
    """Return a number's digits as they are dialled in Finland: ``+358 40 123`` and ``040 123`` are the same."""
    return _NOT_DIGITS.sub("", _NATIONAL.sub("0", re.sub(r"[\s()/-]", "", phone)))


def plain_email(email: str) -> str:
    """Return an address as it is compared."""
    return email.strip().casefold()


def _plain(name: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip().casefold()
