"""The people of the sample company have lived with it for a while."""

from __future__ import annotations

from datetime import date

import pytest

from guanxi.customers.models import Customer, Interaction, Preference, Purchase, Task
from guanxi.customers.tests.factories import make_customers
from guanxi.demo.activity import live_a_while
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.system import SYSTEM
from guanxi.marketing.models import FollowUp
from guanxi.marketing.result import Result

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 22)


def test_a_follow_up_with_a_result_is_there_once_and_always_the_same() -> None:
    ensure_roles(SYSTEM)
    create_user(SYSTEM, "liu", "correct horse battery", roles=["manager"])
    shen = create_user(SYSTEM, "shen", "correct horse battery", roles=["seller"])
    make_customers({"id": key, "name": f"王伟{key}", "owner_id": shen.pk} for key in range(1, 61))
    live_a_while(AS_OF)
    follow_up = FollowUp.objects.get()
    assert follow_up.members.filter(arm="control").count() == 6
    assert Task.objects.filter(batch=follow_up.batch).count() == 54
    done = Task.objects.filter(state="done").count()
    result = Result.from_json(follow_up.result)
    assert result is not None
    reached = Interaction.objects.filter(reached=True).count()
    assert (done, result.reached) == (Interaction.objects.count(), reached)
    assert result.treated.buyers == Purchase.objects.values("customer").distinct().count()
    assert 0 < result.treated.buyers < reached < done < 54
    assert (result.control.buyers, Preference.objects.count()) == (0, 8)
    assert Customer.objects.filter(last_contact_at__isnull=False).count() == reached
    live_a_while(AS_OF)
    assert (FollowUp.objects.count(), Interaction.objects.count()) == (1, done)
