"""What the people of the sample company did since: contacts, likes and taboos, a follow-up and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

import numpy as np
from django.utils import timezone, translation

from guanxi.customers.commands import add_preference, log_interaction, put_tag, record_purchase
from guanxi.customers.models import Customer, Task
from guanxi.customers.rules import Line
from guanxi.demo.chance import stream
from guanxi.demo.company import SEED
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.lists.actions import Selection
from guanxi.marketing.commands import Terms, draw_arms, fill_group, follow_up_chosen, hand_out_tasks, measure_follow_up
from guanxi.marketing.models import FollowUp

STARTED: Final = 45  # days before the business date
DUE: Final = 14
WINDOW: Final = 30
GROUP: Final = 400
CALLED, REACHED, BOUGHT = 0.7, 0.75, 0.3  # of the tasks; of the calls; of those reached
SAID: Final = (
    "新茶上市，问了明前龙井的价格。", "上次的茶盘很满意，想给办公室再添一套。", "在外地出差，月底再联系。",
    "觉得运费偏高，解释了满额包邮。", "送礼用，喜欢素雅的包装。", "暂时不需要，过完节再看。",
)  # fmt: skip
LIKES: Final = (
    ("drink", "西湖龙井", "like"), ("drink", "浓香型铁观音", "dislike"), ("topic", "孩子的学业", "like"),
    ("topic", "同行的价格", "never"), ("contact_time", "上午十点以后再打电话", "like"),
    ("contact_time", "不要发短信", "never"),
)  # fmt: skip


def live_a_while(as_of: date, seed: int = SEED) -> None:
    """Let the sellers follow their customers up for some weeks before `as_of`; once, however often it is called."""
    liu = User.objects.filter(username="liu").first()
    if liu is None or FollowUp.objects.exists():
        return
    rng = stream(seed, "activity")
    started = as_of - timedelta(days=STARTED)
    with translation.override("zh-hans"):  # the sellers of T公司 read Chinese, whoever makes the sample
        follow_up = _begin(liu, started, rng)
    for task in Task.objects.filter(batch=follow_up.batch).select_related("assignee").order_by("pk"):
        if task.assignee is not None and task.customer_id is not None and rng.random() < CALLED:
            _call(task, task.assignee, started, rng)
    _remember(rng)
    measure_follow_up(SYSTEM, follow_up_id=follow_up.pk)


def _begin(liu: User, started: date, rng: np.random.Generator) -> FollowUp:
    owned = Customer.objects.living().filter(owner__isnull=False).order_by("pk").values_list("pk", flat=True)
    ids = sorted(int(pk) for pk in rng.permutation(np.array(list(owned), np.int64))[:GROUP])
    terms = Terms(
        title="老客户秋季回访", reason="新茶上市，顺便听听对去年货品的意见", started_on=started,
        due_on=started + timedelta(days=DUE), measured_days=WINDOW,
    )  # fmt: skip
    follow_up = follow_up_chosen(liu, name="有负责人的老客户", choice=Selection(ids=tuple(ids)), terms=terms)
    while fill_group(liu, group_id=follow_up.group_id):
        pass
    draw_arms(SYSTEM, follow_up_id=follow_up.pk)
    while hand_out_tasks(SYSTEM, follow_up_id=follow_up.pk):
        pass
    return follow_up


def _call(task: Task, seller: User, started: date, rng: np.random.Generator) -> None:
    """One call: mostly somebody answers, and some of those buy."""
    at = _moment(started + timedelta(days=int(rng.integers(1, DUE))), rng)
    reached = bool(rng.random() < REACHED)
    values = {
        "kind": "call", "direction": "out", "at": at.isoformat(), "reached": "yes" if reached else "no",
        "body": SAID[int(rng.integers(len(SAID)))] if reached else "无人接听。",
        "satisfaction": str(int(rng.integers(3, 6))) if reached and rng.random() < 0.6 else "",
    }  # fmt: skip
    assert task.customer_id is not None  # noqa: S101  # every task of a follow-up has a customer
    log_interaction(seller, customer_id=task.customer_id, values=values, task_id=task.pk)
    if reached and rng.random() < BOUGHT:
        line = Line(product_name="明前龙井 礼盒", quantity=Decimal(int(rng.integers(1, 4))), unit_price=Decimal(268))
        bought = at + timedelta(days=int(rng.integers(1, WINDOW - DUE)))
        record_purchase(seller, customer_id=task.customer_id, lines=[line], bought_at=bought, key=f"demo-{task.pk}")


def _remember(rng: np.random.Generator) -> None:
    """Some customers of each seller have likes, taboos and a tag."""
    for seller, customer_id in _some_of_each(rng):
        kind, value, attitude = LIKES[int(rng.integers(len(LIKES)))]
        said = {"kind": kind, "value": value, "attitude": attitude, "said_by": "客户本人"}
        add_preference(seller, customer_id=customer_id, values=said)
        put_tag(seller, customer_id=customer_id, name="送礼客户" if rng.random() < 0.5 else "懂茶")


def _some_of_each(rng: np.random.Generator) -> Iterator[tuple[User, int]]:
    for seller in User.objects.filter(roles__name="seller", is_active=True).order_by("pk"):
        mine = list(Customer.objects.living().filter(owner=seller).order_by("pk").values_list("pk", flat=True))
        for pk in rng.permutation(np.array(mine, np.int64))[:8]:
            yield seller, int(pk)


def _moment(day: date, rng: np.random.Generator) -> datetime:
    """A time within the working hours of a day."""
    return timezone.make_aware(datetime.combine(day, time(9)) + timedelta(minutes=int(rng.integers(0, 480))))
