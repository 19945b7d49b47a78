"""The words of the administration: states, organisations, and what each role may do."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from servicetray.accounts.administration.queries import PersonState
from servicetray.accounts.models import OrganisationKind
from servicetray.accounts.permissions import Role
from servicetray.core.pages import Text

STATES: dict[PersonState, Text] = {
    PersonState.OPEN: _p("account", "In use"),
    PersonState.INVITED: _p("account", "Invited"),
    PersonState.CLOSED: _p("account", "Closed"),
}
ORGANISATION_KINDS: dict[OrganisationKind, Text] = {
    OrganisationKind.COUNTY: _l("Wellbeing services county"),
    OrganisationKind.MUNICIPALITY: _p("organisation", "Municipality"),
    OrganisationKind.OTHER: _l("Association, parish or other"),
}
ROLE_MAY: dict[Role, Text] = {
    Role.PROFESSIONAL: _l("Sends referrals and follows those they have sent. Works in a sending unit."),
    Role.ADVISER: _l("Receives the referrals of their counselling unit and works with its clients."),
    Role.MUNICIPAL_LEAD: _l(
        "As an adviser, and moves cases from one adviser to another, sees to what is late, and sees the "
        "municipality's figures."
    ),
    Role.CONTENT_EDITOR: _l("Writes and checks the services that everyone can read. Sees no clients."),
    Role.PROVIDER_EDITOR: _l("Writes the services of their own organisation. Sees no clients."),
    Role.COORDINATOR: _l("Sees the whole county's figures and edits the services. Sees no clients."),
    Role.NETWORK_PARTNER: _l("Sees the figures of the network's meetings. Sees no clients."),
    Role.ADMINISTRATOR: _l("Opens and closes accounts and units, and sets the service up. Sees no clients."),
    Role.DATA_PROTECTION_OFFICER: _l(
        "Reads the log and sees to clients' rights, for the controller of the office they work in."
    ),
}
