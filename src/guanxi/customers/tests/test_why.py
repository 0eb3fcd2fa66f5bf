"""Why somebody can or cannot see a customer; and no way to learn of what one may not know of."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from guanxi.customers.commands import delete_customer, retire_customers
from guanxi.customers.models import Customer
from guanxi.customers.queries.why import Because, explain_customer
from guanxi.customers.tests.factories import make_customers
from guanxi.customers.why_words import SENTENCES, tell_reason
from guanxi.kernel.access.commands import (
    create_branch,
    create_team,
    create_user,
    deactivate_user,
    edit_user,
    ensure_roles,
)
from guanxi.kernel.access.errors import UserNotFound
from guanxi.kernel.access.models import User
from guanxi.kernel.access.queries import explain_permissions, explain_reach, list_askable
from guanxi.kernel.access.system import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    """Everybody of a small company, and four customers: 1 of shen, 2 of stranger, 3 of nobody, 4 merged into 1."""
    ensure_roles(SYSTEM)
    province = create_branch(SYSTEM, "浙江省分行")
    city = create_branch(SYSTEM, "杭州市分行", parent_id=province.pk)
    tea = create_team(SYSTEM, "茶叶组", branch_id=city.pk)
    users = {
        name: create_user(SYSTEM, name, "correct horse battery", roles=[role], team_id=team, branch_id=branch)
        for name, role, team, branch in (
            ("admin", "administrator", None, None), ("liu", "manager", None, None), ("shen", "seller", tea.pk, None),
            ("mate", "seller", tea.pk, None), ("leader", "team_leader", tea.pk, None),
            ("lost", "team_leader", None, None), ("boss", "branch_manager", None, province.pk),
            ("stranger", "seller", None, None),
            ("zheng", "operator", None, None),
        )
    }  # fmt: skip
    make_customers([{"id": key, "name": f"王伟{key}"} for key in (1, 2, 3, 4)])
    Customer.objects.filter(pk__in=(1, 4)).update(owner=users["shen"])
    Customer.objects.filter(pk=2).update(owner=users["stranger"])
    retire_customers(SYSTEM, batch="test", retired=[(4, 1)])
    return users


def because(asker: User, customer_id: int, about: User | None = None) -> Because:
    return explain_customer(asker, customer_id, about.pk if about else None).because


def test_of_oneself(people: dict[str, User]) -> None:
    assert because(people["liu"], 3) == Because.ALL
    assert because(people["shen"], 1) == because(people["shen"], 4) == Because.OWN
    assert because(people["leader"], 1) == Because.TEAM
    assert because(people["boss"], 1) == Because.BRANCH


def test_what_one_may_not_know_of_is_answered_as_what_does_not_exist(people: dict[str, User]) -> None:
    for name in ("mate", "lost", "zheng"):
        asker = people[name]
        told = {tell_reason(explain_customer(asker, key)).replace(str(key), "?") for key in (1, 2, 3, 99)}
        assert len(told) == 1
        answers = [explain_customer(asker, key) for key in (1, 2, 3, 99)]
        assert {(one.because, one.owner, one.owner_place, one.is_in_bin) for one in answers} == {
            (Because.UNKNOWN, "", "", False)
        }
    assert because(people["leader"], 2, people["shen"]) == Because.UNKNOWN  # nor through somebody else


def test_of_somebody_else(people: dict[str, User]) -> None:
    admin, liu = people["admin"], people["liu"]
    assert because(admin, 1, people["shen"]) == Because.OWN
    assert because(liu, 2, people["shen"]) == Because.OUT_OF_REACH
    assert because(liu, 3, people["shen"]) == Because.NO_OWNER
    assert because(admin, 1, people["zheng"]) == Because.NO_PERMISSION
    assert because(people["leader"], 1, people["mate"]) == Because.OUT_OF_REACH
    delete_customer(SYSTEM, customer_id=1)
    assert explain_customer(admin, 1, people["shen"].pk).is_in_bin
    deactivate_user(SYSTEM, people["shen"].pk)
    assert because(admin, 2, User.objects.get(username="shen")) == Because.SWITCHED_OFF


def test_who_may_ask_about_whom(people: dict[str, User]) -> None:
    def askable(name: str) -> list[str]:
        return sorted(name for _pk, name in list_askable(people[name]))

    assert askable("shen") == ["shen"]
    assert askable("leader") == ["leader", "mate", "shen"]
    assert len(askable("liu")) == len(askable("admin")) == len(people)
    for asker, about in (("shen", "mate"), ("leader", "stranger"), ("zheng", "shen")):
        with pytest.raises(UserNotFound):
            explain_customer(people[asker], 1, people[about].pk)
        with pytest.raises(UserNotFound):
            explain_permissions(people[asker], 10_000)


def test_reach_and_permissions_with_their_roles(people: dict[str, User]) -> None:
    edit_user(SYSTEM, people["shen"].pk, username="shen", roles=["seller", "operator"], team_id=people["shen"].team_id)
    shen = User.objects.get(username="shen")
    with translation.override("en"):
        reach = explain_reach(shen)
        assert (reach.roles, reach.words, reach.place, reach.administrators) == (
            ["Operator", "Seller"], "their own customers", "", ["admin"],
        )  # fmt: skip
        reasons = {one.permission: one for one in explain_permissions(shen)}
        assert (reasons["customers.view"].given_by, reasons["updates.run"].given_by) == (["Seller"], ["Operator"])
        assert not reasons["settings.manage"].holds
        assert reasons["settings.manage"].would_give == ["Administrator"]
        assert explain_reach(people["leader"]).place == "茶叶组"
        assert explain_reach(people["lost"]).is_lost


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_reason_has_its_sentence(people: dict[str, User], language: str) -> None:
    assert set(SENTENCES) == set(Because)
    with translation.override(language):
        told = tell_reason(explain_customer(people["liu"], 2, people["shen"].pk))
        assert (
            told
            == {
                "en": "shen cannot see it: its owner stranger is outside the reach.",
                "zh-hans": "shen 看不到：负责人 stranger 不在其可见范围内。",
            }[language]
        )


def test_the_pages(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["mate"])
    client.cookies.load({"django_language": "en"})
    assert 'href="/customers/why/?customer=1"' in client.get("/customers/1/").content.decode()

    def told(address: str) -> str:
        page = client.get(address).content.decode()
        return re.sub(r'value="\d+"|customer=\d+|csrf\w+&quot;|X-CSRFToken\S* \S+|customer \d+|"[\w-]{64}"', "", page)

    assert told("/customers/why/?customer=1") == told("/customers/why/?customer=99")
    assert client.get(f"/customers/why/?customer=1&user={people['shen'].pk}").status_code == 404
    assert client.get("/customers/why/?customer=x&user=").status_code == 200
    client.force_login(people["liu"])
    page = client.get(f"/customers/why/?customer=2&user={people['shen'].pk}").content.decode()
    assert "shen cannot see it: its owner stranger is outside the reach." in page
    assert "Who can change it" in page
    rights = client.get("/account/rights/").content.decode()
    assert "would come with: Administrator" in rights
    assert client.get(f"/account/rights/?user={people['zheng'].pk}").status_code == 200
