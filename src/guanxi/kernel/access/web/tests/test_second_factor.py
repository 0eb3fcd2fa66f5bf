"""The code at log-in: set up, asked for, counted when wrong, good once, renewed, turned off and reset."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as allauth_totp
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from guanxi.kernel.access.commands import (
    change_password,
    choose_second_factor,
    create_user,
    deactivate_user,
    ensure_roles,
    pass_second_factor,
    renew_recovery_codes,
    reset_second_factor,
    set_company,
    turn_off_second_factor,
    turn_on_second_factor,
    unlock_user,
)
from guanxi.kernel.access.errors import (
    PasswordWrong,
    SecondFactorCodeWrong,
    SecondFactorNeeded,
    SecondFactorOff,
    SecondFactorOn,
)
from guanxi.kernel.access.events import SecondFactorReset
from guanxi.kernel.access.models import SignIn, User
from guanxi.kernel.access.second_factor import MOST_WRONG
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.api.commands import create_token
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.notifications.accounts import tell_of_reset
from guanxi.kernel.notifications.queries import list_news
from guanxi.kernel.vault import unseal

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = 30


class Phone:
    """An authenticator app, and the clock it shares with the server."""

    def __init__(self) -> None:
        self.secret = SECRET
        self.now = 1_800_000_000.0

    def code(self, steps: int = 0) -> str:
        counter = int(self.now) // STEP + steps
        return str(allauth_totp.format_hotp_value(allauth_totp.hotp_value(self.secret, counter)))

    def wait(self, seconds: int = STEP) -> str:
        """Let time pass; what is shown then."""
        self.now += seconds
        return self.code()


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    shared = Phone()
    monkeypatch.setattr(allauth_totp, "time", SimpleNamespace(time=lambda: shared.now))
    return shared


@pytest.fixture
def liu() -> User:
    ensure_roles(SYSTEM)
    set_company(SYSTEM, "T公司", "en")
    create_user(SYSTEM, "admin", PASSWORD, roles=["administrator"], language="en")
    return create_user(SYSTEM, "liu", PASSWORD, roles=["seller"], language="en")


def asked(**headers: str) -> Client:
    """A browser after the right password."""
    client = Client(headers={"accept-language": "en", **headers})
    answer = client.post("/login/", {"username": "liu", "password": PASSWORD, "next": "/account/"})
    assert (answer.status_code, answer["Location"]) == (302, "/login/code/")
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def turned_on(liu: User, phone: Phone) -> list[str]:
    codes = turn_on_second_factor(liu, secret=SECRET, code=phone.code())
    phone.wait()
    return codes


def last_entry() -> tuple[str, Any]:
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry is not None
    return entry.command.rpartition(".")[2], entry.changes


def test_setting_it_up_on_ones_own_page(liu: User, phone: Phone) -> None:
    client, other = Client(headers={"accept-language": "en"}), Client()
    for browser in (client, other):
        browser.post("/login/", {"username": "liu", "password": PASSWORD})
    assert "stolen password" in client.get("/account/second-factor/").content.decode()
    page = client.get("/account/second-factor/set-up/")
    text = page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "<svg" in text
    shown = re.search(r'id="secret">([A-Z2-7 ]+)<', text)
    assert shown is not None
    phone.secret = shown[1].replace(" ", "")
    assert len(phone.secret) == 32
    assert phone.secret not in str(list(SignIn.objects.values()))
    assert phone.secret not in json.dumps(dict(client.session))
    assert shown[1] in client.get("/account/second-factor/set-up/").content.decode()  # the same when it is opened again

    wrong = client.post("/account/second-factor/set-up/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "This code is wrong, or was used already." in wrong.content.decode()
    assert not Authenticator.objects.exists()
    assert is_in(other)

    done = client.post("/account/second-factor/set-up/", {"code": phone.code()})
    assert done.status_code == 200
    assert "no-store" in done["Cache-Control"]
    codes = re.findall(r"\b\d{4} \d{4}\b", done.content.decode())
    assert len(set(codes)) == 10
    assert not is_in(other)
    assert is_in(client)
    assert last_entry() == ("turn_on_second_factor", {"second_factor": [False, True]})
    later = client.get("/account/second-factor/").content.decode()
    assert not any(code in later for code in codes)
    assert re.search(r"Recovery codes left</dt><dd>10<", later)
    again = client.get("/account/second-factor/set-up/")
    assert (again.status_code, again["Location"]) == (302, "/account/second-factor/")
    with pytest.raises(SecondFactorOn):
        turn_on_second_factor(liu, secret=SECRET, code=phone.code())


def test_what_is_kept_is_sealed(liu: User, phone: Phone) -> None:
    codes = turned_on(liu, phone)
    kept = str(list(Authenticator.objects.values()))
    assert SECRET not in kept
    assert not any(code in kept for code in codes)
    app = Authenticator.objects.get(type="totp")
    assert unseal(app.data["secret"].encode()) == SECRET
    assert not any(secret in str(list(AuditEntry.objects.values())) for secret in (SECRET, *codes))


def test_a_log_in_asks_for_the_code(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    client = asked()
    assert not is_in(client)
    assert "authenticator app" in client.get("/login/code/").content.decode()
    User.objects.filter(pk=liu.pk).update(last_login=None)
    key = client.session.session_key
    answer = client.post("/login/code/", {"code": f" {phone.code()[:3]} {phone.code()[3:]} "})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert is_in(client)
    assert client.session.session_key != key
    row = SignIn.objects.get(user=liu)
    assert (row.address, row.since is not None) == ("127.0.0.1", True)
    assert User.objects.get(pk=liu.pk).last_login is not None
    assert last_entry() == ("pass_second_factor", {"second_factor_passed": "app"})


def test_full_width_digits_are_digits(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    typed = phone.code().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert asked().post("/login/code/", {"code": typed}).status_code == 302


def test_a_code_is_good_once_in_every_process(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    code, earlier = phone.code(), phone.code(-1)
    assert asked().post("/login/code/", {"code": code}).status_code == 302
    for used in (code, earlier):
        client = asked()
        refused = client.post("/login/code/", {"code": used})
        assert refused.status_code == 422
        assert not is_in(client)
    assert asked().post("/login/code/", {"code": phone.wait()}).status_code == 302


def test_the_code_that_set_it_up_opens_no_log_in(liu: User, phone: Phone) -> None:
    turn_on_second_factor(liu, secret=SECRET, code=phone.code())
    assert pass_second_factor(liu, code=phone.code()) == "wrong"


@pytest.mark.parametrize(("steps", "answer"), [(-2, "wrong"), (-1, "app"), (1, "app"), (2, "wrong")])
def test_a_clock_may_be_one_step_off(liu: User, phone: Phone, steps: int, answer: str) -> None:
    turned_on(liu, phone)
    phone.wait(10 * STEP)
    assert pass_second_factor(liu, code=phone.code(steps)) == answer


def test_a_recovery_code_is_good_once(liu: User, phone: Phone) -> None:
    codes = turned_on(liu, phone)
    assert asked().post("/login/code/", {"code": f"{codes[3][:4]} {codes[3][4:]}"}).status_code == 302
    assert last_entry() == ("pass_second_factor", {"second_factor_passed": "recovery"})
    client = asked()
    assert client.post("/login/code/", {"code": codes[3]}).status_code == 422
    assert not is_in(client)
    assert client.post("/login/code/", {"code": codes[4]}).status_code == 302
    assert re.search(r"Recovery codes left</dt><dd>8<", client.get("/account/second-factor/").content.decode())


def test_new_recovery_codes_end_the_old_ones(liu: User, phone: Phone) -> None:
    old = turned_on(liu, phone)
    with pytest.raises(PasswordWrong):
        renew_recovery_codes(liu, password="wrong")
    client = asked()
    client.post("/login/code/", {"code": phone.code()})
    page = client.post("/account/second-factor/codes/", {"password": "wrong"})
    assert page.status_code == 422
    page = client.post("/account/second-factor/codes/", {"password": PASSWORD})
    new = [code.replace(" ", "") for code in re.findall(r"\b\d{4} \d{4}\b", page.content.decode())]
    assert len(new) == 10
    assert pass_second_factor(liu, code=old[0]) == "wrong"
    assert pass_second_factor(liu, code=new[0]) == "recovery"


def test_wrong_codes_count_towards_the_lock_out(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    client = asked()
    for _ in range(2):
        assert client.post("/login/", {"username": "liu", "password": "wrong"}).status_code == 200
    for _ in range(2):
        assert client.post("/login/code/", {"code": "000000"}).status_code == 422
    fifth = client.post("/login/code/", {"code": "000000"})
    assert fifth.status_code == 429
    assert "Too many wrong codes." in fifth.content.decode()
    assert client.post("/login/code/", {"code": phone.code()}).status_code == 429
    assert client.post("/login/", {"username": "liu", "password": PASSWORD}).status_code == 429
    assert not is_in(client)
    assert "000000" not in str(list(AccessAttempt.objects.values()))
    unlock_user(SYSTEM, liu.pk)
    assert client.post("/login/code/", {"code": phone.code()}).status_code == 302


def test_the_right_password_alone_forgives_nothing(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    for _ in range(4):
        assert asked().post("/login/code/", {"code": "000000"}).status_code == 422
    assert asked().post("/login/code/", {"code": "000000"}).status_code == 429


def test_codes_rest_after_many_wrong_ones_from_wherever(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    for number in range(MOST_WRONG):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        client.post("/login/", {"username": "liu", "password": PASSWORD})
        assert client.post("/login/code/", {"code": "000000"}).status_code == 422
    here = asked()
    resting = here.post("/login/code/", {"code": phone.code()})
    assert resting.status_code == 429
    assert "You can try again in 15 minutes" in resting.content.decode()
    assert last_entry() == ("pass_second_factor", {"second_factor_refused": "resting"})
    app = Authenticator.objects.get(type="totp")
    app.data["wrong_at"] = (timezone.now() - timedelta(minutes=16)).isoformat()
    app.save()
    assert here.post("/login/code/", {"code": phone.code()}).status_code == 302
    assert "wrong" not in Authenticator.objects.get(type="totp").data


def test_an_administrator_sees_and_ends_the_rest(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    for _ in range(MOST_WRONG):
        pass_second_factor(liu, code="000000")
    admin = Client(headers={"accept-language": "en"})
    admin.post("/login/", {"username": "admin", "password": PASSWORD})
    assert "locked out" in admin.get("/settings/users/").content.decode()
    admin.post(f"/settings/users/{liu.pk}/unlock/")
    assert pass_second_factor(liu, code=phone.code()) == "app"


@pytest.mark.parametrize("change", ["password", "off", "old", "none"])
def test_a_log_in_that_no_longer_holds_is_begun_anew(liu: User, phone: Phone, change: str) -> None:
    turned_on(liu, phone)
    client = Client() if change == "none" else asked()
    if change == "password":
        change_password(liu, present=PASSWORD, new="longjing-before-rain")
    elif change == "off":
        deactivate_user(SYSTEM, liu.pk)
    elif change == "old":
        session = client.session
        session["log_in_held"] = {**session["log_in_held"], "at": timezone.now().timestamp() - 601}
        session.save()
    for answer in (client.get("/login/code/"), client.post("/login/code/", {"code": phone.code()})):
        assert (answer.status_code, answer["Location"]) == (302, "/login/")
    assert not is_in(client)
    assert last_entry()[0] != "pass_second_factor"


def test_logging_in_again_above_a_page_asks_too(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    client = Client(headers={"accept-language": "en", "hx-request": "true"})
    first = client.post("/login/again/", {"username": "liu", "password": PASSWORD})
    assert first.status_code == 422
    assert 'action="/login/again/code/"' in first.content.decode()
    assert client.get("/login/still/").status_code == 401
    assert client.post("/login/again/code/", {"code": "000000"}).status_code == 422
    right = client.post("/login/again/code/", {"code": phone.code()})
    assert right.json()["username"] == "liu"
    assert client.get("/login/still/").status_code == 204
    assert Client(headers={"hx-request": "true"}).post("/login/again/code/", {"code": "1"}).status_code == 422


def test_turning_it_off_asks_for_the_password(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    client = asked()
    client.post("/login/code/", {"code": phone.code()})
    assert client.post("/account/second-factor/off/", {"password": "wrong"}).status_code == 422
    assert Authenticator.objects.count() == 2
    assert client.post("/account/second-factor/off/", {"password": PASSWORD}).status_code == 302
    assert not Authenticator.objects.exists()
    assert last_entry() == ("turn_off_second_factor", {"second_factor": [True, False]})
    with pytest.raises(SecondFactorOff):
        turn_off_second_factor(liu, password=PASSWORD)
    with pytest.raises(SecondFactorOff):
        renew_recovery_codes(liu, password=PASSWORD)
    with pytest.raises(SecondFactorOff):
        pass_second_factor(liu, code=phone.code())
    plain = Client()
    assert plain.post("/login/", {"username": "liu", "password": PASSWORD})["Location"] == "/"


def test_an_administrator_resets_it_and_the_user_is_told(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    client = asked()
    client.post("/login/code/", {"code": phone.code()})
    with pytest.raises(PermissionDenied):
        reset_second_factor(liu, liu.pk)
    assert Authenticator.objects.count() == 2
    admin = Client(headers={"accept-language": "en"})
    admin.post("/login/", {"username": "admin", "password": PASSWORD})
    page = admin.get(f"/settings/users/{liu.pk}/").content.decode()
    assert "Reset the two-step log-in" in page
    admin.post(f"/settings/users/{liu.pk}/second-factor/")
    assert not Authenticator.objects.exists()
    assert not is_in(client)
    entry = AuditEntry.objects.get(command__endswith="reset_second_factor")
    assert (entry.actor_id, entry.target_key) == (User.objects.get(username="admin").pk, str(liu.pk))
    event = EventRecord.objects.get(name="kernel.access.SecondFactorReset")
    assert Job.objects.filter(name__endswith="tell_of_reset").count() == 1
    for _ in range(2):  # a job may run twice
        tell_of_reset(SecondFactorReset(liu.pk, event.at))
    assert [line.url for line in list_news(liu)] == ["/account/second-factor/"]
    assert list_news(liu)[0].text.startswith("An administrator reset your two-step log-in.")
    admin.post(f"/settings/users/{liu.pk}/second-factor/")  # there is nothing left to reset
    assert EventRecord.objects.filter(name="kernel.access.SecondFactorReset").count() == 1
    assert "Reset the two-step" not in admin.get(f"/settings/users/{liu.pk}/").content.decode()


def test_a_company_may_ask_everybody_for_one(liu: User, phone: Phone) -> None:
    before = Client(headers={"accept-language": "en"})
    before.post("/login/", {"username": "liu", "password": PASSWORD})
    with pytest.raises(PermissionDenied):
        choose_second_factor(liu, is_required=True)
    admin = Client(headers={"accept-language": "en"})
    admin.post("/login/", {"username": "admin", "password": PASSWORD})
    assert admin.post("/settings/log-in/", {"is_required": "on"}).status_code == 302
    assert last_entry() == ("choose_second_factor", {"requires_second_factor": [False, True]})
    assert is_in(before)  # from the next log-in on

    client = Client(headers={"accept-language": "en"})
    client.post("/login/", {"username": "liu", "password": PASSWORD})
    for address in ("/account/", "/customers/", "/account/tokens/", "/api/v1/me", "/account/second-factor/off/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/account/second-factor/set-up/"), address
    assert client.post("/account/devices/end-others/").status_code == 302
    text = client.get("/account/second-factor/set-up/").content.decode()
    assert "The company asks everybody" in text
    shown = re.search(r'id="secret">([A-Z2-7 ]+)<', text)
    assert shown is not None
    phone.secret = shown[1].replace(" ", "")
    client.post("/account/second-factor/set-up/", {"code": phone.code()})
    assert is_in(client)
    with pytest.raises(SecondFactorNeeded):
        turn_off_second_factor(liu, password=PASSWORD)
    assert Authenticator.objects.count() == 2
    choose_second_factor(SYSTEM, is_required=False)
    assert client.get("/customers/").status_code == 200


def test_tokens_of_programs_are_not_asked_for_a_code(liu: User, phone: Phone) -> None:
    turned_on(liu, phone)
    token = create_token(liu, name="till")
    answer = Client().get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_a_code_of_another_secret_turns_nothing_on(liu: User, phone: Phone) -> None:
    phone.secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    with pytest.raises(SecondFactorCodeWrong):
        turn_on_second_factor(liu, secret=SECRET, code=phone.code())
    with pytest.raises(PermissionDenied):
        turn_on_second_factor(SYSTEM, secret=SECRET, code="")
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "address", ["accounts/login/", "accounts/2fa/", "accounts/signup/", "accounts/password/reset/"]
)
def test_no_page_of_allauth_is_served(liu: User, address: str) -> None:
    client = asked_nothing()
    assert client.get(f"/{address}").status_code == 404


def asked_nothing() -> Client:
    client = Client()
    client.post("/login/", {"username": "liu", "password": PASSWORD})
    return client
