"""Workers that create the tasks of an activity are killed at any moment."""

import json
import os
from pathlib import Path

import pytest

from tools import databases

SCRIPT = Path(__file__).with_name("killed_tasks.py")
# ``KILLS=50`` takes two minutes.
KILLS = int(os.environ.get("KILLS", "3"))
# What a worker brings before it is killed, with room to spare.
MEMBERS_PER_KILL = 80


@pytest.fixture
def database(cluster):
    """Return the name of a copy of the database with demo data."""
    make = databases.with_addons
    with databases.temporary(cluster, "test_killed_tasks", make) as name:
        yield name


def test_each_member_gets_each_task_once(cluster, database, tmp_path):
    result = tmp_path / "result.json"
    databases.run_lines(
        *(cluster, database, SCRIPT.read_text("utf-8")),
        log=tmp_path / "odoo.log",
        variables={
            "KILLS": str(KILLS),
            "MEMBERS": str(MEMBERS_PER_KILL * KILLS),
            "RESULT": str(result),
        },
    )
    found = json.loads(result.read_text("utf-8"))
    assert not found["wrong"], "\n".join(found["wrong"])
    assert found["killed"] == KILLS, found
    assert found["pairs"], found
    assert found["tasks"] > MEMBERS_PER_KILL * KILLS // 2, found
