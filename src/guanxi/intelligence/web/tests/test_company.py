"""Settings: the company's name and language, and how tiers are made."""

from __future__ import annotations

import pytest

from guanxi.intelligence.tests.demo_figures import publish_figures
from guanxi.intelligence.web.tests.conftest import SignIn
from guanxi.intelligence.web.tests.test_who import page_of, words_of
from guanxi.kernel.access.models import Company

pytestmark = pytest.mark.django_db


def test_every_way_has_its_rule_and_a_preview(sign_in: SignIn) -> None:
    publish_figures()
    words = words_of(page_of(sign_in("administrator"), "/settings/"))
    assert "Spend pyramid By rank of spend in the last 12 months" in words
    assert "VIP 231 1.0% 31.0% Major 922 4.0% 25.2%" in words
    assert "Major 4,580 19.9% 80.0% Regular 6,210 26.9% 15.0%" in words
    assert "VIP 4,820 13.7% 47.2%" in words
    assert "The counts are what each way would give with the data of 2026-11-21." in words


def test_without_figures_the_rules_stand_alone(sign_in: SignIn) -> None:
    page = page_of(sign_in("administrator"), "/settings/")
    assert "By how recently, how often and how much they bought" in words_of(page)
    assert "<table" not in page


def test_another_way_is_chosen_for_the_next_update(sign_in: SignIn) -> None:
    publish_figures()
    client = sign_in("administrator")
    answer = client.post("/settings/tier/", {"method": "rfm"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/settings/")
    assert Company.objects.get().tier_method == "rfm"
    page = page_of(client, "/settings/")
    assert 'value="rfm" checked' in page
    assert "The pages still show the tiers made before this choice" in words_of(page)


def test_an_unknown_way_changes_nothing(sign_in: SignIn) -> None:
    assert sign_in("administrator").post("/settings/tier/", {"method": "dice"}).status_code == 409
    assert Company.objects.get().tier_method == "pyramid"


def test_the_company_is_renamed(sign_in: SignIn) -> None:
    client = sign_in("administrator")
    client.post("/settings/company/", {"name": "听雨茶业", "language": "en"})
    company = Company.objects.get()
    assert (company.name, company.language) == ("听雨茶业", "en")
    nameless = client.post("/settings/company/", {"name": " ", "language": "en"})
    assert nameless.status_code == 422
    assert "Give the company's name." in words_of(nameless.content.decode())
    assert Company.objects.get().name == "听雨茶业"


def test_the_nightly_update_is_chosen(sign_in: SignIn) -> None:
    client = sign_in("administrator")
    page = page_of(client, "/settings/")
    assert 'value="02:00"' in page
    assert 'name="is_on" class="form-check-input" id="id_is_on" checked' in page
    assert client.post("/settings/nightly/", {"is_on": "on", "at": "23:15"}).status_code == 302
    assert Company.objects.get().nightly_refresh == "23:15"
    for wrong in ({"is_on": "on", "at": "soon"}, {"is_on": "on", "at": ""}):
        answer = client.post("/settings/nightly/", wrong)
        assert answer.status_code == 422
        assert "Give hours and minutes, such as 02:00." in words_of(answer.content.decode())
    assert Company.objects.get().nightly_refresh == "23:15"
    client.post("/settings/nightly/", {"at": "23:15"})
    assert Company.objects.get().nightly_refresh == "off"
    assert 'value="02:00"' in page_of(client, "/settings/")  # stands ready


def test_only_who_manages_settings_may(sign_in: SignIn) -> None:
    client = sign_in("manager")
    assert client.get("/settings/").status_code == 403
    assert client.post("/settings/tier/", {"method": "rfm"}).status_code == 403
    assert client.post("/settings/company/", {"name": "X", "language": "en"}).status_code == 403
    assert client.post("/settings/nightly/", {"at": "23:15"}).status_code == 403
    company = Company.objects.get()
    assert (company.name, company.tier_method, company.nightly_refresh) == ("T公司", "pyramid", "02:00")
