"""A provider of OpenID Connect on 127.0.0.1 with keys of its own, and every fault that a test asks for."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID = "servicetray"
CLIENT_SECRET = "a secret: with/odd+signs"


@dataclass
class FakeProvider:
    """What the provider does, and what it was told."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """Put over those of an honest token; None takes one out."""
    algorithm: str = "RS256"
    key_id: str = "one"
    away: bool = False
    sign_with: RSAKey | None = None
    """Another key than the published one."""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def sign_in(self, address: str) -> dict[str, str]:
        """Do what a person does there: agree. Returns what the browser brings back."""
        told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(told)
        code = secrets.token_urlsafe(12)
        self.codes[code] = told
        return {"code": code, "state": told["state"]}

    def token(self, told: dict[str, str]) -> str:
        """Return the ID token for an authorization request."""
        now = int(time.time())
        honest = {
            "iss": self.issuer,
            "sub": "person-1",
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "auth_time": now,
            "nonce": told["nonce"],
            "amr": ["pwd", "mfa"],
            "email": "testi@example.org",
            "email_verified": True,
        }
        claims = {name: value for name, value in (honest | self.claims).items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key_id}
        if self.algorithm == "none":
            parts = [json.dumps(part).encode() for part in (header, claims)]
            return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])
        if self.algorithm == "HS256":
            # The classic confusion: the public key, which everybody has, as the secret.
            secret = OctKey.import_key(base64.b64encode(self.key.as_pem(private=False)).decode())
            return jwt.encode(header, claims, secret, algorithms=["HS256"])
        return jwt.encode(header, claims, self.sign_with or self.key, algorithms=["RS256"])

    def exchange(self, fields: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Answer at the token endpoint: a code works once, with our secret and the right verifier."""
        told = self.codes.pop(fields.get("code", ""), None)
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        ours = urlencode({"": CLIENT_SECRET}, quote_via=lambda text, *_: _quoted(text))[1:]
        digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if told is None or pair != f"{CLIENT_ID}:{ours}" or told["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if fields.get("redirect_uri") != told["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token(told)}


def _quoted(text: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-._~" else f"%{ord(sign):02X}" for sign in text)


@contextmanager
def running(provider: FakeProvider) -> Iterator[FakeProvider]:
    """Serve the provider on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            pass

        def do_GET(self) -> None:
            if self.path == "/.well-known/openid-configuration":
                self._say(
                    200,
                    {
                        "issuer": provider.issuer,
                        "authorization_endpoint": f"{provider.issuer}/authorize",
                        "token_endpoint": f"{provider.issuer}/token",
                        "jwks_uri": f"{provider.issuer}/keys",
                        "end_session_endpoint": f"{provider.issuer}/out",
                    },
                )
            else:
                self._say(200, {"keys": [provider.key.as_dict(private=False)]})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*provider.exchange(fields, self.headers.get("Authorization", "")))

        def _say(self, status: int, answer: dict[str, Any]) -> None:
            status = 503 if provider.away else status
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()
