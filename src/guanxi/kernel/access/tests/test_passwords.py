"""Which passwords are taken, and how somebody comes to a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from guanxi.kernel.access.commands import (
    change_password,
    choose_password_by_link,
    create_user,
    deactivate_user,
    ensure_roles,
    reset_password,
)
from guanxi.kernel.access.errors import LinkOver, PasswordTooWeak, PasswordWrong, UserNotFound
from guanxi.kernel.access.links import find_by_link, link_for
from guanxi.kernel.access.models import FormerPassword, SignIn, User
from guanxi.kernel.access.passwords import NotTriedFirst
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.tests.actors import holding

GOOD, BETTER = "longjing-before-rain", "biluochun-in-spring"


@pytest.fixture
def li() -> User:
    ensure_roles(SYSTEM)
    create_user(SYSTEM, "admin", GOOD, roles=["administrator"])
    return create_user(SYSTEM, "li", GOOD, roles=["seller"])


@pytest.mark.parametrize(
    "password",
    [
        "woaini1314", "5201314520", "qq123456789", "a123456789", "1qaz2wsx3edc", "zxcvbnm123", "13812345678",
        "+8613812345678", "19900101", "wang19900101", "1990-01-01", "admin@123", "88888888", "abcabcabc", "Mima1234",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        NotTriedFirst().validate(password)


@pytest.mark.parametrize(
    "password", [GOOD, "correct horse battery", "Longjing#2024", "guanxi-demo", "茶叶是个好东西呀"]
)
def test_what_is_ones_own_is_taken(password: str) -> None:
    NotTriedFirst().validate(password)


def test_every_rule_speaks_chinese() -> None:
    with translation.override("zh-hans"):
        rules = password_validation.password_validators_help_texts()
    assert all(any("一" <= sign <= "鿿" for sign in rule) for rule in rules), rules


@pytest.mark.django_db
def test_one_changes_ones_own_password_and_stays_where_one_is(li: User) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/login/", {"username": "li", "password": GOOD})
    change_password(li, present=GOOD, new=BETTER, session_key=here.session.session_key)
    li.refresh_from_db()
    assert li.check_password(BETTER)
    assert list(SignIn.objects.values_list("session_key", flat=True)) == [here.session.session_key]
    entry = AuditEntry.objects.order_by("-id")[0]
    assert (entry.actor_id, entry.target_key, entry.changes) == (li.pk, str(li.pk), {"password_changed": True})


@pytest.mark.django_db
def test_the_last_three_are_not_taken_again(li: User) -> None:
    present = GOOD
    for new in ("maojian-from-xinyang", "oolong-from-anxi", "puer-from-yunnan"):
        change_password(li, present=present, new=new)
        present = new
    for again in ("puer-from-yunnan", "oolong-from-anxi", "maojian-from-xinyang"):
        before = list(FormerPassword.objects.values())
        with pytest.raises(PasswordTooWeak) as caught:
            change_password(li, present=present, new=again)
        assert "last 3 passwords" in str(caught.value)
        assert list(FormerPassword.objects.values()) == before
        li.refresh_from_db()
        assert li.check_password(present)
    change_password(li, present=present, new=GOOD)
    li.refresh_from_db()
    assert li.check_password(GOOD)
    assert FormerPassword.objects.count() == 2


@pytest.mark.django_db
def test_who_does_not_know_it_does_not_change_it(li: User) -> None:
    with pytest.raises(PasswordWrong):
        change_password(li, present="guess", new=BETTER)
    with pytest.raises(PermissionDenied):
        change_password(SYSTEM, present=GOOD, new=BETTER)
    li.refresh_from_db()
    assert li.check_password(GOOD)


@pytest.mark.django_db
def test_a_reset_ends_password_and_sessions_and_gives_a_link_for_one_time(li: User) -> None:
    client = Client()
    client.post("/login/", {"username": "li", "password": GOOD})
    assert SignIn.objects.filter(user=li).count() == 1
    link = reset_password(SYSTEM, li.pk, way="link")
    assert not SignIn.objects.exists()
    li.refresh_from_db()
    assert not li.has_usable_password()
    with pytest.raises(PasswordTooWeak):
        choose_password_by_link(SYSTEM, link=link, new=GOOD)  # it was the last one
    choose_password_by_link(SYSTEM, link=link, new=BETTER)
    li.refresh_from_db()
    assert li.check_password(BETTER)
    assert not li.must_change_password
    with pytest.raises(LinkOver):
        choose_password_by_link(SYSTEM, link=link, new="another-good-tea")
    told = AuditEntry.objects.filter(target_key=str(li.pk)).order_by("-id").values_list("changes", flat=True)
    assert list(told[:2]) == [{"password_changed": True}, {"password_reset": "link"}]


@pytest.mark.django_db
def test_a_temporary_password_has_to_be_changed(li: User) -> None:
    given = reset_password(SYSTEM, li.pk, way="temporary")
    li.refresh_from_db()
    assert li.check_password(given)
    assert li.must_change_password
    client = Client()
    assert client.post("/login/", {"username": "li", "password": given}).status_code == 302
    assert client.get("/customers/")["Location"] == "/account/password/"
    change_password(li, present=given, new=BETTER, session_key=client.session.session_key)
    assert not User.objects.get(pk=li.pk).must_change_password
    assert given not in str(list(AuditEntry.objects.values_list("changes", flat=True)))


@pytest.mark.django_db
def test_a_link_is_over_after_a_day_or_with_its_user(li: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_for(li)
    assert find_by_link(link) == li
    for wrong in ("", "x", f"{link}x", "zzzzzzzzzzzzzzzz-1", link.replace("-", "--")):
        with pytest.raises(LinkOver):
            find_by_link(wrong)
    tomorrow = timezone.localtime().replace(tzinfo=None) + timedelta(hours=24, seconds=1)
    monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda _self: tomorrow)
    with pytest.raises(LinkOver):
        find_by_link(link)
    monkeypatch.undo()
    deactivate_user(SYSTEM, li.pk)
    with pytest.raises(LinkOver):
        find_by_link(link)


@pytest.mark.django_db
def test_only_who_manages_settings_resets(li: User) -> None:
    with pytest.raises(PermissionDenied):
        reset_password(holding("customers.edit"), li.pk, way="temporary")
    with pytest.raises(UserNotFound):
        reset_password(SYSTEM, 10_000, way="link")
    li.refresh_from_db()
    assert li.check_password(GOOD)
