"""A small OpenID Connect provider that tests talk to over HTTP: discovery, authorize, token, keys, user info."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, CLIENT_SECRET = "guanxi", "only-between-us"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """The provider; what its ID tokens say is `claims`, and `forged` spoils them."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "7", "email": "liu@example.com", "email_verified": True, "name": "刘总"}
        self.forged: dict[str, Any] = {}
        self.key: Any = KEY
        self.algorithm = "RS256"
        self.user_info: dict[str, Any] = {}
        self.discovered: dict[str, Any] = {}
        self.asked: dict[str, str] = {}  # of the last authorization
        self.codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.post(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as it is called
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Answer nobody any more."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        """Discovery, the page where the person agrees, keys, user info."""
        parts = urlsplit(handler.path)
        match parts.path:
            case "/.well-known/openid-configuration":
                told = {
                    "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
                    "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/jwks",
                    "userinfo_endpoint": f"{self.url}/userinfo",
                }  # fmt: skip
                _answer(handler, 200, told | self.discovered)
            case "/authorize":
                self.asked = dict(parse_qsl(parts.query))
                code = secrets.token_urlsafe(8)
                self.codes[code] = self.asked
                onward = urlencode({"code": code, "state": self.asked["state"]})
                handler.send_response(302)
                handler.send_header("Location", f"{self.asked['redirect_uri']}?{onward}")
                handler.end_headers()
            case "/jwks":
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
                _answer(handler, 200, {"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]})
            case "/userinfo":
                is_known = handler.headers["Authorization"] == "Bearer access"
                _answer(handler, 200 if is_known else 401, self.user_info)
            case _:
                _answer(handler, 404, {})

    def post(self, handler: BaseHTTPRequestHandler) -> None:
        """The token for a code: once, for this client, and for who began."""
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.codes.pop(sent.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, CLIENT_SECRET)
            or sent.get("redirect_uri") != asked["redirect_uri"]
            or proof.decode().rstrip("=") != asked["code_challenge"]
        ):
            _answer(handler, 400, {"error": "invalid_grant"})
            return
        now = int(time.time())
        said = {
            "iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"], **self.claims,
            **self.forged,
        }  # fmt: skip
        token = jwt.encode(said, self.key, algorithm=self.algorithm, headers={"kid": "1"})
        _answer(handler, 200, {"access_token": "access", "token_type": "Bearer", "id_token": token})


def _answer(handler: BaseHTTPRequestHandler, status: int, told: dict[str, Any]) -> None:
    body = json.dumps(told).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
