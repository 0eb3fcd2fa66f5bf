"""Children of a lab are processes of their own, whatever they are forked from."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from guanxi.kernel.tests.lab import Lab, new_database

pytestmark = pytest.mark.database
HERE = "guanxi.kernel.tests.test_lab"


def look() -> list[object]:
    """Where this process is, and what it sees."""
    from django.conf import settings
    from django.db import connection

    from guanxi.kernel.process import this_process

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from access_role")
        roles = cursor.fetchone()[0]
    name = str(connection.settings_dict["NAME"])
    return [os.getpid(), this_process()["pid"], str(settings.GUANXI_HOME), name, settings.API_RATE, roles]


def add_role() -> None:
    """Leave a row."""
    from guanxi.kernel.access.models import Role

    Role.objects.create(name="made up")


def crash() -> None:
    """End with an error, after a word."""
    print("here", flush=True)
    raise ZeroDivisionError("made up")


def sleep() -> None:
    """Say so, and wait to be killed."""
    print("sleeping", flush=True)
    time.sleep(60)


def test_each_reads_its_own_home_database_and_settings(
    lab: Lab, lab_template: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lab.run(f"{HERE}:add_role")
    other_home = tmp_path_factory.mktemp("other")
    with new_database(lab_template, other_home) as url:
        other = Lab(other_home, url)
        first, again, second = lab.run(f"{HERE}:look"), lab.run(f"{HERE}:look"), other.run(f"{HERE}:look")
        other.environment["GUANXI_API_RATE"] = "7/d"
        changed = other.run(f"{HERE}:look")
    assert first[0] == first[1]
    assert len({os.getpid(), first[0], again[0], second[0], changed[0]}) == 5
    assert [first[2], second[2]] == [str(lab.home), str(other_home)]
    assert first[3] == again[3] != second[3] == changed[3]
    assert [first[4], second[4], changed[4]] == ["600/m", "600/m", "7/d"]
    assert first[5] == again[5] == second[5] + 1 == changed[5] + 1


def test_it_ends_as_a_process_does(lab: Lab) -> None:
    crashed = lab.start(f"{HERE}:crash")
    said, errors = crashed.communicate(timeout=60)
    assert (crashed.returncode, said) == (1, "here\n")
    assert errors.rstrip().endswith("ZeroDivisionError: made up")
    assert crashed.communicate() == (said, errors)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_is_killed_as_a_process_is(lab: Lab, number: signal.Signals) -> None:
    sleeper = lab.start(f"{HERE}:sleep")
    lab.wait_for(sleeper, "sleeping")
    assert sleeper.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        sleeper.wait(0.01)
    with pytest.raises(subprocess.TimeoutExpired):
        sleeper.communicate(timeout=0.01)
    sleeper.send_signal(number)
    assert sleeper.wait(60) == sleeper.poll() == -number
