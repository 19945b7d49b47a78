"""The organisation's own sign-in: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636).

What the provider says is believed only if its signature, issuer, audience, nonce and times all fit. Nothing
here knows accounts: the answer is an identity, and ``identities`` says whose it is.
"""

import base64
import datetime as dt
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import structlog
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from flask import current_app
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from servicetray.core import clock
from servicetray.core.errors import DomainError
from servicetray.core.settings import Settings, current_settings

log = structlog.get_logger()

ALGORITHMS = ("RS256", "ES256")
"""Never ``none``, and never one where the public key could serve as a secret (RFC 8725, 3.1)."""
SCOPE = "openid email"
TIMEOUT = httpx.Timeout(5, connect=3)
LEEWAY_SECONDS = 60
METADATA_LIVES = dt.timedelta(hours=1)
REST_AFTER_FAILURE = dt.timedelta(seconds=15)
"""A provider that is away must not keep every worker waiting."""
KEYS_AGAIN_AFTER = dt.timedelta(seconds=30)
_EXTENSION = "servicetray.oidc"


class Refusal(StrEnum):
    """Why nobody came in; ``labels`` has the words."""

    DOWN = "poissa"
    CANCELLED = "peruttu"
    FAILED = "epaonnistui"
    NO_SECOND_FACTOR = "vahva"
    UNKNOWN = "tuntematon"
    TAKEN = "varattu"


class RefusedError(DomainError):
    """The provider's answer lets nobody in."""

    def __init__(self, refusal: Refusal, why: str) -> None:
        super().__init__(refusal, why)
        self.refusal = refusal
        self.why = why
        """For the log: a short name without anything of the person."""


class ProviderDownError(RefusedError):
    """The provider does not answer, or not in its own language."""

    def __init__(self, why: str) -> None:
        super().__init__(Refusal.DOWN, why)


@dataclass(frozen=True, kw_only=True)
class Start:
    """What was made up when somebody left for the provider; their browser carries it, signed."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Start":
        """Make one up."""
        return cls(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
        )


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who the provider says has signed in there."""

    issuer: str
    subject: str
    email: str
    """In lower case, and only if the provider vouches for it (``email_verified``); else empty."""
    signed_in_at: dt.datetime | None
    """``auth_time``: when they last showed who they are, there."""


class Provider:
    """One provider as this process knows it. Its metadata and keys are kept for a while."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._metadata: Mapping[str, Any] | None = None
        self._metadata_at = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._keys: KeySet | None = None
        self._keys_at = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._rest_until = dt.datetime.min.replace(tzinfo=dt.UTC)

    def authorization_url(self, start: Start, *, back: str, again: bool = False) -> str:
        """Return where to send the browser; ``again`` asks for a sign-in at this very moment.

        Raises:
            ProviderDownError: if the provider can't be asked where that is.
        """
        client = OAuth2Client(
            None,
            client_id=self.settings.oidc_client_id,
            redirect_uri=back,
            scope=SCOPE,
            code_challenge_method="S256",
        )
        more = {"prompt": "login", "max_age": "0"} if again else {}
        wanted = self.settings.oidc_acr.split()
        if wanted:
            more["acr_values"] = " ".join(wanted)
        url, _state = client.create_authorization_url(
            self.metadata()["authorization_endpoint"],
            state=start.state,
            nonce=start.nonce,
            code_verifier=start.verifier,
            **more,
        )
        return str(url)

    def identity(self, code: str, start: Start, *, back: str, now: dt.datetime) -> Identity:
        """Exchange a code for an ID token and return who it names, once all of it has been checked.

        Raises:
            RefusedError: if the provider refuses the code, or the token does not fit.
            ProviderDownError: if the provider does not answer.
        """
        answer = self._exchange(code, start, back=back)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise RefusedError(Refusal.FAILED, "no_id_token")
        claims = self._checked(token, start, access_token=answer.get("access_token"), now=now)
        self._second_factor(claims)
        verified = claims.get("email_verified") is True
        auth_time = claims.get("auth_time")
        return Identity(
            issuer=self.settings.oidc_issuer,
            subject=str(claims["sub"]),
            email=str(claims.get("email") or "").strip().lower() if verified else "",
            signed_in_at=dt.datetime.fromtimestamp(auth_time, dt.UTC) if auth_time else None,
        )

    def end_session_url(self, *, back: str) -> str:
        """Return where one signs out of the provider, too (RP-Initiated Logout 1.0), or "" if nowhere."""
        try:
            address = self.metadata().get("end_session_endpoint")
        except ProviderDownError:
            return ""
        if not isinstance(address, str) or not self._may_call(address):
            return ""
        query = urlencode({"client_id": self.settings.oidc_client_id, "post_logout_redirect_uri": back})
        return f"{address}{'&' if '?' in address else '?'}{query}"

    def metadata(self) -> Mapping[str, Any]:
        """Return the provider's metadata (OpenID Connect Discovery 1.0, 4), an older copy where it is away.

        Raises:
            ProviderDownError: if there is none to be had.
        """
        now = clock.now()
        with self._lock:
            if self._metadata is not None and now - self._metadata_at < METADATA_LIVES:
                return self._metadata
            try:
                self._metadata = self._discovered(now)
                self._metadata_at = now
            except ProviderDownError:
                if self._metadata is None:
                    raise
            return self._metadata

    def _discovered(self, now: dt.datetime) -> Mapping[str, Any]:
        if now < self._rest_until:
            raise ProviderDownError("resting")
        try:
            found = self._get(f"{self.settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
            self._believe(found)
        except ProviderDownError:
            self._rest_until = now + REST_AFTER_FAILURE
            raise
        return found

    def _believe(self, found: Mapping[str, Any]) -> None:
        if found.get("issuer") != self.settings.oidc_issuer:
            raise ProviderDownError("another_issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(name), str) or not self._may_call(found[name]):
                raise ProviderDownError(f"no_{name}")

    def _exchange(self, code: str, start: Start, *, back: str) -> Mapping[str, Any]:
        metadata = self.metadata()
        ours, secret = self.settings.oidc_client_id, self.settings.oidc_client_secret.get_secret_value()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": start.verifier,
        }
        headers = {"Accept": "application/json"}
        if "client_secret_basic" in metadata.get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        ):
            # Each part is form-encoded before they are joined (RFC 6749, 2.3.1).
            pair = f"{quote(ours, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            fields |= {"client_id": ours, "client_secret": secret}
        try:
            with httpx.Client(timeout=TIMEOUT) as client:
                response = client.post(metadata["token_endpoint"], data=fields, headers=headers)
        except httpx.HTTPError as error:
            raise ProviderDownError(type(error).__name__) from error
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ProviderDownError(f"token_{response.status_code}")
        if response.status_code != httpx.codes.OK:
            raise RefusedError(Refusal.FAILED, f"token_{response.status_code}")
        return _object(response)

    def _checked(
        self, token: str, start: Start, *, access_token: object, now: dt.datetime
    ) -> Mapping[str, Any]:
        try:
            header = jws.extract_compact(token.encode()).headers()
            if header.get("alg") not in ALGORITHMS:
                raise RefusedError(Refusal.FAILED, "algorithm")
            decoded = jwt.decode(token, self._keys_for(header.get("kid")), algorithms=list(ALGORITHMS))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self.settings.oidc_issuer},
                    "aud": {"essential": True, "value": self.settings.oidc_client_id},
                    "sub": {"essential": True},
                    "exp": {"essential": True},
                },
                {
                    "nonce": start.nonce,
                    "client_id": self.settings.oidc_client_id,
                    "access_token": access_token if isinstance(access_token, str) else None,
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError) as error:
            raise RefusedError(Refusal.FAILED, type(error).__name__) from error
        checked: Mapping[str, Any] = claims
        return checked

    def _keys_for(self, key_id: object) -> KeySet:
        keys = self._known_keys(again=False)
        if not _names(keys, key_id):
            # The provider may have changed its keys since; asked again, though not for each stranger's token.
            keys = self._known_keys(again=True)
        fitting = [key for key in keys.keys if key_id is None or key.kid == key_id]
        if not fitting or (key_id is None and len(fitting) > 1):
            raise RefusedError(Refusal.FAILED, "unknown_key")
        return KeySet(fitting)

    def _known_keys(self, *, again: bool) -> KeySet:
        now = clock.now()
        address = self.metadata()["jwks_uri"]
        with self._lock:
            if self._keys is None or (again and now - self._keys_at >= KEYS_AGAIN_AFTER):
                found = self._get(address)
                try:
                    self._keys = KeySet.import_key_set({"keys": list(found["keys"])})
                except (JoseError, KeyError, TypeError, ValueError) as error:
                    raise ProviderDownError("keys") from error
                self._keys_at = now
            return self._keys

    def _second_factor(self, claims: Mapping[str, Any]) -> None:
        wanted = set(self.settings.oidc_acr.split())
        told = {str(claims.get("acr", "")), *(str(way) for way in claims.get("amr") or ())}
        if wanted and not wanted & told:
            raise RefusedError(Refusal.NO_SECOND_FACTOR, "second_factor")

    def _get(self, address: str) -> Mapping[str, Any]:
        try:
            with httpx.Client(timeout=TIMEOUT) as client:
                response = client.get(address, headers={"Accept": "application/json"})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderDownError(type(error).__name__) from error
        # Redirects are not followed: where the provider is, the settings say.
        if response.status_code != httpx.codes.OK:
            raise ProviderDownError(f"status_{response.status_code}")
        return _object(response)

    def _may_call(self, address: str) -> bool:
        parts = urlsplit(address)
        return parts.scheme == "https" or (parts.scheme == "http" and not self.settings.https)


def _object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except ValueError as error:
        raise ProviderDownError("no_json") from error
    if not isinstance(found, dict):
        raise ProviderDownError("no_object")
    return found


def _names(keys: KeySet, key_id: object) -> bool:
    return key_id is None or any(key.kid == key_id for key in keys.keys)


def provider() -> Provider | None:
    """Return the provider of the settings, or None where there is none."""
    settings = current_settings()
    if not settings.oidc_issuer:
        return None
    known = current_app.extensions.get(_EXTENSION)
    if not isinstance(known, Provider) or known.settings is not settings:
        known = current_app.extensions[_EXTENSION] = Provider(settings)
    return known
