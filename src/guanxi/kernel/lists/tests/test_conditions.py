from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.lists.conditions import EVERYTHING, Condition, Group, Node, as_all, read, tidy, write
from guanxi.kernel.lists.errors import FilterUnreadable

VIP = Condition("tier", "is", ("vip",))
MINE = Condition("owner", "is", ("me",))
STABLE = Condition("stage", "is", ("stable",))
LATE = Condition("last", "within", ("90d",))


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("", EVERYTHING),
        ("tier:is:vip", Group("and", (VIP,))),
        ("tier:in:vip;major", Group("and", (Condition("tier", "in", ("vip", "major")),))),
        ("phone:empty", Group("and", (Condition("phone", "empty"),))),
        ("tier:is:vip,last:within:90d", Group("and", (VIP, LATE))),
        ("tier:is:vip|owner:is:me", Group("or", (VIP, MINE))),
        ("(tier:is:vip|owner:is:me),stage:is:stable", Group("and", (Group("or", (VIP, MINE)), STABLE))),
        (
            "(tier:is:vip,owner:is:me)|(stage:is:stable,last:within:90d)",
            Group("or", (Group("and", (VIP, MINE)), Group("and", (STABLE, LATE)))),
        ),
        ("city:is:a~,b~|~(c~)~;~:~~", Group("and", (Condition("city", "is", ("a,b|(c);:~",)),))),
    ],
)
def test_what_an_address_says(text: str, group: Group) -> None:
    assert read(text) == group
    assert write(group) == text


@pytest.mark.parametrize(
    "text",
    ["tier", "tier:", ":is:vip", "tier:is:vip,", "(tier:is:vip", "tier:is:vip)", "a:is:1,b:is:2|c:is:3",
     "((((a:is:1))))", "DROP TABLE", ",".join(["tier:is:vip"] * 41), "a:is:" + "x" * 4000],
)  # fmt: skip
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(FilterUnreadable):
        read(text)


def test_tidying_changes_no_meaning() -> None:
    assert tidy(Group("and", (Group("or", (VIP,)), Group("and", (MINE, Group("or")))))) == Group("and", (VIP, MINE))
    assert tidy(Group("and", (Group("or", (VIP, MINE)),))) == Group("or", (VIP, MINE))
    assert as_all(Group("or", (VIP, MINE))) == Group("and", (Group("or", (VIP, MINE)),))
    assert as_all(Group("or", (VIP,))) == Group("and", (VIP,))


values = st.text(min_size=1, max_size=8).filter(lambda text: text.strip() != "")
conditions = st.builds(
    Condition, st.sampled_from(["tier", "last", "city"]), st.sampled_from(["is", "in"]),
    st.lists(values, min_size=1, max_size=3).map(tuple),
)  # fmt: skip
nodes = st.recursive(
    conditions,
    lambda inner: st.builds(Group, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=8,
)


@given(nodes)
def test_what_is_written_is_read_again(node: Node) -> None:
    group = tidy(Group("and", (node,)))
    try:
        assert read(write(group)) == group
    except FilterUnreadable:
        assert write(group).count("(") >= 4  # deeper than anybody reads
