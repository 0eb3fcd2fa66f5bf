"""Views kept of the customer list: whose they are, who sees them, and which one the list opens in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.lists import commands
from guanxi.kernel.lists.models import DefaultView, PinnedView, SavedView
from guanxi.kernel.lists.queries import default_view_id, roles_opening, views_of

pytestmark = pytest.mark.django_db
LIST = "customers"
VIEWS = "/lists/customers/views/"


@pytest.fixture
def people() -> dict[str, User]:
    ensure_roles(SYSTEM)
    roles = {"admin": "administrator", "liu": "manager", "shen": "seller", "lu": "seller", "zheng": "operator"}
    return {name: create_user(SYSTEM, name, "correct horse battery", roles=[role]) for name, role in roles.items()}


def save(actor: User, name: str = "贵宾", *, query: str = "tier=vip", is_shared: bool = False) -> SavedView:
    return commands.save_view(actor, list_key=LIST, name=name, query=query, is_shared=is_shared)


def kept() -> list[Any]:
    """All there is, to see that nothing changed."""
    return [list(model.objects.order_by("pk").values()) for model in (SavedView, PinnedView, DefaultView)]


def seen(actor: User) -> list[str]:
    return [view.name for view in views_of(actor, LIST)]


def refused(deed: Callable[[], object]) -> str:
    """The code of the refusal; nothing may have changed."""
    before = kept()
    with pytest.raises(GuanxiError) as error:
        deed()
    assert kept() == before
    return error.value.code


def test_a_view_is_its_makers_until_it_is_shared(people: dict[str, User]) -> None:
    view = save(people["liu"])
    assert (seen(people["liu"]), seen(people["shen"])) == (["贵宾"], [])
    assert view.query == "tier=vip"
    commands.share_view(people["liu"], view_id=view.pk, is_shared=True)
    assert seen(people["shen"]) == ["贵宾"]
    commands.pin_view(people["shen"], view_id=view.pk, is_pinned=True)
    commands.choose_default(people["shen"], list_key=LIST, view_id=view.pk)
    assert default_view_id(people["shen"], LIST) == view.pk
    commands.share_view(people["liu"], view_id=view.pk, is_shared=False)
    assert (seen(people["shen"]), default_view_id(people["shen"], LIST)) == ([], None)
    assert list(PinnedView.objects.values_list("user", flat=True)) == [people["liu"].pk]


def test_a_view_is_renamed_changed_deleted_and_brought_back(people: dict[str, User]) -> None:
    view = save(people["shen"])
    commands.rename_view(people["shen"], view_id=view.pk, name="  重点  客户 ")
    commands.change_view(people["shen"], view_id=view.pk, query="tier=major&view=7&cursor=x")
    (line,) = views_of(people["shen"], LIST)
    assert (line.name, line.query) == ("重点 客户", "tier=major")
    commands.delete_view(people["shen"], view_id=view.pk)
    assert seen(people["shen"]) == []
    commands.restore_view(people["shen"], view_id=view.pk)
    (line,) = views_of(people["shen"], LIST)
    assert (line.name, line.is_pinned) == ("重点 客户", True)


def test_what_is_refused_changes_nothing(people: dict[str, User]) -> None:
    mine, shared = save(people["shen"]), save(people["liu"], "全公司", is_shared=True)
    shen, lu = people["shen"], people["lu"]
    assert refused(lambda: save(shen)) == "view_name_taken"
    assert refused(lambda: save(shen, " ")) == "view_name_missing"
    assert refused(lambda: save(shen, "长" * 81)) == "view_name_missing"
    assert refused(lambda: save(shen, "x", query="where=ghost:is:1")) == "filter_unknown"
    assert refused(lambda: save(shen, "x", is_shared=True)) == "permission_denied"
    assert refused(lambda: save(people["zheng"], "x")) == "permission_denied"
    assert refused(lambda: commands.rename_view(lu, view_id=mine.pk, name="x")) == "view_unknown"
    assert refused(lambda: commands.rename_view(shen, view_id=shared.pk, name="x")) == "view_not_yours"
    assert refused(lambda: commands.delete_view(shen, view_id=shared.pk)) == "view_not_yours"
    assert refused(lambda: commands.pin_view(lu, view_id=mine.pk, is_pinned=True)) == "view_unknown"
    assert refused(lambda: commands.choose_default(lu, list_key=LIST, view_id=mine.pk)) == "view_unknown"


def test_a_role_opens_the_list_in_its_view_unless_somebody_chose_another(people: dict[str, User]) -> None:
    shared, mine = save(people["liu"], is_shared=True), save(people["shen"], "我的")
    choose = commands.choose_role_default
    choose(people["admin"], list_key=LIST, role="seller", view_id=shared.pk)
    assert roles_opening(LIST) == {shared.pk: ["seller"]}
    assert default_view_id(people["shen"], LIST) == shared.pk
    assert default_view_id(people["liu"], LIST) is None
    commands.choose_default(people["shen"], list_key=LIST, view_id=mine.pk)
    assert (default_view_id(people["shen"], LIST), default_view_id(people["lu"], LIST)) == (mine.pk, shared.pk)
    choose(people["admin"], list_key=LIST, role="seller", view_id=None)
    assert (roles_opening(LIST), default_view_id(people["lu"], LIST)) == ({}, None)


def test_who_may_not_or_what_cannot_open_for_a_role_is_refused(people: dict[str, User]) -> None:
    shared, private = save(people["liu"], is_shared=True), save(people["admin"])
    choose = commands.choose_role_default
    admin = people["admin"]
    assert (
        refused(lambda: choose(people["liu"], list_key=LIST, role="seller", view_id=shared.pk)) == "permission_denied"
    )
    assert refused(lambda: choose(admin, list_key=LIST, role="ghost", view_id=shared.pk)) == "role_not_here"
    assert refused(lambda: choose(admin, list_key=LIST, role="seller", view_id=private.pk)) == "view_not_shared"
    assert refused(lambda: choose(admin, list_key=LIST, role="seller", view_id=0)) == "view_unknown"


def test_the_dialog_keeps_views_and_chooses_them_for_roles(people: dict[str, User], client: Client) -> None:
    client.cookies.load({"django_language": "en"})
    client.force_login(people["admin"])
    made = client.post(VIEWS, {"do": "new", "name": "贵宾", "shared": "on", "state": "tier=vip"})
    view = SavedView.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/customers/?view={view.pk}")
    shown = client.post(VIEWS, {"do": f"opens:{view.pk}", f"role:{view.pk}": "seller"}).content.decode()
    assert "opens for: Seller" in shown
    client.force_login(people["lu"])
    lu_sees = client.get(VIEWS).content.decode()
    assert ("opens for: Seller" in lu_sees, "unopens:" in lu_sees, "opens:" in lu_sees) == (True, False, False)
    before = kept()
    told = client.post(VIEWS, {"do": "unopens:seller"}).content.decode()
    assert ('role="alert"' in told, kept()) == (True, before)
    client.force_login(people["admin"])
    assert "opens for:" not in client.post(VIEWS, {"do": "unopens:seller"}).content.decode()
