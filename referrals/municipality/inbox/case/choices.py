"""What is chosen when a case takes an unusual turn."""

from enum import StrEnum


class ReopenReason(StrEnum):
    """Why a closed case is opened again (C8); stored in its history."""

    CLIENT_RETURNED = "client_returned"
    CLOSED_TOO_EARLY = "closed_too_early"
    WRONG_OUTCOME = "wrong_outcome"
    OTHER = "other"
