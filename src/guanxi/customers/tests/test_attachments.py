"""Files kept with customers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from guanxi.customers.commands import add_attachment, delete_attachment, restore_attachment
from guanxi.customers.errors import CustomerUnknown, EntryUnknown, FileRefused
from guanxi.customers.files import path_of
from guanxi.customers.models import Attachment, Customer
from guanxi.kernel.access.models import User
from guanxi.kernel.audit.queries import history_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"x" * 5000


def lying(settings: Settings) -> list[Path]:
    return [path for path in (Path(settings.GUANXI_HOME) / "files").rglob("*") if path.is_file()]


def test_a_file_lies_once_under_its_digest(seller: User, wang: Customer, settings: Settings) -> None:
    kept = add_attachment(seller, customer_id=wang.pk, name="../../报价.PDF", chunks=[PDF[:100], PDF[100:]])
    assert (kept.name, kept.size, kept.content_type) == ("报价.PDF", 5009, "application/pdf")
    assert kept.digest == hashlib.sha256(PDF).hexdigest()
    assert path_of(kept.digest).read_bytes() == PDF
    add_attachment(seller, customer_id=wang.pk, name="again.pdf", chunks=[PDF])
    assert lying(settings) == [path_of(kept.digest)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<html>"), ("drawing.svg", b"<svg>"), ("run.exe", b"MZ"), ("none", b"x"), ("empty.txt", b""),
        ("fake.pdf", b"<html>"), ("fake.png", PDF), ("fake.txt", b"\xef\xbb\xbf  <!DOCTYPE html>"),
        ("fake.csv", b"<svg onload=1>"), ("binary.txt", b"a\x00b"), ("big.pdf", PDF + b"x" * 1024 * 1024),
    ],
)  # fmt: skip
def test_what_is_not_kept_is_refused(
    seller: User, wang: Customer, settings: Settings, everything: Callable[..., list[Any]], name: str, content: bytes
) -> None:
    settings.UPLOAD_MEGABYTES = 1
    before = everything(Attachment)
    with pytest.raises(FileRefused) as told:
        add_attachment(seller, customer_id=wang.pk, name=name, chunks=[content])
    assert told.value.place == "file"
    assert everything(Attachment) == before
    assert lying(settings) == []


def test_a_deleted_file_comes_back_from_the_bin(seller: User, colleague: User, wang: Customer) -> None:
    kept = add_attachment(seller, customer_id=wang.pk, name="a.txt", chunks=["茶".encode("gb18030")])
    for attempt in (delete_attachment, restore_attachment):
        with pytest.raises(EntryUnknown):
            attempt(colleague, attachment_id=kept.pk)
    with pytest.raises(CustomerUnknown):
        add_attachment(colleague, customer_id=wang.pk, name="a.txt", chunks=[b"x"])
    delete_attachment(seller, attachment_id=kept.pk)
    delete_attachment(seller, attachment_id=kept.pk)
    assert Attachment.objects.get().deleted_at is not None
    assert path_of(kept.digest).exists()
    restore_attachment(seller, attachment_id=kept.pk)
    assert Attachment.objects.get().deleted_at is None
    assert [line.changes for line in history_of(wang)][:3] == [
        {"attachment": kept.pk, "deleted": [True, False]}, {"attachment": kept.pk, "deleted": [False, True]},
        {"attachment": [None, kept.pk]},
    ]  # fmt: skip
