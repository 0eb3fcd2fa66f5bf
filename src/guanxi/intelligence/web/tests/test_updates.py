"""Data updates: the list, one update, polling, start, resume, stop, the download and the check of a source."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.customers.commands import record_purchase
from guanxi.customers.models import CurrentStanding
from guanxi.customers.rules import Line
from guanxi.customers.tests.factories import make_customers
from guanxi.intelligence.models import Delivery, Source, Touch
from guanxi.intelligence.queries.updates import JOB
from guanxi.intelligence.tests.demo_figures import publish_figures
from guanxi.intelligence.web.tests.conftest import SignIn
from guanxi.intelligence.web.tests.test_who import page_of, words_of
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.rules import next_moment
from guanxi.kernel.process import this_process
from guanxi.kernel.runs.models import Run, RunStep
from guanxi.kernel.tests.actors import gone_process

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 3, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
STOPPED = {
    "code": "file_missing", "message": "The file of 3 July is missing.", "place": "shop.toml:21",
    "cure": "Upload it, then Resume.", "facts": None,
}  # fmt: skip


@pytest.fixture
def source() -> Source:
    return Source.objects.create(
        name="shop", contract_path="shop.toml", title={"zh": "网店", "en": "Web shop"}, priority=10, currency="CNY",
        added_at=NOON,
    )  # fmt: skip


def begin(state: str, **given: Any) -> Run:
    run = Run.objects.create(
        job="refresh", state=state, started_at=NOON, plan=["land", "resolve", "marts", "models", "publish"],
        **{"lease_holder": dict(this_process()) if state == Run.State.RUNNING else {}, **given},
    )  # fmt: skip
    step(run, "land", "done", counts={"files": 3, "rows": 1200, "landed": 1100, "rejected": 100, "filtered": 0})
    step(run, "resolve", "running" if state == Run.State.RUNNING else state, done=31_000, expected=80_000)
    return run


def step(run: Run, name: str, state: str, **given: Any) -> RunStep:
    return RunStep.objects.create(
        run=run, name=name, position=run.plan.index(name) + 1, state=state, started_at=NOON, seconds=9.3, **given
    )


def deliver(run: Run, name: str, *, rejected: int = 0, filtered: int = 0, drift: Any = None) -> None:
    Delivery.objects.create(
        source="shop", feed="orders", name=name, digest=name, run_id=run.pk, landed_at=NOON, rows=100,
        landed=100 - rejected - filtered, rejected=rejected, filtered=filtered, drift=drift or {},
    )  # fmt: skip


def test_the_next_nightly_update_is_told(sign_in: SignIn, source: Source) -> None:
    tomorrow = next_moment(timezone.localtime(), time(2))
    assert f"Next nightly update: {tomorrow:%Y-%m-%d} 02:00" in words_of(page_of(sign_in("operator"), "/updates/"))
    client = sign_in("administrator")
    assert "/settings/#nightly" in page_of(client, "/updates/")
    client.post("/settings/nightly/", {"at": "02:00"})
    assert "The nightly update is off." in words_of(page_of(client, "/updates/"))


def test_small_refreshes_are_one_quiet_line(sign_in: SignIn, source: Source) -> None:
    publish_figures()
    run_id = CurrentStanding.objects.get().run_id
    make_customers([{"id": number} for number in (1, 2, 3)])
    for customer_id, of_run in ((1, run_id), (1, run_id), (2, run_id), (3, 0)):
        Touch.objects.create(
            customer_id=customer_id, touched_at=NOON, run_id=of_run, scored_at=NOON if of_run else None
        )
    words = words_of(page_of(sign_in("operator"), "/updates/"))
    assert (
        "Since the last update 2 customers have new values from what was written down here, "
        "the latest at 2026-07-03 12:00. 1 more follows."
    ) in words


def test_a_company_that_only_types_may_start_an_update(sign_in: SignIn) -> None:
    client = sign_in("administrator")
    assert "disabled" in page_of(client, "/updates/").partition("Start update")[0][-200:]
    assert client.post("/updates/start/", {}).status_code == 409
    make_customers([{"id": 1}])
    record_purchase(SYSTEM, customer_id=1, lines=[Line("x", unit_price=Decimal(1))], bought_at=NOON, key="k")
    assert "disabled" not in page_of(client, "/updates/").partition("Start update")[0][-200:]
    assert client.post("/updates/start/", {}).status_code == 302
    assert Job.objects.filter(name=JOB).count() == 1


def test_the_list_tells_what_ran_and_what_the_pages_show(sign_in: SignIn, source: Source) -> None:
    shown = publish_figures()
    deliver(shown, "a.csv", rejected=7)
    words = words_of(page_of(sign_in("operator"), "/updates/"))
    assert "2026-11-21 (shown on the pages) Finished 2026-11-22 10:00 0.0 s 100 7 System" in words
    assert "Web shop shop" in words
    assert "Start update" in words


def test_in_chinese_it_speaks_chinese(sign_in: SignIn, source: Source) -> None:
    begin(Run.State.STOPPED, error=STOPPED)
    words = words_of(page_of(sign_in("operator", "zh-hans"), "/updates/"))
    assert "停在第 2 步“识别客户”（共 5 步）。已完成的 1 步会保留，不必重做。页面上还没有显示任何结果。" in words
    assert "数据来源" in words
    assert "网店" in words


def test_a_stopped_update_tells_what_happened_what_is_kept_and_the_cure(sign_in: SignIn, source: Source) -> None:
    publish_figures()
    run = begin(Run.State.STOPPED, error=STOPPED)
    client = sign_in("operator")
    for address in ("/updates/", f"/updates/{run.pk}/"):
        page = page_of(client, address)
        words = words_of(page)
        assert "The file of 3 July is missing." in words
        assert (
            "Stopped at step 2 of 5, “Recognise the customers”. The finished step is kept and will not be done again."
            " Nothing earlier changed: the pages still show 2026-11-21."
        ) in words
        assert "Upload it, then Resume." in words
        assert f'action="/updates/{run.pk}/resume/"' in page


def test_a_killed_update_says_so(sign_in: SignIn) -> None:
    run = begin(Run.State.RUNNING, lease_holder=gone_process())
    words = words_of(page_of(sign_in("operator"), f"/updates/{run.pk}/"))
    assert "Its process ended without a word: it was killed, or the machine stopped." in words
    assert "Resume it: it goes on where it stopped." in words


def test_a_running_update_shows_every_step_and_is_polled(sign_in: SignIn) -> None:
    run = begin(Run.State.RUNNING)
    page = page_of(sign_in("operator"), f"/updates/{run.pk}/")
    assert f'hx-get="/updates/{run.pk}/live/" hx-trigger="every 2s"' in page
    words = words_of(page)
    assert re.findall(r'"gx-progress gx-progress-(\w+)"', page) == ["done", "running", "waiting", "waiting", "waiting"]
    assert "3 files · 1,200 rows in · 1,100 landed · 100 rejected · 9.3 s" in words
    assert "31,000 of 80,000" in words
    assert "Bring it to the pages" in words
    assert f'action="/updates/{run.pk}/stop/"' in page


def test_polling_answers_304_until_something_moves_and_ends_with_the_run(sign_in: SignIn) -> None:
    run = begin(Run.State.RUNNING)
    client, address = sign_in("operator"), f"/updates/{run.pk}/live/"
    first = client.get(address)
    assert first.status_code == 200
    assert "no-cache" in first.headers["Cache-Control"]
    assert "private" in first.headers["Cache-Control"]
    seen = {"If-None-Match": first.headers["ETag"]}
    assert client.get(address, headers=seen).status_code == 304

    RunStep.objects.filter(run=run, name="resolve").update(done=40_000)
    moved = client.get(address, headers=seen)
    assert moved.status_code == 200
    assert "40,000 of 80,000" in words_of(moved.content.decode())

    Run.objects.update(state=Run.State.DONE, business_date=date(2026, 7, 2))
    ended = client.get(address, headers=seen).content.decode()
    assert "every 2s" not in ended
    assert "Finished" in words_of(ended)


def test_the_list_reloads_once_the_update_is_over(sign_in: SignIn) -> None:
    begin(Run.State.RUNNING)
    client = sign_in("operator")
    polled = client.get("/updates/waiting/")
    assert "HX-Refresh" not in polled.headers
    assert client.get("/updates/waiting/", headers={"If-None-Match": polled.headers["ETag"]}).status_code == 304
    Run.objects.update(state=Run.State.DONE)
    assert client.get("/updates/waiting/").headers["HX-Refresh"] == "true"


def test_rows_tie_and_every_file_is_listed(sign_in: SignIn, source: Source) -> None:
    run = publish_figures()
    deliver(run, "a.csv", rejected=7, filtered=3)
    deliver(run, "b.csv")
    page = page_of(sign_in("operator"), f"/updates/{run.pk}/")
    words = words_of(page)
    assert "200 rows in = 190 landed + 7 rejected + 3 filtered out ties" in words
    assert "Web shop orders 2 200 190 7 3" in words
    assert "a.csv Web shop · orders 100 90 7 3 yes" in words
    assert f'href="/updates/{run.pk}/rejects.csv"' in page


def test_rejected_rows_are_downloaded_as_csv(sign_in: SignIn) -> None:
    run = publish_figures()
    answer = sign_in("operator").get(f"/updates/{run.pk}/rejects.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="rejected-rows-{run.pk}.csv"'
    assert answer.getvalue() == "\ufeffSource,Feed,File,Line,Column,Reason,Row as delivered\r\n".encode()


def test_starting_asks_the_worker_once(sign_in: SignIn, source: Source) -> None:
    client = sign_in("operator")
    answer = client.post("/updates/start/", {"business_date": "2026-07-02"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/updates/")
    assert Job.objects.get().payload["business_date"] == "2026-07-02"
    page = page_of(client, "/updates/")
    assert "waiting for the worker to begin" in words_of(page)
    assert 'hx-get="/updates/waiting/"' in page

    again = client.post("/updates/start/", {"business_date": ""})
    assert again.status_code == 409
    assert "already asked for" in words_of(again.content.decode())
    assert Job.objects.count() == 1


def test_a_day_that_is_none_is_told_beside_the_field(sign_in: SignIn, source: Source) -> None:
    answer = sign_in("operator").post("/updates/start/", {"business_date": "soon"})
    assert answer.status_code == 422
    assert "Give the day as YYYY-MM-DD, or leave it empty." in words_of(answer.content.decode())
    assert not Job.objects.exists()


def test_resuming_asks_the_worker_and_the_page_waits_for_it(sign_in: SignIn, source: Source) -> None:
    run = begin(Run.State.STOPPED, error=STOPPED)
    client = sign_in("operator")
    answer = client.post(f"/updates/{run.pk}/resume/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/updates/{run.pk}/")
    assert Job.objects.get().name == JOB
    page = page_of(client, f"/updates/{run.pk}/")
    assert "waiting for the worker to begin" in words_of(page)
    assert "every 2s" in page
    assert f'action="/updates/{run.pk}/resume/"' not in page


def test_stopping_asks_the_run(sign_in: SignIn) -> None:
    run = begin(Run.State.RUNNING)
    client = sign_in("operator")
    client.post(f"/updates/{run.pk}/stop/")
    run.refresh_from_db()
    assert run.stop_requested_at is not None
    page = page_of(client, f"/updates/{run.pk}/")
    assert "It was asked to stop and does so at its next good place." in words_of(page)
    assert f'action="/updates/{run.pk}/stop/"' not in page


def test_an_update_that_could_not_begin_says_why(sign_in: SignIn, source: Source) -> None:
    Job.objects.create(name=JOB, state=Job.State.FAILED, created_at=NOON, run_at=NOON, error="There is no contract x.")
    words = words_of(page_of(sign_in("operator"), "/updates/"))
    assert "The last update could not begin." in words
    assert "There is no contract x." in words
    assert "Nothing was changed." in words


def test_without_sources_there_is_nothing_to_start(sign_in: SignIn) -> None:
    page = page_of(sign_in("operator"), "/updates/")
    assert "No source is connected yet." in words_of(page)
    assert re.search(r"<button[^>]*disabled[^>]*>", page)


def test_who_may_only_look_finds_no_buttons_and_is_refused(sign_in: SignIn, source: Source) -> None:
    run = begin(Run.State.STOPPED, error=STOPPED)
    client = sign_in("manager")
    for address in ("/updates/", f"/updates/{run.pk}/"):
        page = page_of(client, address)
        assert 'action="/updates/' not in page
    for address in ("/updates/start/", f"/updates/{run.pk}/resume/", f"/updates/{run.pk}/stop/"):
        assert client.post(address).status_code == 403
    assert not Job.objects.exists()


@pytest.mark.parametrize("path", ["", "waiting/", "{run}/", "{run}/live/", "{run}/rejects.csv", "sources/shop/check/"])
def test_a_refused_reader_sees_nothing(sign_in: SignIn, source: Source, path: str) -> None:
    run = begin(Run.State.STOPPED, error=STOPPED)
    page = page_of(sign_in("seller"), "/updates/" + path.format(run=run.pk), status=403)
    assert "3 July" not in page
    assert "Web shop" not in page


def test_a_check_lists_every_mistake_with_its_line(sign_in: SignIn, source: Source, tmp_path: Path) -> None:
    contract = tmp_path / "shop.toml"
    contract.write_text('name = "shop"\ntimezone = "Asia/Shanghi"\ncurency = "CNY"\n', encoding="utf-8")
    Source.objects.update(contract_path=str(contract))
    client: Client = sign_in("operator")
    fragment = client.get("/updates/sources/shop/check/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    words = words_of(fragment)
    assert "Check of Web shop" in words
    assert "mistakes to mend before the next update:" in words
    assert "line 2 · timezone" in words
    assert "line 3 · curency" in words
    assert "<html" in page_of(client, "/updates/sources/shop/check/")
    assert page_of(client, "/updates/sources/nobody/check/", status=409)


def test_columns_that_changed_are_told_where_they_did(sign_in: SignIn, source: Source) -> None:
    run = begin(Run.State.DONE)
    deliver(run, "a.csv")
    client = sign_in("operator")
    assert "Columns that changed" not in page_of(client, f"/updates/{run.pk}/")
    drift = {"before": "a.csv", "added": ["day", "month"], "removed": ["pdays"], "unknown": ["day", "month", "age"]}
    deliver(run, "b.csv", drift=drift)
    for number in range(25):
        deliver(run, f"c{number}.csv", drift={"before": "b.csv", "renamed": [["day", "date"]]})
    page = page_of(client, f"/updates/{run.pk}/")
    assert page.count("is called") == 19
    words = words_of(page)
    assert (
        "Columns that changed Since 2026-07-03: 2 new columns that nothing reads: “day”, “month”; “pdays” is gone."
        " Web shop · orders · b.csv Compared with a.csv. Nothing reads: “age”."
    ) in words
    assert "and 6 more files with other columns than before" in words
    words = words_of(page_of(sign_in("operator", "zh-hans"), f"/updates/{run.pk}/"))
    assert (
        "有变化的列 2026年7月3日起：新增 2 列（没有用到）：“day”、“month”；“pdays”没有了。 网店 · orders · b.csv"
        " 与 a.csv 相比。没有用到：“age”。"
    ) in words
