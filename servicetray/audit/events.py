"""What the audit log tells of: a closed list."""

from enum import StrEnum


class Action(StrEnum):
    """What was done. A closed list: whoever adds a kind of access adds its word here."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    USER_CREATED = "user_created"
    USER_CHANGED = "user_changed"
    DUPLICATE_LOOKED_UP = "duplicate_looked_up"
    DRAFT_SAVED = "draft_saved"
    REFERRAL_SENT = "referral_sent"
    REFERRAL_VIEWED = "referral_viewed"
    REFERRAL_LISTED = "referral_listed"
    REFERRAL_MOVED = "referral_moved"
    INBOX_LISTED = "inbox_listed"
    CASE_OPENED = "case_opened"
    CASE_VIEWED = "case_viewed"
    CASE_MOVED = "case_moved"
    CASE_NOTED = "case_noted"
    DISCLOSED = "disclosed"
    CONTENT_ERASED = "content_erased"
    FIGURES_EXPORTED = "figures_exported"
