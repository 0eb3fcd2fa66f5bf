"""The trail in words, filtered, paged and exported."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from guanxi.kernel.access.commands import create_branch, create_user, edit_user, ensure_roles, reset_password
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.queries import TrailFilters, list_trail, read_history
from guanxi.kernel.audit.telling import tell_entries
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.tests.actors import NOBODY, holding

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # noon in Shanghai


@pytest.fixture
def admin() -> User:
    ensure_roles(SYSTEM)
    return create_user(SYSTEM, "admin", PASSWORD, roles=["administrator"], display_name="系统管理员", language="en")


def entry(number: int, **facts: object) -> AuditEntry:
    given = {"at": NOON + timedelta(hours=number), "command": "test.poured_tea", "target_key": "tea", "changes": {}}
    return AuditEntry.objects.create(**(given | facts))


def told(entries: list[AuditEntry]) -> list[str]:
    with translation.override("en"):
        return [
            " | ".join([line.actor, line.title, line.about, *map(str, line.changes)]) for line in tell_entries(entries)
        ]


def test_names_instead_of_numbers_words_instead_of_codes(admin: User) -> None:
    branch = create_branch(admin, "杭州市分行")
    shen = create_user(admin, "shen", PASSWORD, roles=["seller"], display_name="沈嘉敏")
    edit_user(admin, shen.pk, username="shen", roles=["seller", "analyst"], display_name="沈敏", branch_id=branch.pk)
    reset_password(admin, shen.pk, way="temporary")
    assert told(list(AuditEntry.objects.filter(target_kind="access.User", target_key=str(shen.pk)).order_by("id"))) == [
        "系统管理员 | Created a user | user 沈敏 | Roles: — → Seller",
        "系统管理员 | Changed a user | user 沈敏 | Name: changed | Branch: — → 杭州市分行 | Roles: Seller → Analyst, Seller",  # noqa: E501
        "系统管理员 | Reset a password | user 沈敏 | Password reset: temporary",
    ]
    with translation.override("zh-hans"):
        line = tell_entries(list(AuditEntry.objects.filter(command__endswith="edit_user")))[0]
    assert (line.title, [str(change) for change in line.changes]) == (
        "修改用户", ["姓名: 已修改", "分支机构: — → 杭州市分行", "角色: 销售 → 分析师、销售"],
    )  # fmt: skip
    assert line.url == f"/settings/users/{shen.pk}/"


def test_what_nobody_described_speaks_for_itself(admin: User) -> None:
    gone = User.objects.create(username="gone")
    row = entry(0, actor_id=gone.pk, target_kind="tea.Cup", target_key="7",
                changes={"water_temperature": [80, 95], "is_hot": True, "sorts": ["绿茶", "红茶", "白茶"],
                         "kept": {"a": 1}, "note": "x" * 300, "empty": [None, False]})  # fmt: skip
    gone.delete()
    expected = (
        f'a user who is gone | Poured tea | Cup 7 | Empty: — → no | Is hot | Kept: {{"a": 1}} | Note: {"x" * 200}… | '
        "Sorts: 绿茶, 红茶, 白茶 | Water temperature: 80 → 95"
    )
    assert told([row]) == [expected]


def test_names_are_read_once_for_a_page(admin: User, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(20):
        user = create_user(SYSTEM, f"u{number}", PASSWORD, roles=["seller"])
        edit_user(admin, user.pk, username=f"u{number}", roles=["analyst"])
    with django_assert_max_num_queries(3):
        assert len(list_trail(holding("settings.manage"), TrailFilters(who="all"), size=40).lines) == 40


def test_the_trail_is_filtered_and_paged(admin: User) -> None:
    AuditEntry.objects.bulk_create([])
    rows = [
        entry(number, actor_id=admin.pk if number % 2 else None, command=f"test.c{number % 3}") for number in range(9)
    ]
    manager = holding("settings.manage")

    def found(**filters: object) -> list[int]:
        page = list_trail(manager, TrailFilters(**{"command": "", **filters}))  # type: ignore[arg-type]
        return [rows.index(row) for line in page.lines for row in rows if row.pk == line.id]

    assert found() == [7, 5, 3, 1]
    assert found(who="system")[:5] == [8, 6, 4, 2, 0]
    assert found(who=str(admin.pk), command="test.c1") == [7, 1]
    assert found(who="all", since=date(2026, 11, 22), until=date(2026, 11, 22)) == [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert found(who="all", since=date(2026, 11, 23)) == found(who="all", until=date(2026, 11, 21)) == []
    first = list_trail(manager, TrailFilters(who="all", command="test.c1"), size=2)
    rest = list_trail(manager, TrailFilters(who="all", command="test.c1"), before=first.next_before, size=2)
    assert [line.id for line in (*first.lines, *rest.lines)] == [rows[7].pk, rows[4].pk, rows[1].pk]
    assert rest.next_before is None
    with pytest.raises(PermissionDenied):
        list_trail(NOBODY, TrailFilters())


def test_a_history_is_that_of_its_rows() -> None:
    for key in ("1", "2", "3"):
        entry(int(key), target_kind="tea.Cup", target_key=key)
    assert [line.about for line in read_history("tea.Cup", ["1", "3"]).lines] == ["Cup 3", "Cup 1"]


def test_the_page_and_its_files(client: Client, admin: User) -> None:
    client.force_login(admin)
    client.cookies.load({"django_language": "en"})
    entry(0, actor_id=admin.pk, target_key="=1+1", changes={"said": ["<script>alert(1)</script>", "=HYPERLINK(1)"]})
    page = client.get("/settings/log/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert client.get("/settings/log/?who=nobody&since=x&before=-1&command=nothing").status_code == 200
    answer = client.post("/settings/log/export/", {"who": "people", "format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines()[0] == "When,Who,What,On what,Changes"
    assert "2026-11-22 12:00,系统管理员,Poured tea,'=1+1,Said: <script>alert(1)</script> → =HYPERLINK(1)" in text
    answer = client.post("/settings/log/export/", {"format": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert sheet.get_sheet_by_index(0).to_python()[0][:3] == ["When", "Who", "What"]
    kept = AuditEntry.objects.filter(command="kernel.audit.commands.note_export")
    assert [row.changes for row in kept] == [{"exported": {"who": "people"}}] * 2


@pytest.mark.parametrize("role", ["manager", "seller", "operator"])
def test_only_who_manages_settings_reads_the_log(client: Client, admin: User, role: str) -> None:
    client.force_login(create_user(SYSTEM, role, PASSWORD, roles=[role]))
    assert client.get("/settings/log/").status_code == 403
    assert client.post("/settings/log/export/").status_code == 403
    assert not AuditEntry.objects.filter(command="kernel.audit.commands.note_export").exists()
