"""Which role may do what: pure, the one place that says so (product.md, People)."""

from collections.abc import Iterable
from enum import StrEnum

from servicetray.core.access import Permission


class Role(StrEnum):
    """A role that an account holds, some of them in a unit."""

    PROFESSIONAL = "professional"
    ADVISER = "adviser"
    MUNICIPAL_LEAD = "municipal_lead"
    CONTENT_EDITOR = "content_editor"
    PROVIDER_EDITOR = "provider_editor"
    COORDINATOR = "coordinator"
    NETWORK_PARTNER = "network_partner"
    ADMINISTRATOR = "administrator"
    DATA_PROTECTION_OFFICER = "data_protection_officer"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PROFESSIONAL: frozenset({Permission.REFERRAL_SEND}),
    Role.ADVISER: frozenset({Permission.INBOX_WORK}),
    Role.MUNICIPAL_LEAD: frozenset(
        {
            Permission.INBOX_WORK,
            Permission.INBOX_LEAD,
            Permission.FIGURES_MUNICIPALITY,
            Permission.MEETING_VIEW,
        }
    ),
    Role.CONTENT_EDITOR: frozenset({Permission.CONTENT_EDIT}),
    Role.PROVIDER_EDITOR: frozenset({Permission.PROVIDER_EDIT}),
    Role.COORDINATOR: frozenset(
        {Permission.FIGURES_COUNTY, Permission.CONTENT_EDIT, Permission.MEETING_VIEW}
    ),
    Role.NETWORK_PARTNER: frozenset({Permission.MEETING_VIEW}),
    Role.ADMINISTRATOR: frozenset({Permission.PEOPLE_MANAGE, Permission.SETUP_MANAGE}),
    Role.DATA_PROTECTION_OFFICER: frozenset({Permission.AUDIT_READ, Permission.RIGHTS_MANAGE}),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return everything that the roles together allow."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
