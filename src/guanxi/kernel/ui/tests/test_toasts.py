from __future__ import annotations

import json

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from guanxi.kernel.ui.toasts import leave_toast, with_event, with_toast


@pytest.mark.parametrize(("language", "undo"), [("en", "Undo"), ("zh-hans", "撤销")])
def test_an_answer_carries_its_toast(language: str, undo: str) -> None:
    with override(language):
        response = with_toast(HttpResponse(), "3 位客户", undo_url="/undo/7/")
    assert json.loads(response["HX-Trigger"]) == {
        "gx:toast": {"text": "3 位客户", "undoUrl": "/undo/7/", "undoText": undo}
    }
    assert response["HX-Trigger"].isascii()


def test_other_events_stay() -> None:
    response = with_toast(with_event(HttpResponse(), "gx:changed", {"list": "customers"}), "Saved.")
    assert json.loads(response["HX-Trigger"]) == {"gx:changed": {"list": "customers"}, "gx:toast": {"text": "Saved."}}


def test_a_toast_is_left_for_the_next_page() -> None:
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    leave_toast(request, "<b> is gone", undo_url="/undo/7/")
    leave_toast(request, "Saved.")
    with override("en"):
        page = render_to_string("ui/_messages.html", {"messages": request._messages})  # type: ignore[attr-defined]
    shown = page.partition("<template")[0]
    assert "&lt;b&gt; is gone" in shown
    assert shown.count('data-gx-undo="/undo/7/"') == shown.count("data-gx-undo") == 1
    assert shown.count("gx-toast-close") == 2
    assert 'class="alert' not in page
