"""The log-in by a real OpenID Connect provider: who gets in as whom, and who does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.test import Client
from pytest_django import Settings

from guanxi.kernel.access.commands import (
    Identity,
    choose_second_factor,
    create_user,
    deactivate_user,
    edit_user,
    ensure_roles,
    set_company,
    sign_in_by_oidc,
    unlink_oidc,
)
from guanxi.kernel.access.errors import EmailTaken, OidcUnknown, UserNotFound
from guanxi.kernel.access.events import OidcUnlinked
from guanxi.kernel.access.models import SignIn, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.access.web.tests.oidc_server import CLIENT, CLIENT_SECRET, STRANGE_KEY, Provider
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.notifications.accounts import tell_of_unlinked
from guanxi.kernel.notifications.queries import list_news

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    made = Provider()
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = made.url, CLIENT, CLIENT_SECRET
    settings.OIDC_LABEL = "茶业统一认证"
    yield made
    made.stop()


@pytest.fixture
def liu() -> User:
    ensure_roles(SYSTEM)
    set_company(SYSTEM, "T公司", "en")
    create_user(SYSTEM, "admin", PASSWORD, roles=["administrator"])
    return create_user(SYSTEM, "liu", PASSWORD, roles=["seller"], language="en", email="Liu@example.com")


def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def agreed(client: Client, onward: str = "") -> str:
    """Go out to the provider and agree there; where it leads back to."""
    out = client.get("/login/oidc/", {"next": onward})
    assert out.status_code == 302
    back = requests.get(out["Location"], allow_redirects=False, timeout=10).headers["Location"]
    assert back.startswith("http://testserver/login/oidc/callback/?")
    return back.removeprefix("http://testserver")


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def kept() -> dict[str, Any]:
    """All rows of all tables but the sessions of nobody."""
    return {
        model._meta.db_table: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model is not SignIn
    }


def refused(client: Client, back: str, sentence: str) -> None:
    """See that coming back opens nothing and changes nothing."""
    before = kept()
    answer = client.get(back)
    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert kept() == before
    assert not SignIn.objects.exclude(user=None).exists()
    assert not is_in(client)


def test_without_an_issuer_there_is_no_such_log_in(liu: User) -> None:
    client = browser()
    assert "/login/oidc/" not in client.get("/login/").content.decode()
    assert client.get("/login/oidc/").status_code == 404
    assert client.get("/login/oidc/callback/").status_code == 404


def test_who_has_the_verified_address_gets_in(liu: User, provider: Provider) -> None:
    client = browser()
    page = client.get("/login/", {"next": "/account/?x=1&y=2"}).content.decode()
    assert "Log in with 茶业统一认证" in page
    assert 'href="/login/oidc/?next=%2Faccount%2F%3Fx%3D1%26y%3D2"' in page
    back = agreed(client, "/account/")
    assert {"openid", "email", "profile"} == set(provider.asked["scope"].split())
    assert (provider.asked["code_challenge_method"], len(provider.asked["nonce"]) >= 20) == ("S256", True)
    answer = client.get(back)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert is_in(client)
    row = SignIn.objects.get(user=liu)
    assert (row.address, row.since is not None) == ("127.0.0.1", True)
    assert User.objects.get(pk=liu.pk).last_login is not None
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry is not None
    assert entry.command == "kernel.access.commands.oidc.sign_in_by_oidc"
    assert (entry.target_key, entry.changes) == (str(liu.pk), {"oidc_linked": True, "logged_in": True})
    link = SocialAccount.objects.get()
    assert (link.user_id, link.uid, link.extra_data) == (liu.pk, "7", {})
    assert browser().post("/login/", {"username": "liu", "password": PASSWORD}).status_code == 302


def test_the_link_holds_when_addresses_change(liu: User, provider: Provider) -> None:
    first = browser()
    first.get(agreed(first))
    edit_user(SYSTEM, liu.pk, username="liu", roles=["seller"], email="other@example.com")
    provider.claims = {"sub": "7", "email": "new@example.com", "email_verified": False}
    client = browser()
    client.get(agreed(client))
    assert is_in(client)
    assert SocialAccount.objects.count() == 1
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry is not None
    assert entry.changes == {"logged_in": True}


def test_an_address_told_only_when_asked_for(liu: User, provider: Provider) -> None:
    provider.claims = {"sub": "7"}
    provider.user_info = {"sub": "7", "email": "liu@example.com", "email_verified": True}
    client = browser()
    client.get(agreed(client))
    assert is_in(client)
    provider.claims, provider.user_info["sub"] = {"sub": "8"}, "9"
    SignIn.objects.all().delete()
    client = browser()
    refused(client, agreed(client), "The log-in by 茶业统一认证 did not work.")


@pytest.mark.parametrize("claims", [
    {"sub": "7", "email": "liu@example.com", "email_verified": False}, {"sub": "7", "email": "liu@example.com"},
    {"sub": "7", "email": "liu@example.com", "email_verified": "no"}, {"sub": "7"},
])  # fmt: skip
def test_an_address_that_is_not_verified_finds_nobody(liu: User, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    provider.user_info = {"sub": "7"}
    client = browser()
    refused(client, agreed(client), "does not say that your e-mail address is verified")


def test_who_has_no_user_is_refused(liu: User, provider: Provider) -> None:
    provider.claims["email"] = "stranger@example.com"
    client = browser()
    refused(client, agreed(client), "knows you, but there is no user for you here.")


def test_two_users_of_one_address_are_nobody(liu: User, provider: Provider) -> None:
    User.objects.filter(username="admin").update(email="liu@example.com")
    client = browser()
    refused(client, agreed(client), "knows you, but there is no user for you here.")


@pytest.mark.parametrize("is_linked", [False, True])
@pytest.mark.parametrize("role", ["", "seller"])
def test_who_is_switched_off_stays_out(
    liu: User, provider: Provider, settings: Settings, is_linked: bool, role: str
) -> None:
    settings.OIDC_ROLE = role
    if is_linked:
        first = browser()
        first.get(agreed(first))
    deactivate_user(SYSTEM, liu.pk)
    client = browser()
    refused(client, agreed(client), "This user has been switched off.")


@pytest.mark.parametrize("forged", [
    {"nonce": "another"}, {"nonce": None}, {"iss": "https://elsewhere.example"}, {"aud": "another"}, {"exp": 1},
    {"sub": ""},
])  # fmt: skip
def test_a_token_that_does_not_fit_opens_nothing(liu: User, provider: Provider, forged: dict[str, Any]) -> None:
    provider.forged = forged
    client = browser()
    refused(client, agreed(client), "The log-in by 茶业统一认证 did not work.")


@pytest.mark.parametrize("way", ["key", "none", "HS256"])
def test_a_token_that_the_provider_did_not_sign_opens_nothing(liu: User, provider: Provider, way: str) -> None:
    provider.algorithm = "RS256" if way == "key" else way
    provider.key = {"key": STRANGE_KEY, "none": None, "HS256": "a secret of thirty-two characters"}[way]
    client = browser()
    refused(client, agreed(client), "The log-in by 茶业统一认证 did not work.")


def test_only_the_browser_that_began_comes_back_and_once(liu: User, provider: Provider) -> None:
    client, thief = browser(), browser()
    back = agreed(client)
    refused(thief, back, "did not work.")
    state = parse_qs(urlsplit(back).query)["state"][0]
    refused(client, back.replace(state, "x" * len(state)), "did not work.")
    refused(client, "/login/oidc/callback/", "did not work.")
    client.get(back)
    assert is_in(client)
    client.post("/logout/")
    SignIn.objects.all().delete()
    refused(client, back, "did not work.")


def test_a_code_that_the_provider_does_not_know_opens_nothing(liu: User, provider: Provider) -> None:
    client = browser()
    back = agreed(client)
    provider.codes.clear()
    refused(client, back, "did not work.")
    back = agreed(client)
    state = parse_qs(urlsplit(back).query)["state"][0]
    refused(client, f"/login/oidc/callback/?error=access_denied&state={state}", "did not work.")


def test_a_provider_of_another_name_is_refused(liu: User, provider: Provider) -> None:
    provider.discovered = {"issuer": "https://elsewhere.example"}
    provider.forged = {"iss": "https://elsewhere.example"}
    client = browser()
    refused(client, agreed(client), "did not work.")


def test_a_provider_that_does_not_answer(liu: User, provider: Provider) -> None:
    client = browser()
    back = agreed(client)
    provider.server.server_close()
    provider.server.shutdown()
    refused(client, back, "does not answer now.")
    answer = client.get("/login/oidc/")
    assert answer.status_code == 403
    assert "does not answer now." in answer.content.decode()
    assert client.post("/login/", {"username": "liu", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_it_leads_nowhere_else(liu: User, provider: Provider, onward: str) -> None:
    client = browser()
    assert client.get(agreed(client, onward))["Location"] == "/"


def test_a_role_for_whom_it_does_not_know(liu: User, provider: Provider, settings: Settings) -> None:
    settings.OIDC_ROLE = "seller"
    provider.claims = {
        "sub": "9", "email": "chen@example.com", "email_verified": True, "name": "陈", "preferred_username": "liu",
    }  # fmt: skip
    client = browser()
    client.get(agreed(client))
    assert is_in(client)
    made = User.objects.get(email="chen@example.com")
    assert (made.username, made.display_name, made.has_usable_password()) == ("liu-2", "陈", False)
    assert [role.name for role in made.roles.all()] == ["seller"]
    assert (made.is_staff, made.is_superuser) == (False, False)
    again = browser()
    again.get(agreed(again))
    assert User.objects.count() == 3


def test_the_code_of_our_own_is_not_asked_for(liu: User, provider: Provider) -> None:
    choose_second_factor(SYSTEM, is_required=True)
    client = browser()
    client.get(agreed(client))
    assert client.get("/customers/").status_code == 200


def test_links_are_of_one_issuer(liu: User, provider: Provider) -> None:
    sign_in_by_oidc(SYSTEM, identity=Identity("oidc-another", "7", "liu@example.com", is_email_verified=True))
    with pytest.raises(OidcUnknown):
        sign_in_by_oidc(SYSTEM, identity=Identity("oidc-this", "7", "x@example.com", is_email_verified=True))
    with pytest.raises(PermissionDenied):
        sign_in_by_oidc(liu, identity=Identity("oidc-another", "7"))
    assert SocialAccount.objects.count() == 1


def test_an_administrator_sees_the_link_and_undoes_it(liu: User, provider: Provider) -> None:
    client, admin = browser(), browser()
    admin.post("/login/", {"username": "admin", "password": PASSWORD})
    page = f"/settings/users/{liu.pk}/"
    assert "unlink" not in admin.get(page).content.decode()
    client.get(agreed(client))
    shown = admin.get(page).content.decode()
    assert "<dt>OpenID Connect</dt><dd>linked " in shown
    assert f'action="{page}oidc/unlink/"' in shown

    admin.post(f"{page}oidc/unlink/")
    assert not SocialAccount.objects.exists()
    assert not is_in(client)
    assert "unlink" not in admin.get(page).content.decode()
    entry = AuditEntry.objects.get(command__endswith="unlink_oidc")
    assert (entry.actor_id, entry.target_key) == (User.objects.get(username="admin").pk, str(liu.pk))
    assert entry.changes == {"oidc_linked": [True, False]}
    event = EventRecord.objects.get(name="kernel.access.OidcUnlinked")
    assert Job.objects.filter(name__endswith="tell_of_unlinked").count() == 1
    for _ in range(2):  # a job may run twice
        tell_of_unlinked(OidcUnlinked(liu.pk, event.at))
    assert [line.text for line in list_news(liu)] == [
        "An administrator undid the link of your user to 茶业统一认证. Your next log-in by it makes it again."
    ]
    before = kept()
    unlink_oidc(User.objects.get(username="admin"), liu.pk)  # there is nothing left to undo
    assert kept() == before


def test_after_that_the_address_finds_the_user_again(liu: User, provider: Provider) -> None:
    first = browser()
    first.get(agreed(first))
    edit_user(SYSTEM, liu.pk, username="liu", roles=["seller"], email="")
    chen = create_user(SYSTEM, "chen", PASSWORD, roles=["seller"], email="liu@example.com")
    unlink_oidc(SYSTEM, liu.pk)
    second = browser()
    second.get(agreed(second))
    assert is_in(second)
    assert list(SocialAccount.objects.values_list("user_id", "uid")) == [(chen.pk, "7")]


def test_who_may_not_undoes_no_link(liu: User, provider: Provider) -> None:
    client = browser()
    client.get(agreed(client))
    before = kept()
    with pytest.raises(PermissionDenied):
        unlink_oidc(liu, liu.pk)
    with pytest.raises(UserNotFound):
        unlink_oidc(SYSTEM, 0)
    assert kept() == before
    assert client.post(f"/settings/users/{liu.pk}/oidc/unlink/").status_code == 403
    assert SocialAccount.objects.count() == 1
    assert is_in(client)


def test_an_address_belongs_to_one_user(liu: User) -> None:
    with pytest.raises(EmailTaken):
        create_user(SYSTEM, "chen", PASSWORD, email=" liu@EXAMPLE.com ")
    admin = User.objects.get(username="admin")
    with pytest.raises(EmailTaken):
        edit_user(SYSTEM, admin.pk, username="admin", roles=["administrator"], email="liu@example.com")
    edit_user(SYSTEM, liu.pk, username="liu", roles=["seller"])
    assert list(User.objects.order_by("username").values_list("username", "email")) == [
        ("admin", ""), ("liu", "Liu@example.com"),
    ]  # fmt: skip
    edit_user(SYSTEM, liu.pk, username="liu", roles=["seller"], email="liu@example.com")
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry is not None
    assert entry.changes == {"email": ["changed", "changed"]}
