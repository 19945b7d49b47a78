"""Errors of the domain: they carry facts; views put them into words."""


class DomainError(Exception):
    """Something that the rules of the product do not allow."""


class NotFoundError(DomainError):
    """What was asked for does not exist, or is not for this person: both look alike (404)."""


class ConflictError(DomainError):
    """Somebody else was first; nothing was changed (409)."""
