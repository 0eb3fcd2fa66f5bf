"""The parts of the customer page that people fill, as htmx and as whole pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from guanxi.customers.commands import add_attachment, add_contact_point, create_customer, create_task, log_interaction
from guanxi.customers.files import path_of
from guanxi.customers.models import (
    Address,
    Attachment,
    Certificate,
    Contact,
    ContactPoint,
    Customer,
    CustomerTag,
    Interaction,
    Preference,
    Relation,
    Task,
)
from guanxi.kernel.access.models import User

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TODAY = timezone.localdate()


def ask(client: Client, address: str, status: int = 200, **sent: Any) -> str:
    answer = client.post(address, sent, headers=HTMX) if sent else client.get(address, headers=HTMX)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_each_part_opens_a_form_takes_what_is_typed_and_shows_it(
    desk: Client, seller: User, wang: Customer, tea: Customer
) -> None:
    other = create_customer(seller, values={"name": "李雷"})
    for customer, key, sent, shown in (
        (wang, "contact_point", {"kind": "phone", "value": "139 0000 1111", "label": "home"}, "139****1111"),
        (wang, "address", {"kind": "home", "line": "West Lake Road 1", "region_code": "CN-ZJ"}, "West Lake Road 1"),
        (wang, "certificate", {"kind": "passport", "number": "E1234567"}, "****67"),
        (wang, "preference", {"attitude": "never", "kind": "topic", "value": "politics"}, "politics"),
        (wang, "tag", {"name": "老客户"}, "老客户"),
        (wang, "relation", {"kind": "family", "other_id": other.pk}, "李雷"),
        (wang, "step", {"title": "Send samples", "due_on": TODAY.isoformat()}, "Send samples"),
        (tea, "contact", {"name": "陈红", "post": "CFO", "is_key_decision_maker": "yes"}, "Key decision maker"),
    ):
        part = f"/customers/{customer.pk}/parts/{key}/"
        form = ask(desk, f"{part}new/")
        assert f'hx-post="{part}"' in form
        assert f'hx-target="#part-{key}"' in form
        drawn = ask(desk, part, **sent)
        assert f'id="part-{key}"' in drawn
        assert shown in drawn
    counts = [kind.objects.count() for kind in (ContactPoint, Address, Certificate, Preference, CustomerTag)]
    assert counts == [1, 1, 1, 1, 1]
    assert [kind.objects.count() for kind in (Relation, Task, Contact)] == [1, 1, 1]
    page = desk.get(f"/customers/{wang.pk}/").content.decode()
    for text in ("139****1111", "West Lake Road 1", "****67", "politics", "老客户", "李雷", "Send samples"):
        assert text in page
    for secret in ("13900001111", "E1234567"):
        assert secret not in page


def test_what_is_wrong_is_told_beside_the_field_with_the_text_kept(desk: Client, wang: Customer) -> None:
    answer = desk.post(
        f"/customers/{wang.pk}/parts/contact_point/", {"kind": "phone", "value": "12", "label": "家里"}, headers=HTMX
    )
    page = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"]) == (200, "#form-contact_point")
    assert 'aria-invalid="true" aria-describedby="contact_point-value-error"' in page
    assert 'value="家里"' in page
    assert '<a href="#contact_point-value">' in page
    assert not ContactPoint.objects.exists()


def test_all_mistakes_are_told_at_once(desk: Client, wang: Customer) -> None:
    page = ask(desk, f"/customers/{wang.pk}/parts/address/", kind="moon", line="", region_code="XX")
    assert page.count("gx-field-error") == 3


def test_a_row_is_corrected_without_showing_what_is_masked(desk: Client, seller: User, wang: Customer) -> None:
    point = add_contact_point(seller, customer_id=wang.pk, values={"kind": "phone", "value": "13900001111"})
    row = f"/customers/{wang.pk}/parts/contact_point/{point.pk}/"
    form = ask(desk, row)
    assert 'value="139****1111"' in form
    assert "13900001111" not in form
    ask(desk, row, value="139****1111", label="办公室")
    assert ContactPoint.objects.values_list("value", "label").get() == ("+8613900001111", "办公室")
    ask(desk, row, value="13900002222", label="办公室")
    assert ContactPoint.objects.get().value == "+8613900002222"
    ask(desk, f"{row}remove/", x="1")
    assert not ContactPoint.objects.exists()


def test_the_same_number_elsewhere_is_told_without_telling_more(
    other_desk: Client, colleague: User, wang: Customer
) -> None:
    mine = create_customer(colleague, values={"name": "别人"})
    page = ask(other_desk, f"/customers/{mine.pk}/parts/contact_point/", kind="phone", value="13812345678")
    assert "Somebody else looks after a customer with this phone." in page
    assert "Ask 沈嘉敏, or your manager." in page
    assert "王伟" not in page


def test_without_htmx_the_same_addresses_are_pages(desk: Client, wang: Customer) -> None:
    part = f"/customers/{wang.pk}/parts/preference/"
    page = desk.get(f"{part}new/").content.decode()
    assert "<title>" in page
    answer = desk.post(part, {"attitude": "like", "kind": "food", "value": "tea"})
    assert answer["Location"] == f"/customers/{wang.pk}/"
    assert Preference.objects.get().value == "tea"
    assert "<title>" in desk.post(part, {"attitude": "like"}).content.decode()


def test_strangers_find_nothing(other_desk: Client, seller: User, wang: Customer) -> None:
    point = add_contact_point(seller, customer_id=wang.pk, values={"kind": "phone", "value": "13900001111"})
    task = create_task(seller, customer_id=wang.pk, values={"title": "x", "due_on": TODAY})
    call = log_interaction(seller, customer_id=wang.pk, values={"kind": "call"})
    kept = add_attachment(seller, customer_id=wang.pk, name="a.txt", chunks=[b"x"])
    mine = f"/customers/{wang.pk}"
    for address in (
        f"{mine}/", f"{mine}/edit/", f"{mine}/did/", f"{mine}/timeline/", f"{mine}/parts/step/",
        f"{mine}/parts/address/new/", f"{mine}/parts/contact_point/{point.pk}/", f"{mine}/parts/step/{task.pk}/",
        f"/customers/follow-ups/{call.pk}/", f"/customers/files/{kept.pk}/",
    ):  # fmt: skip
        assert other_desk.get(address).status_code == 404, address
    for address in (
        f"{mine}/log/", f"{mine}/files/", f"{mine}/parts/tag/", f"{mine}/parts/contact_point/{point.pk}/remove/",
        f"/customers/steps/{task.pk}/done/", f"/customers/steps/{task.pk}/drop/", f"/customers/steps/{task.pk}/move/",
        f"/customers/steps/{task.pk}/reopen/", f"/customers/follow-ups/{call.pk}/pin/",
        f"/customers/follow-ups/{call.pk}/remove/", f"/customers/follow-ups/{call.pk}/restore/",
        f"/customers/files/{kept.pk}/delete/", f"/customers/files/{kept.pk}/restore/",
    ):  # fmt: skip
        sent = {"kind": "call", "name": "x", "to": "tomorrow", "file": SimpleUploadedFile("a.txt", b"x")}
        assert other_desk.post(address, sent).status_code == 404, address
    assert (Task.objects.get().state, Interaction.objects.get().deleted_at) == ("open", None)
    assert (Attachment.objects.get().deleted_at, CustomerTag.objects.count()) == (None, 0)


def test_parts_and_rows_that_are_none_are_not_found(desk: Client, wang: Customer) -> None:
    for address in ("parts/moon/", "parts/moon/new/", "parts/tag/1/", "parts/step/404/", "parts/address/404/"):
        assert desk.get(f"/customers/{wang.pk}/{address}", headers=HTMX).status_code == 404
    assert desk.post(f"/customers/{wang.pk}/parts/step/1/remove/", headers=HTMX).status_code == 404


def test_logging_a_call_answers_with_the_timeline_and_the_next_step(desk: Client, seller: User, wang: Customer) -> None:
    task = create_task(seller, customer_id=wang.pk, values={"title": "Call back", "due_on": TODAY})
    answer = desk.post(
        f"/customers/{wang.pk}/log/",
        {"kind": "call", "direction": "out", "reached": "yes", "body": "<b>hello</b>", "satisfaction": "5",
         "subject": "not asked of calls", "ends": task.pk, "next_due_on": (TODAY + timedelta(days=1)).isoformat()},
        headers=HTMX,
    )  # fmt: skip
    page = answer.content.decode()
    call = Interaction.objects.get()
    assert (call.kind, call.direction, call.reached, call.satisfaction, call.subject) == ("call", "out", True, 5, "")
    assert "&lt;b&gt;hello&lt;/b&gt;" in page
    assert 'id="part-step" hx-swap-oob="true"' in page
    assert 'id="part-about" hx-swap-oob="true"' in page
    assert json.loads(answer["HX-Trigger"])["gx:toast"] == {
        "text": "Logged: Call", "undoUrl": f"/customers/follow-ups/{call.pk}/remove/", "undoText": "Undo",
    }  # fmt: skip
    assert list(Task.objects.order_by("pk").values_list("title", "state")) == [
        ("Call back", "done"), ("Follow up", "open"),
    ]  # fmt: skip
    undone = desk.post(f"/customers/follow-ups/{call.pk}/remove/", headers=HTMX)
    assert undone.status_code == 204
    assert json.loads(undone["HX-Trigger"])["gx:customer"] is True
    assert Task.objects.get(pk=task.pk).state == "open"
    desk.post(f"/customers/follow-ups/{call.pk}/restore/", headers=HTMX)
    assert Interaction.objects.get().deleted_at is None


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"kind": "note", "body": ""}, "log-body"),
        ({"kind": "call", "body": "kept", "at": "2999-01-01T10:00"}, "log-at"),
        ({"kind": "call", "body": "kept", "next_title": "x"}, "log-next_due_on"),
        ({"kind": "call", "body": "kept", "next_due_on": "2020-01-01"}, "log-next_due_on"),
    ],
)
def test_what_cannot_be_logged_stays_in_the_composer(
    desk: Client, wang: Customer, sent: dict[str, str], wrong: str
) -> None:
    page = ask(desk, f"/customers/{wang.pk}/log/", 200, **sent)
    assert f'id="{wrong}-error"' in page
    assert sent["body"] in page
    assert not Interaction.objects.exists()
    assert not Task.objects.exists()


def test_a_call_without_htmx_leads_back_to_the_page(desk: Client, wang: Customer) -> None:
    assert desk.post(f"/customers/{wang.pk}/log/", {"kind": "call"})["Location"] == f"/customers/{wang.pk}/"
    page = desk.post(f"/customers/{wang.pk}/log/", {"kind": "note"}).content.decode()
    assert "<title>" in page
    assert 'id="log-body-error"' in page


def test_the_address_opens_the_composer_with_its_step(desk: Client, seller: User, wang: Customer) -> None:
    task = create_task(seller, customer_id=wang.pk, values={"title": "Call back", "due_on": TODAY})
    page = desk.get(f"/customers/{wang.pk}/?log=visit&ends={task.pk}").content.decode()
    assert 'name="kind" value="visit"' in page
    assert f'<option value="{task.pk}" selected>' in page
    assert 'data-show="did"' in page
    assert all(
        f'data-gx-for="{kinds}" hidden>' in page for kinds in ("call mail", "mail meeting")
    )  # moves nothing later
    assert 'data-gx-for="call visit" >' in page
    assert 'name="kind" value=""' in desk.get(f"/customers/{wang.pk}/?log=moon").content.decode()


def test_a_follow_up_is_pinned_corrected_and_read_on(desk: Client, seller: User, wang: Customer) -> None:
    note = log_interaction(seller, customer_id=wang.pk, values={"kind": "note", "body": "first"})
    assert "gx-pinned" in ask(desk, f"/customers/follow-ups/{note.pk}/pin/", pinned="yes")
    form = ask(desk, f"/customers/follow-ups/{note.pk}/")
    assert ">first</textarea>" in form
    assert 'name="reached"' not in form
    assert "second" in ask(desk, f"/customers/follow-ups/{note.pk}/", body="second", at="", subject="")
    assert Interaction.objects.values_list("body", "at").get() == ("second", note.at)
    wrong = ask(desk, f"/customers/follow-ups/{note.pk}/", body="", at="")
    assert f'id="follow-up-{note.pk}-body-error"' in wrong
    for number in range(40):
        at = (timezone.now() - timedelta(days=number)).isoformat()
        log_interaction(seller, customer_id=wang.pk, values={"kind": "call", "at": at, "subject": f"call {number}."})
    first = ask(desk, f"/customers/{wang.pk}/timeline/?only=talk")
    assert "call 28." in first
    assert "call 30." not in first
    more = first.split('hx-get="/customers/')[-1].split('"')[0].replace("&amp;", "&")
    second = ask(desk, f"/customers/{more}")
    assert "call 39." in second
    assert "gx-timeline-chips" not in second
    assert ask(desk, f"/customers/{wang.pk}/timeline/?cursor=moon", 409)


def test_a_filtered_page_stays_filtered_when_a_part_is_read_anew(desk: Client, seller: User, wang: Customer) -> None:
    log_interaction(seller, customer_id=wang.pk, values={"kind": "note", "body": "first"})
    headers = HTMX | {"HX-Current-URL": f"http://testserver/customers/{wang.pk}/?only=file"}
    page = desk.get(f"/customers/{wang.pk}/did/", headers=headers).content.decode()
    assert "Nothing of this kind yet." in page
    assert "first" not in page


def test_a_step_is_done_dropped_reopened_and_put_off(desk: Client, seller: User, wang: Customer) -> None:
    task = create_task(seller, customer_id=wang.pk, values={"title": "x", "due_on": TODAY})
    for deed, state in (("done", "done"), ("reopen", "open"), ("drop", "dropped"), ("reopen", "open")):
        answer = desk.post(f"/customers/steps/{task.pk}/{deed}/", headers=HTMX)
        assert json.loads(answer["HX-Trigger"])["gx:part-step"] is True
        assert Task.objects.get().state == state
    desk.post(f"/customers/steps/{task.pk}/move/", {"to": "tomorrow"}, headers=HTMX)
    assert Task.objects.get().due_on == TODAY + timedelta(days=1)
    desk.post(f"/customers/steps/{task.pk}/move/", {"to": (TODAY + timedelta(days=9)).isoformat()})
    assert Task.objects.get().due_on == TODAY + timedelta(days=9)
    for day in ("", "moon", "2020-01-01"):
        assert desk.post(f"/customers/steps/{task.pk}/move/", {"to": day}, headers=HTMX).status_code == 409
    assert Task.objects.get().due_on == TODAY + timedelta(days=9)


def test_a_file_goes_up_comes_down_safely_and_goes_into_the_bin(desk: Client, seller: User, wang: Customer) -> None:
    sent = {"file": [SimpleUploadedFile("报价 1.pdf", b"%PDF-1.4"), SimpleUploadedFile("b.txt", "茶".encode())]}
    page = desk.post(f"/customers/{wang.pk}/files/", sent, headers=HTMX).content.decode()
    assert "报价 1.pdf" in page
    first = Attachment.objects.get(name="报价 1.pdf")
    answer = desk.get(f"/customers/files/{first.pk}/")
    assert answer.getvalue() == b"%PDF-1.4"
    assert {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy")} == {
        "Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }  # fmt: skip
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    gone = desk.post(f"/customers/files/{first.pk}/delete/", headers=HTMX)
    assert "报价 1.pdf" not in gone.content.decode()
    assert desk.get(f"/customers/files/{first.pk}/").status_code == 404
    back = desk.post(f"/customers/files/{first.pk}/restore/", headers=HTMX)
    assert json.loads(back["HX-Trigger"]) == {"gx:part-attachment": True}
    path_of(first.digest).unlink()
    assert desk.get(f"/customers/files/{first.pk}/").status_code == 404


def test_a_wrong_file_is_told_and_the_others_stay(desk: Client, wang: Customer) -> None:
    sent = {"file": [SimpleUploadedFile("a.txt", b"x"), SimpleUploadedFile("page.html", b"<script>1</script>")]}
    page = desk.post(f"/customers/{wang.pk}/files/", sent, headers=HTMX).content.decode()
    assert "The file “page.html” was not kept: files of this kind are not kept here." in page
    assert list(Attachment.objects.values_list("name", flat=True)) == ["a.txt"]
    nothing = desk.post(f"/customers/{wang.pk}/files/", {}, headers=HTMX)
    assert nothing.status_code == 200


def test_the_picker_finds_only_what_may_be_seen(desk: Client, manager: User, wang: Customer) -> None:
    create_customer(manager, values={"name": "王伟二"})
    found = ask(desk, "/customers/find/?q=王伟&name=person_id")
    assert f'name="person_id" value="{wang.pk}"' in found
    assert "王伟二" not in found
    assert "Nobody found." in ask(desk, "/customers/find/?q=nobody")
    assert ask(desk, "/customers/find/?q=").strip() == ""


def test_the_page_speaks_chinese(desk: Client, seller: User, wang: Customer) -> None:
    log_interaction(seller, customer_id=wang.pk, values={"kind": "call", "reached": "no"})
    desk.cookies.load({"django_language": "zh-hans"})
    page = desk.get(f"/customers/{wang.pk}/").content.decode()
    for text in ("偏好与禁忌", "记一次电话", "下一步", "未联系上", "动态", "修改记录"):
        assert text in page
