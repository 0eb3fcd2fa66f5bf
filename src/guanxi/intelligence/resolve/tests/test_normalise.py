"""What counts as the same name, phone, e-mail or certificate."""

from __future__ import annotations

import pytest

from guanxi.intelligence.resolve.normalise import certificate_key, email_key, name_key, phone_key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Wang Wei", "wangwei"),
        ("Ｗang  Ｗei", "wangwei"),
        ("O'Brien-Smith", "obriensmith"),
        ("王 伟", "王伟"),
        ("听雨茶业（杭州）有限公司", "听雨茶业杭州有限公司"),
        ("···", ""),
    ],
)
def test_names_differ_only_in_letters_and_digits(written: str, key: str) -> None:
    assert name_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("13800138000", "+8613800138000"),
        ("138-0013 8000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("0571-88880000", "+8657188880000"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("123", None),
        ("无", None),
    ],
)
def test_phones_are_compared_in_e164(written: str, key: str | None) -> None:
    assert phone_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (" Wang.Wei@Example.COM ", "wang.wei@example.com"),
        ("ｗｗ＠example.com", "ww@example.com"),
        ("wang.wei", None),
        ("a b@example.com", None),
    ],
)
def test_mails_are_compared_in_lower_case(written: str, key: str | None) -> None:
    assert email_key(written) == key


@pytest.mark.parametrize(
    ("kind", "written", "key"),
    [
        ("cn_id", "11010519491231002x", "11010519491231002X"),
        ("cn_id", "110105 19491231 002X", "11010519491231002X"),
        ("cn_id", "110105194912310021", None),  # the check digit is X
        ("cn_id", "1234", None),
        ("cn_uscc", "91350100m000100y43", "91350100M000100Y43"),
        ("cn_uscc", "91350100M000100Y44", None),
        ("passport", "g 1234-5678", "G12345678"),
        ("passport", " ", None),
    ],
)
def test_certificates_are_trusted_when_their_check_digit_holds(kind: str, written: str, key: str | None) -> None:
    assert certificate_key(kind, written) == key
