"""The words for roles and units."""

from flask_babel import lazy_gettext as _l

from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.pages import Text

ROLES: dict[Role, Text] = {
    Role.PROFESSIONAL: _l("Professional"),
    Role.ADVISER: _l("Adviser"),
    Role.MUNICIPAL_LEAD: _l("Municipal lead"),
    Role.CONTENT_EDITOR: _l("Content editor"),
    Role.PROVIDER_EDITOR: _l("Provider editor"),
    Role.COORDINATOR: _l("County coordinator"),
    Role.NETWORK_PARTNER: _l("Network partner"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.DATA_PROTECTION_OFFICER: _l("Data protection officer"),
}
UNIT_KINDS: dict[UnitKind, Text] = {
    UnitKind.SENDING: _l("Sending unit"),
    UnitKind.COUNSELLING: _l("Counselling unit"),
    UnitKind.OFFICE: _l("Office"),
}
