"""Readers of the pages: one a role, in English unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from guanxi.kernel.access.commands import create_user, ensure_roles, set_company
from guanxi.kernel.access.system import SYSTEM

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """`sign_in("operator")` is a client of somebody with that role; `language` is "en" or "zh-hans"."""
    ensure_roles(SYSTEM)
    set_company(SYSTEM, "T公司")

    def client_of(role: str, language: str = "en") -> Client:
        user = create_user(SYSTEM, f"{role}-{language}", "correct horse battery", roles=[role], display_name="刘敏")
        client = Client()
        client.force_login(user)
        client.cookies.load({"django_language": language})
        return client

    return client_of
