"""The whole API against its own description: nothing crashes it, and no answer is other than described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from guanxi.config.wsgi import application
from guanxi.customers.tests.factories import make_customers, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.api.commands import create_token

pytestmark = pytest.mark.django_db
EXAMPLES = 12  # of each route; the seed is fixed, so they are the same every time
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A real server closes connections between requests; this test's transaction lives on its one, as in Django's."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    request_finished.send(application)  # schemathesis closes no answer, and what a request remembers would stay
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def administrator(settings: Any) -> User:
    settings.ALLOWED_HOSTS = ["*"]
    ensure_roles(SYSTEM)
    user = create_user(SYSTEM, "admin", "correct horse battery", roles=["administrator"])
    make_customers({"id": key, "name": f"王伟{key}", "owner_id": user.pk} for key in range(1, 6))
    make_standings({"customer_id": key, "tier": "vip"} for key in range(1, 4))
    return user


def test_every_route_answers_as_described_whatever_is_sent(administrator: User) -> None:
    header = {"Authorization": f"Bearer {create_token(administrator, name='test')}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    tried = []
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # an operation that is described wrongly fails here

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def answers(case: Any) -> None:
            case.validate_response(case.call(headers=header), checks=list(CHECKS), headers=header)

        answers()
        tried.append(operation.label)
    assert len(tried) >= 25


def test_no_route_answers_without_a_token(administrator: User) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # as above
        numbers = dict.fromkeys((parameter.name for parameter in operation.path_parameters), 1)
        assert operation.Case(path_parameters=numbers).call().status_code in {401, 403}, operation.label
