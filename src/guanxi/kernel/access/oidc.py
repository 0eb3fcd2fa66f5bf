"""Asking an OpenID Connect provider who somebody is (code flow with PKCE), by django-allauth.

allauth speaks with the provider. What it leaves open the house asks for: that the provider names itself as it was
configured, that the ID token is signed by it, and that the token answers this very log-in (the nonce).
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, Final

from allauth.core.internal.deferred import jwt
from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from requests import RequestException

from guanxi.kernel.access.commands import Identity
from guanxi.kernel.access.errors import OidcRefused, OidcUnreachable

LONGEST_UID: Final = SocialAccount._meta.get_field("uid").max_length
SIGNED_BY: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})


class _Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    def get_provider(self) -> OpenIDConnectProvider:
        return _provider(self.request)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:  # noqa: ARG002  # allauth's signature
        return request.build_absolute_uri(reverse("log-in-oidc-callback"))


class _Provider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = _Adapter


def _provider(request: HttpRequest) -> _Provider:
    return _Provider(
        request,
        app=SocialApp(
            provider=OpenIDConnectProvider.id, provider_id=provider_key(), name=settings.OIDC_LABEL,
            client_id=settings.OIDC_CLIENT_ID, secret=settings.OIDC_CLIENT_SECRET,
            settings={"server_url": settings.OIDC_ISSUER, "oauth_pkce_enabled": True},
        ),
    )  # fmt: skip


def provider_key() -> str:
    """What links are kept under: another issuer's people are other people, whatever numbers it gives them."""
    return f"oidc-{hashlib.sha256(settings.OIDC_ISSUER.encode()).hexdigest()[:16]}"


def begin(request: HttpRequest, onward: str) -> HttpResponse:
    """Lead to the provider; the session remembers what its answer has to fit.

    Raises
    ------
    OidcUnreachable
        It does not answer.
    OidcRefused
        It is another provider than the one configured.
    """
    nonce = secrets.token_urlsafe(24)
    try:
        answer: HttpResponse = _provider(request).redirect(
            request, "login", next_url=onward, data={"nonce": nonce}, auth_params={"nonce": nonce}
        )
    except (RequestException, ValueError) as error:
        raise OidcUnreachable(label=settings.OIDC_LABEL) from error
    except KeyError as error:
        raise OidcRefused(label=settings.OIDC_LABEL) from error
    return answer


def finish(request: HttpRequest) -> tuple[Identity, str]:
    """Who came back from the provider, and where to go on to.

    Raises
    ------
    OidcUnreachable, OidcRefused
        It does not answer; or it refused, or what it says does not hold, or was not asked for by this browser.
    """
    refused = OidcRefused(label=settings.OIDC_LABEL)
    provider = _provider(request)
    state = statekit.unstash_state(request, state_id=request.GET.get("state", ""), provider_id=provider.sub_id)
    if state is None or "code" not in request.GET:
        raise refused
    try:
        claims = _claims(request, provider, state)
        if not constant_time_compare(str(claims.get("nonce", "")), state["data"]["nonce"]):
            raise refused
        return _identity(claims), str(state.get("next") or "")
    except RequestException as error:
        raise OidcUnreachable(label=settings.OIDC_LABEL) from error
    except (OAuth2Error, jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise refused from error


def _claims(request: HttpRequest, provider: _Provider, state: dict[str, Any]) -> dict[str, Any]:
    """What the ID token says, and of the e-mail address what the provider says when asked."""
    adapter = provider.get_oauth2_adapter(request)
    if str(adapter.openid_config["issuer"]).rstrip("/") != settings.OIDC_ISSUER:
        raise OAuth2Error("the provider calls itself by another name")
    client = adapter.get_client(request, provider.app)
    answer = adapter.get_access_token_data(request, provider.app, client, state.get("pkce_code_verifier"))
    if jwt.get_unverified_header(answer["id_token"]).get("alg") not in SIGNED_BY:
        raise OAuth2Error("the ID token is not signed by a public key")
    claims: dict[str, Any] = jwtkit.verify_and_decode(
        credential=answer["id_token"], keys_url=adapter.openid_config["jwks_uri"],
        issuer=adapter.openid_config["issuer"], audience=settings.OIDC_CLIENT_ID, lookup_kid=jwtkit.lookup_kid_jwk,
    )  # fmt: skip
    if "email" not in claims and "userinfo_endpoint" in adapter.openid_config:
        told = adapter._fetch_user_info(answer["access_token"])
        if told["sub"] != claims["sub"]:
            raise OAuth2Error("the provider tells of somebody else")
        claims = {**told, **claims}
    return claims


def _identity(claims: dict[str, Any]) -> Identity:
    uid = str(claims["sub"])
    if not uid:
        raise OAuth2Error("the ID token names nobody")
    return Identity(
        provider=provider_key(),
        uid=uid if len(uid) <= LONGEST_UID else hashlib.sha256(uid.encode()).hexdigest(),
        email=str(claims.get("email") or "").strip(),
        is_email_verified=claims.get("email_verified") in {True, "true"},
        name=str(claims.get("name") or "").strip(),
        username=str(claims.get("preferred_username") or "").strip(),
    )
