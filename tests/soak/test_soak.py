"""A short form of ``make soak``, and proofs that its oracle notices."""

import pytest

from tests.soak.__main__ import Soak
from tests.soak.world import World
from tools.install import postgres_programs

# The quick ones of each kind; kills and silence by phase are in the addon's tests.
KINDS = ("killed at random", "target sessions ended", "failed over", "bad values")


@pytest.fixture(scope="module")
def programs():
    return postgres_programs()


def test_nothing_is_lost_doubled_invented_or_stopped(programs):
    with Soak(programs, seed=7) as soak:
        good = soak.run(rounds=1, seconds=35, kinds=KINDS)
        assert soak.counts
        assert good, soak.table()


HARM = {
    "wrong": "DELETE FROM fact_opportunity_state WHERE event_key % 9 = 2",
    "invented": "UPDATE fact_opportunity_event SET status = 'x'"
    " WHERE event_key % 9 = 1",
    "doubled": "ALTER TABLE fact_opportunity_event DROP CONSTRAINT"
    " fact_opportunity_event_pkey; INSERT INTO fact_opportunity_event"
    " SELECT * FROM fact_opportunity_event WHERE event_key % 9 = 3",
    "lost": "DELETE FROM fact_opportunity_event WHERE event_key % 9 = 0",
}


def test_the_oracle_notices(programs):
    with World(programs, seed=1) as world:
        world.work(40)
        assert not world.transfer("postgresql")
        for verdict, statement in HARM.items():
            assert not getattr(world.judge("postgresql"), verdict)
            world.target.execute("olap", statement)
            assert getattr(world.judge("postgresql"), verdict), verdict
