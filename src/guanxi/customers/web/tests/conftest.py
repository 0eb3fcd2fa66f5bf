from __future__ import annotations

import pytest
from django.test import Client

from guanxi.kernel.access.models import User


def signed_in(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies.load({"django_language": language})
    return client


@pytest.fixture
def desk(seller: User) -> Client:
    return signed_in(seller)


@pytest.fixture
def other_desk(colleague: User) -> Client:
    return signed_in(colleague)


@pytest.fixture
def chief(manager: User) -> Client:
    return signed_in(manager)
