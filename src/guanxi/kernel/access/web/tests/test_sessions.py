"""Who is signed in where, for how long, and what happens to what was written meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from guanxi.kernel.access.commands import (
    create_user,
    deactivate_user,
    end_other_sign_ins,
    end_sign_in,
    ensure_roles,
    unlock_user,
)
from guanxi.kernel.access.errors import SignInNotFound
from guanxi.kernel.access.lockout import locked_until
from guanxi.kernel.access.models import SignIn, User
from guanxi.kernel.access.system import SYSTEM

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def liu() -> User:
    ensure_roles(SYSTEM)
    create_user(SYSTEM, "admin", PASSWORD, roles=["administrator"])
    return create_user(SYSTEM, "liu", PASSWORD, roles=["seller"])


def signed_in(**headers: str) -> Client:
    client = Client(headers={"accept-language": "en", **headers})
    assert client.post("/login/", {"username": "liu", "password": PASSWORD}).status_code == 302
    return client


def grow_older(by: timedelta) -> None:
    """Let every session have been made and seen so much earlier."""
    for row in SignIn.objects.all():
        store = SignIn.get_session_store_class()(row.session_key)
        data = store.load()
        data["seen_at"] = (timezone.now() - by).isoformat()
        SignIn.objects.filter(pk=row.pk).update(
            session_data=store.encode(data), seen_at=timezone.now() - by, expire_date=row.expire_date - by
        )


def test_a_session_knows_who_where_and_since_when(liu: User) -> None:
    signed_in(**{"user-agent": FIREFOX})
    row = SignIn.objects.get()
    assert (row.user, row.device, row.address) == (liu, FIREFOX, "127.0.0.1")
    assert row.since == row.seen_at
    assert row.number not in row.session_key


def test_a_session_ends_twelve_hours_after_the_last_deed(liu: User) -> None:
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60
    client = signed_in()
    grow_older(timedelta(hours=11))
    assert client.get("/customers/").status_code == 200  # prolongs it
    grow_older(timedelta(hours=11))
    assert client.get("/customers/").status_code == 200
    grow_older(timedelta(hours=12, seconds=1))
    assert client.get("/customers/")["Location"] == "/login/?next=/customers/"


def test_reading_page_after_page_does_not_write_each_time(liu: User, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = signed_in()
    before = SignIn.objects.get().expire_date
    client.get("/customers/")
    assert SignIn.objects.get().expire_date == before


def test_a_page_that_asks_by_itself_keeps_no_session_alive(liu: User) -> None:
    client = signed_in()
    grow_older(timedelta(hours=11))
    before = SignIn.objects.get().expire_date
    assert client.get("/customers/", headers={"x-guanxi-unasked": "1"}).status_code == 200
    assert SignIn.objects.get().expire_date == before
    client.get("/customers/")
    assert SignIn.objects.get().expire_date > before


def test_one_ends_ones_other_sessions(liu: User) -> None:
    here, there, yonder = signed_in(), signed_in(), signed_in()
    number = SignIn.objects.get(session_key=there.session.session_key).number
    end_sign_in(liu, number=number)
    assert there.get("/customers/").status_code == 302
    with pytest.raises(SignInNotFound):
        end_sign_in(liu, number=number)
    stranger = create_user(SYSTEM, "stranger", PASSWORD)
    with pytest.raises(SignInNotFound):
        end_sign_in(stranger, number=SignIn.objects.get(session_key=yonder.session.session_key).number)
    assert end_other_sign_ins(liu, session_key=here.session.session_key) == 1
    assert (here.get("/customers/").status_code, yonder.get("/customers/").status_code) == (200, 302)
    assert end_other_sign_ins(liu, session_key=here.session.session_key) == 0


def test_a_session_ended_in_the_middle_of_a_request_does_not_come_back(liu: User) -> None:
    store = SignIn.get_session_store_class()(signed_in().session.session_key)
    store["x"] = 1
    SignIn.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not SignIn.objects.exists()


def test_who_is_switched_off_is_out_at_once(liu: User) -> None:
    client = signed_in()
    deactivate_user(SYSTEM, liu.pk)
    assert client.get("/customers/").status_code == 302
    assert not SignIn.objects.exists()
    assert client.post("/login/", {"username": "liu", "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("address", ["/customers/", "/settings/company/"])
def test_what_writes_without_a_session_is_told_so_and_changes_nothing(client: Client, liu: User, address: str) -> None:
    client.cookies.load({"django_language": "en"})
    plain = client.post(address, {"name": "Other"})
    assert plain.status_code == 401
    assert "You were logged out before this was sent." in plain.content.decode()
    part = client.post(address, {"name": "Other"}, headers={"hx-request": "true"})
    assert part.status_code == 401
    assert "<html" not in part.content.decode()
    assert 'action="/login/again/"' in part.content.decode()
    assert client.get(address, headers={"hx-request": "true"}).status_code == 401


def test_logging_in_again_in_place(liu: User) -> None:
    client = Client(headers={"accept-language": "en", "hx-request": "true"})
    wrong = client.post("/login/again/", {"username": "liu", "password": "wrong"})
    assert wrong.status_code == 422
    assert "User name or password is wrong." in wrong.content.decode()
    assert "wrong" not in wrong.content.decode().split("is wrong")[1]
    right = client.post("/login/again/", {"username": "liu", "password": PASSWORD})
    assert right.json()["username"] == "liu"
    assert client.get("/login/still/").status_code == 204
    again = client.post("/login/again/", {"username": "nobody", "password": "x"})  # another tab was first
    assert again.json()["username"] == "liu"


def test_the_new_token_fits_the_old_form(liu: User) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    old = client.get("/login/").context["csrf_token"]
    answer = client.post("/login/", {"username": "liu", "password": PASSWORD, "csrfmiddlewaretoken": str(old)})
    assert answer.status_code == 302
    form = {"theme": "dark", "next": "/", "csrfmiddlewaretoken": str(old)}
    refused = client.post("/theme/", form, headers={"hx-request": "true"})
    assert (refused.status_code, refused["X-Guanxi-Token"]) == (403, "old")
    form["csrfmiddlewaretoken"] = client.get("/login/still/")["X-CSRFToken"]
    assert client.post("/theme/", form).status_code == 302


def test_a_log_in_rests_after_five_wrong_passwords(liu: User) -> None:
    client = Client(headers={"accept-language": "en"})
    for _ in range(4):
        assert client.post("/login/", {"username": "liu", "password": "wrong"}).status_code == 200
    fifth = client.post("/login/", {"username": "liu", "password": "wrong"})
    assert fifth.status_code == 429
    assert "You can try again in 15 minutes, or ask an administrator" in fifth.content.decode()
    assert client.post("/login/", {"username": "liu", "password": PASSWORD}).status_code == 429
    chinese = client.post("/login/", {"username": "liu", "password": "wrong"}, headers={"accept-language": "zh"})
    assert "15 分钟后可以再试" in chinese.content.decode()
    in_place = client.post("/login/again/", {"username": "liu", "password": PASSWORD}, headers={"hx-request": "true"})
    assert in_place.status_code == 429
    assert "<html" not in in_place.content.decode()
    assert client.post("/login/", {"username": "admin", "password": PASSWORD}).status_code == 302
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert elsewhere.post("/login/", {"username": "liu", "password": PASSWORD}).status_code == 302
    assert PASSWORD not in str(list(AccessAttempt.objects.values()))


def test_the_rest_is_over_after_its_time_or_by_an_administrator(liu: User) -> None:
    client = Client()
    for _ in range(5):
        client.post("/login/", {"username": "liu", "password": "wrong"})
    until = locked_until(["liu", "admin"])
    assert list(until) == ["liu"]
    assert timedelta(minutes=14) < until["liu"] - timezone.now() <= timedelta(minutes=15)
    assert locked_until(["liu"], "10.1.2.3") == {}
    unlock_user(SYSTEM, liu.pk)
    assert locked_until(["liu"]) == {}
    assert client.post("/login/", {"username": "liu", "password": PASSWORD}).status_code == 302
    client.logout()
    for _ in range(5):
        client.post("/login/", {"username": "liu", "password": "wrong"})
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert client.post("/login/", {"username": "liu", "password": PASSWORD}).status_code == 302


def test_a_log_in_forgives_what_was_mistyped(liu: User) -> None:
    client = Client()
    for _ in range(3):
        for _ in range(4):
            assert client.post("/login/", {"username": "liu", "password": "wrong"}).status_code == 200
        assert client.post("/login/", {"username": "liu", "password": PASSWORD}).status_code == 302
        client.logout()


@pytest.mark.parametrize(("is_proxied", "seen"), [(True, "203.0.113.7"), (False, "127.0.0.1")])
def test_the_address_is_what_our_own_proxy_says(liu: User, is_proxied: bool, seen: str) -> None:
    with override_settings(BEHIND_PROXY=is_proxied):
        signed_in(**{"x-forwarded-for": "10.9.9.9, 203.0.113.7"})
        assert SignIn.objects.get().address == seen
        SignIn.objects.all().delete()
        signed_in(**{"x-forwarded-for": "<script>"})
        assert SignIn.objects.get().address == "127.0.0.1"
