"""No phone, mail address or certificate of the sample company belongs to anybody."""

from __future__ import annotations

import datetime
import re

import phonenumbers
import pytest
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidComponent

from guanxi.demo import contacts
from guanxi.demo.tests.conftest import Sample

FICTION = re.compile(r"\+1\d{3}55501\d\d|\+447700900\d{3}|\+3363998\d{4}")


def test_every_phone_reaches_nobody(sample: Sample) -> None:
    numbers = {record.phone for record in sample.records} - {""}
    assert len(numbers) > 55_000
    for number in numbers:
        assert re.fullmatch(r"\+86154\d{8}", number) or FICTION.fullmatch(number)


def test_a_chinese_mobile_is_possible_and_no_operator_has_it() -> None:
    for serial in (0, 1, 60_999, 122_000, 201_999):
        number = contacts.mobile(serial)
        assert re.fullmatch(r"1[3-9]\d{9}", number)
        parsed = phonenumbers.parse(number, "CN")
        assert phonenumbers.is_possible_number(parsed)
        assert not phonenumbers.is_valid_number(parsed)


def test_phones_are_different_for_every_serial() -> None:
    assert len({contacts.mobile(serial) for serial in range(210_000)}) == 210_000
    assert contacts.foreign_phone("GB", 1_000) == contacts.foreign_phone("JP", 0) == ""


def test_every_mail_address_lies_under_a_reserved_domain(sample: Sample) -> None:
    addresses = {record.email.replace("＠", "@").lower() for record in sample.records} - {""}
    assert len(addresses) > 35_000
    assert {address.partition("@")[2] for address in addresses} == {"example.com", "example.net", "example.org"}


def test_certificates_have_right_check_digits_and_a_place_that_is_none(sample: Sample) -> None:
    numbers = {
        (record.kind, re.sub("^(身份证|统一社会信用代码)", "", record.certificate))
        for record in sample.records
        if record.certificate
    }
    assert len({kind for kind, _ in numbers}) == 2
    for kind, number in numbers:
        if kind == "organisation":
            assert uscc.validate(number) == number
            assert number[2:4] == "99"
        else:
            assert ric.calc_check_digit(number) == number[-1]
            assert number[:2] == "99"
            with pytest.raises(InvalidComponent):
                ric.validate(number)


def test_an_identity_number_tells_birth_and_gender() -> None:
    number = contacts.identity_number(7, datetime.date(1988, 9, 7), male=True)
    assert (number[6:14], int(number[16]) % 2) == ("19880907", 1)
    assert len({contacts.identity_number(i, datetime.date(1990, 1, 1), male=False) for i in range(61_000)}) == 61_000
