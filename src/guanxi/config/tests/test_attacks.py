"""What an attacker would try first, each tried: scripts in texts, other people's numbers, forged forms and hosts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_settings

from guanxi.config.tests.route_world import PASSWORD, World, make_world
from guanxi.customers.commands import add_contact, add_preference, create_task, log_interaction, put_tag
from guanxi.customers.models import Attachment, Customer
from guanxi.customers.tests.factories import make_customers, make_records
from guanxi.kernel.access.commands import create_role, create_team, edit_user, set_company
from guanxi.kernel.access.models import User
from guanxi.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
SCRIPT = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"
RAW = ("<img src=x", "<script>alert", "javascript:alert")


@pytest.fixture
def world() -> World:
    return make_world()


def signed_in(world: World, who: str, **options: Any) -> Client:
    client = Client(headers={"accept-language": "en"}, **options)
    client.force_login(world.users[who])
    return client


def test_a_script_in_any_text_is_shown_as_text(world: World) -> None:
    admin = world.users["administrator"]
    make_customers([{
        "id": 1, "kind": "organisation", "name": SCRIPT, "city": SCRIPT[:80], "owner_code": SCRIPT[:40],
        "phone": SCRIPT[:32], "email": SCRIPT,
    }])  # fmt: skip
    make_records([{"source": "shop", "source_key": SCRIPT[:100], "customer_id": 1, "name": SCRIPT, "address": SCRIPT}])
    Customer.objects.filter(pk=1).update(company=SCRIPT, industry=SCRIPT[:80], remark=SCRIPT, owner=None)
    now = {"kind": "call", "at": "2026-11-22T10:00:00+08:00"}
    log_interaction(admin, customer_id=1, values={**now, "subject": SCRIPT, "body": SCRIPT})
    create_task(admin, customer_id=1, values={"title": SCRIPT, "reason": SCRIPT, "due_on": "2099-01-01"})
    add_contact(admin, customer_id=1, values={"name": SCRIPT, "post": SCRIPT})
    taste = {"kind": "drink", "attitude": "like", "value": SCRIPT, "said_by": SCRIPT, "said_on": "2026-11-22"}
    add_preference(admin, customer_id=1, values=taste)
    put_tag(admin, customer_id=1, name=SCRIPT[:40])
    create_role(admin, SCRIPT[:40], permissions=[], visibility="own")
    team = create_team(admin, SCRIPT[:80])
    set_company(admin, SCRIPT)
    edit_user(admin, admin.pk, username=SCRIPT, display_name=SCRIPT[:80], employee_no=SCRIPT[:40],
              roles=["administrator", "seller"], team_id=team.pk)  # fmt: skip
    client = signed_in(world, "administrator")
    for address in (
        "/customers/", "/customers/1/", "/customers/1/card/", "/customers/1/edit/", "/customers/1/history/",
        "/customers/1/timeline/", "/customers/?q=alert", f"/customers/?q={SCRIPT}", "/customers/why/?customer=1",
        "/my-day/", "/account/", "/account/rights/", "/settings/", "/settings/users/", f"/settings/users/{admin.pk}/",
        f"/settings/users/?q={SCRIPT}", "/settings/roles/", "/settings/places/", "/settings/log/?who=all",
        f"/{SCRIPT}/", "/palette/?q=alert",
    ):  # fmt: skip
        body = client.get(address).content.decode()
        assert not [text for text in RAW if text in body], address
        assert "49" not in body or "{{7*7}}" in body or "alert" not in body, address


def test_a_number_of_somebody_else_opens_nothing(world: World) -> None:
    """The table of `test_routes.py` walks all addresses; here the numbers travel in bodies."""
    seller, other = world.users["seller"], world.users["other"]
    client = signed_in(world, "seller")
    before, city = list(Customer.objects.filter(pk=2).values()), {"city": "杭州", "before-city": ""}
    assert client.post("/customers/many/tag/", {"ids": "2", "tag": "x"}).status_code in {302, 400, 409}
    assert client.post("/customers/1/edit/", {"id": "2", "customer_id": "2", "main": "2", **city}).status_code == 302
    assert client.get(f"/customers/why/?customer=2&user={other.pk}").status_code == 404
    assert client.post(f"/settings/users/{seller.pk}/", {"roles": ["administrator"]}).status_code == 403
    assert list(Customer.objects.filter(pk=2).values()) == before
    assert Customer.objects.get(pk=1).city == "杭州"


def test_fields_nobody_asked_for_are_not_taken(world: World) -> None:
    client = signed_in(world, "seller")
    more = {"owner": world.users["other"].pk, "owner_id": world.users["other"].pk, "deleted_at": "2026-01-01", "id": 99,
            "main_id": 2, "edited": "{}", "published": "x", "source_records": 77, "satisfaction": 1}  # fmt: skip
    assert client.post("/customers/1/edit/", {"city": "绍兴", "before-city": "", **more}).status_code == 302
    row = Customer.objects.get(pk=1)
    assert (row.city, row.owner, row.deleted_at, row.main_id, row.source_records, row.satisfaction) == (
        "绍兴", world.users["seller"], None, 1, 1, None,
    )  # fmt: skip
    sent = {"present": PASSWORD, "new": "longjing-before-rain", "again": "longjing-before-rain"}
    extra = {"is_superuser": "on", "is_staff": "on", "roles": ["administrator"], "username": "root"}
    assert client.post("/account/password/", sent | extra).status_code == 302
    user = User.objects.get(pk=world.users["seller"].pk)
    assert (user.is_superuser, user.is_staff, user.username) == (False, False, "seller")
    assert [role.name for role in user.roles.all()] == ["seller"]


@pytest.mark.parametrize(
    "address",
    ["/customers/1/edit/", "/customers/1/details/phone/", "/logout/", "/account/password/", "/settings/users/new/",
     "/customers/many/delete/", "/login/again/", "/theme/"],
)  # fmt: skip
def test_a_form_from_elsewhere_does_nothing(world: World, address: str) -> None:
    client = signed_in(world, "administrator", enforce_csrf_checks=True)
    before = AuditEntry.objects.count()
    answer = client.post(address, {"city": "x"}, headers={"origin": "https://evil.example"})
    assert (answer.status_code, AuditEntry.objects.count()) == (403, before)
    client.get("/account/")
    token = client.cookies["csrftoken"].value
    forged = client.post(
        address, {"city": "x", "csrfmiddlewaretoken": token}, headers={"origin": "https://evil.example"}
    )
    assert (forged.status_code, AuditEntry.objects.count()) == (403, before)


def test_the_api_takes_no_forged_form_either(world: World) -> None:
    client = signed_in(world, "administrator", enforce_csrf_checks=True)
    before = list(Customer.objects.order_by("pk").values())
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = client.post("/api/v1/customers", '{"values": {"name": "x"}}', content_type=kind)
        assert answer.status_code in {400, 403, 415, 422}, kind
    assert list(Customer.objects.order_by("pk").values()) == before


def test_too_much_at_once_is_refused_in_words(world: World) -> None:
    client = signed_in(world, "seller")
    with override_settings(LARGEST_BODY=1024 * 1024):
        file = SimpleUploadedFile("big.pdf", b"%PDF-" + b"x" * (1024 * 1024))
        before = Attachment.objects.count()
        answer = client.post("/customers/1/files/", {"file": file})
        assert answer.status_code == 413
        assert "1 MB are the most that can be sent at once" in answer.content.decode()
        assert Attachment.objects.count() == before
        file.seek(0)
        part = client.post("/customers/1/files/", {"file": file}, headers={"hx-request": "true"})
        assert part.status_code == 413
        assert "<html" not in part.content.decode()
    client.raise_request_exception = False
    many = client.post("/customers/1/edit/", {f"f{number}": "x" for number in range(1_100)})
    assert many.status_code == 400
    assert "无法识别这个请求" in many.content.decode()
    assert client.post("/customers/1/edit/", {"remark": "x" * 3_000_000}).status_code == 400


@pytest.mark.parametrize("name", ["../../secret.key", "..\\..\\secret.key", "/etc/passwd", "a\x00.pdf", "con/../x.pdf"])
def test_a_file_name_leads_nowhere(world: World, name: str, settings: Any) -> None:
    client = signed_in(world, "seller")
    before = {path.name for path in Path(settings.GUANXI_HOME).rglob("*") if path.is_file()}
    client.post("/customers/1/files/", {"file": SimpleUploadedFile(name, b"%PDF-1.4 tea")})
    for path in Path(settings.GUANXI_HOME).rglob("*"):
        assert path.resolve().is_relative_to(Path(settings.GUANXI_HOME).resolve())
        assert not path.is_file() or path.name in before or len(path.name) >= 32  # under its digest
    assert not (Path(settings.GUANXI_HOME).parent / "secret.key").exists()


@pytest.mark.parametrize(
    "address",
    ["/static/../guanxi.sqlite3", "/static/%2e%2e/secret.key", "/static/..%2f..%2fsecret.key", "/static//etc/passwd",
     "/customers/..%2f..%2fsettings/", "/work/1/file/../../../secret.key"],
)  # fmt: skip
def test_no_address_leads_out_of_its_folder(world: World, address: str) -> None:
    assert signed_in(world, "administrator").get(address).status_code in {302, 400, 404}


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example/", "\\\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(world: World, onward: str) -> None:
    client = Client()
    answer = client.post("/login/", {"username": "seller", "password": PASSWORD, "next": onward})
    assert answer["Location"] == "/"
    for address, data in (("/language/", {"language": "en"}), ("/theme/", {"theme": "dark"})):
        answer = client.post(address, {**data, "next": onward})
        assert "evil" not in answer.get("Location", "/")
        assert "javascript" not in answer.get("Location", "/")


def test_a_host_we_are_not_is_refused(world: World) -> None:
    client = signed_in(world, "administrator")
    with override_settings(ALLOWED_HOSTS=["crm.example.com"]):
        assert client.get("/account/", headers={"host": "evil.example"}).status_code == 400
        user = world.users["seller"]
        answer = client.post(
            f"/settings/users/{user.pk}/password/", {"way": "link"},
            headers={"host": "crm.example.com", "x-forwarded-host": "evil.example"},
        )  # fmt: skip
        assert "http://crm.example.com/password/" in answer.content.decode()
        assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/login/", "/customers/", "/customers/1/", "/nowhere/", "/api/v1/customers", "/health/"]
)
def test_every_answer_carries_what_protects_it(world: World, address: str) -> None:
    answer = signed_in(world, "seller").get(address)
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_cookies_are_kept_from_scripts_and_other_sites(world: World) -> None:
    client = Client()
    client.post("/login/", {"username": "seller", "password": PASSWORD})
    session = client.cookies["sessionid"]
    assert (session["httponly"], session["samesite"], session["max-age"]) == (True, "Lax", 12 * 60 * 60)


KEY = "not the key of anybody, 0123456789 abcdefghijklmnopqrstuvwxyz"
CHECK = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.config.settings"
django.setup()
from django.conf import settings
from django.core.checks import run_checks
print(sorted(found.id for found in run_checks(include_deployment_checks=True)))
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)
print(settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT)
"""


def test_behind_https_django_finds_nothing_to_mend(tmp_path: Path) -> None:
    """But for the rest of the domain (W005) and the browsers' list (W021), which are not ours to speak for."""
    environment = {"GUANXI_HOME": str(tmp_path), "GUANXI_HTTPS": "1", "GUANXI_SECRET_KEY": KEY,
                   "PYTHONPATH": ":".join(sys.path), "PATH": ""}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", CHECK], env=environment, capture_output=True, text=True, check=True)
    found, cookies, transport = done.stdout.strip().splitlines()
    assert found == "['security.W005', 'security.W021']"
    assert (cookies, transport) == ("True True", "31536000 True")


@pytest.mark.parametrize(
    "address",
    [
        "/lists/customers/filter/?at=²",
        f"/lists/customers/filter/?at={'9' * 5000}",
        f"/work/now/?seen={'9' * 5000}",
        f"/work/now/?seen={'9' * 30}",
    ],
)
def test_what_only_looks_like_a_number_is_none(world: World, address: str) -> None:
    assert signed_in(world, "administrator").get(address).status_code == 200
