from __future__ import annotations

from dataclasses import fields

import pytest
from django.utils.translation import override

from guanxi.customers import source_names
from guanxi.customers.filters import CHOICES, CustomerFilters, sentence_of
from guanxi.kernel.lists.errors import FilterUnknown


@pytest.fixture(autouse=True)
def no_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_names, "_readers", [])


def test_an_address_is_read_and_told_again() -> None:
    given = {"tier": "vip", "stage": "decline", "region": "CN-ZJ", "q": " 王伟 ", "page": "3"}
    filters = CustomerFilters.from_address(given)
    assert filters.active() == {"q": "王伟", "tier": "vip", "stage": "decline", "region": "CN-ZJ"}
    assert filters.without("tier").active() == {"q": "王伟", "stage": "decline", "region": "CN-ZJ"}
    assert CustomerFilters().with_value("kind", "person").active() == {"kind": "person"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("tier", "gold"), ("stage", "VIP"), ("r", "6"), ("bought", "never"), ("quiet", "yes"), ("kind", "cat")],
)
def test_a_value_a_filter_cannot_have_is_refused(name: str, value: str) -> None:
    with pytest.raises(FilterUnknown) as refused:
        CustomerFilters.from_address({name: value})
    assert refused.value.facts == {"name": name, "value": value}


@pytest.mark.parametrize(
    ("name", "value", "english", "chinese"),
    [
        ("tier", "vip", "Tier is VIP", "客户等级是VIP客户"),
        ("stage", "stable", "Stage is Stable", "生命周期是稳定期"),
        ("status", "lost", "Status is Lost", "客户状态是流失客户"),
        ("region", "CN-ZJ", "Region is Zhejiang", "地区是浙江"),
        ("region", "GB", "Region is United Kingdom", "地区是英国"),
        ("region", "none", "Region is not known", "地区未知"),
        ("rfm", "HHH", "RFM group is Champions", "RFM 分组是重要价值"),
        ("quiet", "1", "Gone quiet", "渐无动静"),
        ("bought", "12m", "Bought in the last 12 months", "近 12 个月买过"),
        ("q", "王伟", "Matches “王伟”", "符合“王伟”"),
        ("source", "shop", "Source is shop", "来源是shop"),
        ("records", "many", "Known from two or more records", "由两条以上记录合并而成"),
    ],
)
def test_a_filter_reads_as_a_sentence(name: str, value: str, english: str, chinese: str) -> None:
    with override("en"):
        assert sentence_of(name, value) == english
    with override("zh-hans"):
        assert sentence_of(name, value) == chinese


def test_every_filter_has_a_sentence() -> None:
    with override("en"):
        for field in fields(CustomerFilters):
            value = next(iter(sorted(CHOICES.get(field.name, {"x"}))))
            assert not sentence_of(field.name, value).startswith(f"{field.name}:")
