from __future__ import annotations

import pytest
from django.utils.translation import override

from guanxi.customers.place_words import place_of


@pytest.mark.parametrize(
    ("region", "city", "chinese", "english"),
    [
        ("CN-ZJ", "杭州市", "浙江 · 杭州市", "Zhejiang · 杭州市"),
        ("CN-SH", "上海市", "上海", "Shanghai"),
        ("CN-BJ", "Beijing", "北京", "Beijing"),
        ("CN-ZJ", "", "浙江", "Zhejiang"),
        ("GB", "Leeds", "英国 · Leeds", "United Kingdom · Leeds"),
        ("", "杭州", "杭州", "杭州"),
        ("", "", "", ""),
    ],
)
def test_a_place_is_named_once(region: str, city: str, chinese: str, english: str) -> None:
    with override("zh-hans"):
        assert place_of(region, city) == chinese
    with override("en"):
        assert place_of(region, city) == english
