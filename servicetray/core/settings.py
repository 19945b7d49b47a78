"""Settings: typed, from the environment alone, checked at start.

Every setting is an environment variable with the prefix ``SERVICETRAY_``. A default is safe in
production and may be published; what must be secret has no default and stops the start.
"""

import base64
import binascii
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from flask import current_app
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MASTER_KEY_BYTES = 32


class Parts(StrEnum):
    """Which half of the service runs: the catalogue stands without the queue and its secrets."""

    CATALOGUE = "catalogue"
    QUEUE = "queue"
    BOTH = "both"


class ClientIdentification(StrEnum):
    """How a client proves who they are on their own page."""

    CODE = "code"
    SUOMI_FI = "suomi_fi"
    OFF = "off"


class PtvVersion(StrEnum):
    """Which version of the national service catalogue's interface is read."""

    V11 = "11"
    V12 = "12"


class LogLevel(StrEnum):
    """What is worth a line in the log."""

    INFO = "info"
    WARNING = "warning"


class Settings(BaseSettings):
    """The whole configuration of one process."""

    model_config = SettingsConfigDict(
        env_prefix="SERVICETRAY_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: Annotated[str, Field(description="SQLAlchemy URL: sqlite:///… or postgresql+psycopg://…")]
    secret_key: Annotated[SecretStr, Field(description="Signs the session cookie. At least 32 characters.")]
    master_key: Annotated[
        SecretStr,
        Field(description="32 bytes in base64. Wraps the data keys that encrypt client data."),
    ]

    parts: Annotated[Parts, Field(description="catalogue, queue or both.")] = Parts.BOTH
    demo: Annotated[bool, Field(description="Demonstration mode: invented people, marked everywhere.")] = (
        False
    )
    testing: Annotated[bool, Field(description="Set by the tests alone.")] = False
    https: Annotated[bool, Field(description="Secure cookies and HSTS. Off only on localhost.")] = True
    trusted_proxies: Annotated[
        int, Field(ge=0, description="Reverse proxies in front that set X-Forwarded-*.")
    ] = 0
    public_url: Annotated[
        str, Field(description="Address in messages and canonical links, without a trailing slash.")
    ] = "http://127.0.0.1:5000"

    service_name: Annotated[str, Field(description="Name of the service tray.")] = "Hyvinvointia"
    county_name: Annotated[
        dict[str, str], Field(description="The wellbeing services county, by language, as JSON.")
    ] = {
        "fi": "Kymenlaakson hyvinvointialue",
        "sv": "Kymmenedalens välfärdsområde",
        "en": "Wellbeing services county of Kymenlaakso",
    }
    county_region: Annotated[
        dict[str, str], Field(description="The region's short name under the brand, by language, as JSON.")
    ] = {"fi": "Kymenlaakso", "sv": "Kymmenedalen", "en": "Kymenlaakso"}
    contact_email: Annotated[
        str, Field(description="Where residents write about accessibility, data protection and mistakes.")
    ] = "palaute@example.org"
    county_phone: Annotated[
        str, Field(description="The county's switchboard, shown after a dead end; empty: not shown.")
    ] = ""

    session_idle_minutes: Annotated[
        int, Field(ge=1, description="Signed out after this long without use.")
    ] = 15
    session_hours: Annotated[int, Field(ge=1, description="Signed out after this long in any case.")] = 10
    oidc_issuer: Annotated[
        str, Field(description="Issuer of the organisation's own sign-in (OpenID Connect); empty: none.")
    ] = ""
    oidc_client_id: Annotated[str, Field(description="Our name there.")] = ""
    oidc_client_secret: Annotated[SecretStr, Field(description="Our secret there.")] = SecretStr("")
    oidc_name: Annotated[
        dict[str, str], Field(description="The words of its button, by language, as JSON.")
    ] = {
        "fi": "Kirjaudu organisaatiosi tunnuksilla",
        "sv": "Logga in med din organisations konto",
        "en": "Sign in with your organisation's account",
    }
    oidc_acr: Annotated[
        str,
        Field(
            description="Values of acr or amr that tell of a second factor there, spaced; empty: not asked."
        ),
    ] = "mfa"
    oidc_link_by_email: Annotated[
        bool, Field(description="Whether a verified e-mail may bind an identity to an account, once.")
    ] = False
    claim_days: Annotated[int, Field(ge=1, description="Target: working days from sent to claimed.")] = 5
    contact_days: Annotated[
        int, Field(ge=1, description="Target: working days from sent to first attempt.")
    ] = 10
    soon_days: Annotated[int, Field(ge=1, description="Target of priority soon, working days.")] = 3
    client_identification: Annotated[
        ClientIdentification,
        Field(description="How clients enter their own page: code (with the birth year) or off."),
    ] = ClientIdentification.CODE
    call_time_notice_hours: Annotated[
        int, Field(ge=0, description="A published call time can be chosen until this long before it.")
    ] = 24
    county_keep_months: Annotated[
        int, Field(ge=1, description="Content of a referral that ran its course is kept for this long.")
    ] = 12
    municipality_keep_months: Annotated[
        int, Field(ge=1, description="Content and notes of a closed case are kept for this long.")
    ] = 12
    enrolment_keep_days: Annotated[
        int, Field(ge=1, description="Enrolments to a group are erased this long after its last meeting.")
    ] = 90
    feedback_keep_months: Annotated[
        int, Field(ge=1, description="Feedback is deleted this long after it was answered or closed.")
    ] = 24
    small_number: Annotated[int, Field(ge=3, description="Published counts below this are hidden.")] = 5

    ptv_version: Annotated[
        PtvVersion,
        Field(description="Version of the national service catalogue's interface: 11, or 12 (beta)."),
    ] = PtvVersion.V11
    ptv_api_key: Annotated[
        SecretStr, Field(description="Our key to version 12 of that interface; version 11 asks for none.")
    ] = SecretStr("")

    smtp_host: Annotated[str, Field(description="Empty: messages wait in the outbox.")] = ""
    smtp_port: Annotated[int, Field(description="Port of the mail server.")] = 587
    smtp_user: Annotated[str, Field(description="User name, if the server asks for one.")] = ""
    smtp_password: Annotated[SecretStr, Field(description="Password, if the server asks for one.")] = (
        SecretStr("")
    )
    smtp_starttls: Annotated[bool, Field(description="Encrypt the connection to the mail server.")] = True
    smtp_ca_file: Annotated[
        Path | None,
        Field(description="Certificate authorities of the mail server, if they are not the system's."),
    ] = None
    mail_from: Annotated[str, Field(description="Sender of messages.")] = "hyvinvointia@example.org"

    audit_anchor: Annotated[
        Path | None,
        Field(description="File outside the database to which the worker appends each audit seal."),
    ] = None
    erasure_log: Annotated[
        Path | None,
        Field(description="File outside the database that tells, after a restore, what to erase again."),
    ] = None
    audit_years: Annotated[
        int, Field(ge=1, description="Rows of the audit log may be deleted after this long.")
    ] = 12
    view_alert_per_hour: Annotated[
        int,
        Field(ge=1, description="An account that sees more clients than this in an hour is reported."),
    ] = 200
    metrics_token: Annotated[
        SecretStr, Field(description="Who bears it (Authorization: Bearer …) reads /metrics; empty: nobody.")
    ] = SecretStr("")
    log_level: Annotated[LogLevel, Field(description="info or warning.")] = LogLevel.INFO
    log_json: Annotated[bool, Field(description="One JSON object a line; else readable text.")] = True

    @field_validator("secret_key")
    @classmethod
    def _long_secret(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < MASTER_KEY_BYTES:
            raise ValueError("must have at least 32 characters")
        return value

    @field_validator("master_key")
    @classmethod
    def _whole_master_key(cls, value: SecretStr) -> SecretStr:
        key_bytes(value.get_secret_value())
        return value

    @field_validator("public_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @model_validator(mode="after")
    def _safe_together(self) -> Self:
        if self.client_identification is ClientIdentification.SUOMI_FI:
            raise ValueError("client_identification: suomi_fi is not built yet; choose code or off")
        if not self.https and urlsplit(self.public_url).hostname not in {"127.0.0.1", "localhost"}:
            raise ValueError("https may be off on localhost alone")
        if self.oidc_issuer:
            if self.https and not self.oidc_issuer.startswith("https://"):
                raise ValueError("the issuer must be at https")
            if not self.oidc_client_id or not self.oidc_client_secret.get_secret_value():
                raise ValueError("an issuer needs our client id and secret there")
        return self

    @property
    def master_key_bytes(self) -> bytes:
        """The 32 bytes of the master key."""
        return key_bytes(self.master_key.get_secret_value())

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite (else PostgreSQL)."""
        return self.database_url.startswith("sqlite")


def key_bytes(text: str) -> bytes:
    """Return the 32 bytes of a master key as it is written in the environment.

    Raises:
        ValueError: if it is not base64, or not of 32 bytes.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("must be base64") from error
    if len(raw) != MASTER_KEY_BYTES:
        raise ValueError("must hold exactly 32 bytes")
    return raw


def new_secret() -> str:
    """Return a fresh value for SERVICETRAY_SECRET_KEY."""
    return secrets.token_urlsafe(48)


def new_master_key() -> str:
    """Return a fresh value for SERVICETRAY_MASTER_KEY."""
    return base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()


def current_settings() -> Settings:
    """Return the settings of the running application."""
    settings = current_app.extensions["servicetray.settings"]
    assert isinstance(settings, Settings)
    return settings
