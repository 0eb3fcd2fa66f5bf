"""Names and the ways to write them."""

from __future__ import annotations

import pytest

from guanxi.demo import names
from guanxi.demo.handwriting import PHONE_FORMS, written_phone
from guanxi.demo.people import make_people
from guanxi.demo.tests.reading import name_key, phone_key

WEI = names.chinese_person("王", "伟")
ANNA = names.Name("Anna Weber", "Anna Weber", ("Weber", "Anna"), ("Weber", "Anna"))
FIRM = names.firm("杭州", "Hangzhou", "听雨", "Tingyu", "茶业", "Tea", "有限公司")


@pytest.mark.parametrize(
    ("name", "organisation", "forms"),
    [
        (WEI, False, ["王玮", "王偉", "WANG Wei", "王女士", "王伟(老客户)"]),
        (ANNA, False, ["Anna Webe", "Anna Webe", "WEBER Anna", "Ms Weber", "Anna Weber (regular)"]),
        (
            FIRM,
            True,
            [
                "杭州听雨茶业",
                "杭州聽雨茶業有限公司",
                "Hangzhou Tingyu Tea Company Limited",
                "听雨茶业",
                "杭州听雨茶业有限公司采购部",
            ],
        ),
    ],
)
def test_a_name_has_five_other_forms(name: names.Name, organisation: bool, forms: list[str]) -> None:
    assert [
        names.other_form(name, form, organisation=organisation, female=True, choice=0) for form in range(names.FORMS)
    ] == forms


def test_no_other_form_compares_equal_and_none_makes_the_namesake() -> None:
    people = make_people(1)
    for i in range(3, 61_000, 7):
        name = people.name[i]
        for form in range(names.FORMS):
            other = names.other_form(
                name,
                form,
                organisation=bool(people.organisation[i]),
                female=bool(people.female[i]),
                choice=i,
            )
            assert name_key(other) != name_key(name.written)
            assert other != "王伟"


def test_every_form_of_a_phone_reads_as_the_same_number() -> None:
    written = {written_phone("15412345678", form) for form in range(PHONE_FORMS)}
    assert len(written) == PHONE_FORMS
    assert {phone_key(phone) for phone in written} == {"+8615412345678"}
    assert {phone_key(written_phone("+12125550123", form)) for form in range(PHONE_FORMS)} == {"+12125550123"}


def test_phones_and_mails_belong_to_one_customer_each() -> None:
    people = make_people(1)
    assert len(set(people.mail) | set(people.other_mail)) == 2 * 61_000
    phones = [phone for phone in people.phone + people.other_phone if phone]
    assert len(phones) - len(set(phones)) == 3  # the family of four
