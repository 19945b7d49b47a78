"""The words for roles, units, ways of signing in and of hearing."""

from flask_babel import lazy_gettext as _l

from servicetray.accounts.models import MessageWish, SignInMethod, UnitKind
from servicetray.accounts.oidc import Refusal
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
SIGN_IN_METHODS: dict[SignInMethod, Text] = {
    SignInMethod.PASSWORD_TOTP: _l("With password and code"),
    SignInMethod.OIDC: _l("With the organisation's account"),
}
MESSAGE_WISHES: dict[MessageWish, Text] = {
    MessageWish.AT_ONCE: _l("Each one at once"),
    MessageWish.DAILY: _l("All in one message on the morning of each working day; urgent ones at once"),
}
LANGUAGES: dict[str, Text] = {"fi": _l("Finnish"), "sv": _l("Swedish"), "en": _l("English")}
REFUSALS: dict[Refusal, Text] = {
    Refusal.DOWN: _l(
        "Your organisation's sign-in does not answer just now. Sign in with your password and code, or try again "
        "in a moment."
    ),
    Refusal.CANCELLED: _l("Signing in was interrupted. You can begin again."),
    Refusal.FAILED: _l(
        "Your organisation's sign-in gave an answer that we could not accept. Begin again; if it stays so, tell "
        "your administrator."
    ),
    Refusal.NO_SECOND_FACTOR: _l(
        "Your organisation's sign-in did not ask you for a second factor, which is needed here. Sign in with your "
        "password and code."
    ),
    Refusal.UNKNOWN: _l(
        "You are known to your organisation, but that account has not been connected here. Ask your "
        "administrator, or sign in with your password and code."
    ),
    Refusal.TAKEN: _l(
        "Either this account of your organisation has been connected to somebody here already, or yours here to "
        "another one. Ask your administrator to take the old connection away."
    ),
}
