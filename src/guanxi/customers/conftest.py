"""Who works with the customers of tests: two sellers who see their own, and a manager who sees all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model

from guanxi.customers.commands import create_customer
from guanxi.customers.models import Customer
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.events.models import EventRecord

PASSWORD = "correct horse battery"


@pytest.fixture
def seller(db: None) -> User:
    """Sees what is theirs."""
    ensure_roles(SYSTEM)
    return create_user(SYSTEM, "shen", PASSWORD, roles=["seller"], display_name="沈嘉敏")


@pytest.fixture
def colleague(seller: User) -> User:
    """Sees what is theirs, and so nothing of the seller."""
    return create_user(SYSTEM, "fang", PASSWORD, roles=["seller"], display_name="方磊")


@pytest.fixture
def manager(seller: User) -> User:
    """Sees and may delete all."""
    return create_user(SYSTEM, "liu", PASSWORD, roles=["manager"], display_name="刘总")


@pytest.fixture
def wang(seller: User) -> Customer:
    """A person whom the seller owns."""
    return create_customer(seller, values={"name": "王伟", "phone": "13812345678"})


@pytest.fixture
def tea(seller: User) -> Customer:
    """An organisation that the seller owns."""
    return create_customer(seller, values={"name": "天元茶业有限公司", "kind": "organisation"})


@pytest.fixture
def everything(db: None) -> Callable[..., list[Any]]:
    """All rows of some tables, and how much trail and how many events there are: a refusal changes none of it."""

    def rows(*kinds: type[Model]) -> list[Any]:
        tables = [
            list(manager.order_by("pk").values())
            for manager in [Customer.objects, *(kind._default_manager for kind in kinds)]
        ]
        return [*tables, AuditEntry.objects.count(), EventRecord.objects.count()]

    return rows
