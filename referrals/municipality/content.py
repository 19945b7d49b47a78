"""What the municipality's copy tells of a client, and its way in and out of the sealed column."""

import datetime as dt
import uuid

from pydantic import BaseModel, ConfigDict

from referrals.consent import Contact, Giver, Method
from referrals.moves import ContactChannel
from servicetray.core import crypto


class CaseContent(BaseModel):
    """What was copied at acceptance: only what counselling needs, and what the client allowed."""

    model_config = ConfigDict(frozen=True)

    first_name: str
    last_name: str
    birth_year: int
    phone: str = ""
    email: str = ""
    address: str = ""
    contact_person: str = ""
    best_time: str = ""
    language: str = "fi"
    interpreter: str = ""
    reasons: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    own_wish: str = ""
    what_to_heed: str = ""
    home_municipality: str = ""
    """Code, where the sender told of another one than that which counsels."""
    sender: str = ""
    sender_unit: str = ""
    sender_phone: str = ""
    channels: tuple[ContactChannel, ...] = ()
    """Ways of contact that the client allowed."""
    feedback: bool
    follow_up: bool
    transfer: bool
    consent_given_on: dt.date | None = None
    consent_method: Method | None = None
    consent_giver: Giver = Giver.CLIENT
    contact_first: Contact | None = None
    """Whom to contact, where somebody else consented for the client or the client is under 18."""
    guardians_may_be_told: bool | None = None
    """Nothing goes to a guardian unless this is a yes."""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


def seal(content: CaseContent, *, municipality_code: str, case_id: uuid.UUID) -> bytes:
    """Encrypt with the municipality's key, bound to the case."""
    controller = crypto.municipality_controller(municipality_code)
    return crypto.seal(controller, content.model_dump_json().encode(), f"case:{case_id}")


def unseal(sealed: bytes, *, municipality_code: str, case_id: uuid.UUID) -> CaseContent:
    """Decrypt what ``seal`` made.

    Raises:
        crypto.UnreadableError: if key, place or bytes differ.
    """
    controller = crypto.municipality_controller(municipality_code)
    return CaseContent.model_validate_json(crypto.unseal(controller, sealed, f"case:{case_id}"))


def seal_note(text: str, *, municipality_code: str, case_id: uuid.UUID) -> bytes | None:
    """Encrypt a note of a case; an empty one is None."""
    if not text.strip():
        return None
    controller = crypto.municipality_controller(municipality_code)
    return crypto.seal(controller, text.strip().encode(), f"note:{case_id}")


def unseal_note(sealed: bytes | None, *, municipality_code: str, case_id: uuid.UUID) -> str:
    """Decrypt a note; None is an empty one."""
    if sealed is None:
        return ""
    controller = crypto.municipality_controller(municipality_code)
    return crypto.unseal(controller, sealed, f"note:{case_id}").decode()
