"""The history when a database is copied, or when the addon goes and comes again."""

import pytest

from tools import databases

UNINSTALL = """
module = env.ref("base.module_relationship_management")
module.button_immediate_uninstall()
"""
WRITE = """
lead = env["crm.lead"].create({"name": "After all", "type": "opportunity"})
lead.expected_revenue = 5
env.cr.commit()
"""


@pytest.fixture
def database(cluster):
    """Return the name of a copy of the database with demo data."""
    make = databases.with_addons
    with databases.temporary(cluster, "test_lifecycle", make) as name:
        yield name


def shell(cluster, database, script, tmp_path):
    config = databases.configuration(cluster, database)
    databases.odoo(
        *(config, "shell", "--no-http"),
        log=tmp_path / "odoo.log",
        input=script.encode(),
    )


def test_a_copied_database_goes_on_recording(cluster, database):
    last = "SELECT coalesce(max(id), 0) FROM relationship_opportunity_history"
    before = int(cluster.psql(database, last))
    cluster.psql(
        database,
        "UPDATE crm_lead SET expected_revenue = 4242"
        " WHERE id = (SELECT min(id) FROM crm_lead)",
    )
    row = cluster.psql(
        database,
        "SELECT path, expected_revenue FROM relationship_opportunity_history"
        f" WHERE id > {before}",
    )
    assert row.split("|") == ["sql", "4242"]


def test_uninstalled_leaves_core_working_and_installed_again_starts_anew(
    cluster, database, tmp_path
):
    shell(cluster, database, UNINSTALL, tmp_path)
    shell(cluster, database, WRITE, tmp_path)
    left = cluster.psql(
        database,
        "SELECT relname FROM pg_class WHERE relname LIKE 'relationship%'"
        " UNION SELECT proname FROM pg_proc WHERE proname LIKE 'relationship%'"
        " UNION SELECT tgname FROM pg_trigger WHERE tgname LIKE 'relationship%'"
        " UNION SELECT attname FROM pg_attribute"
        "  WHERE attname = 'reference_snapshot' AND NOT attisdropped",
    )
    assert left.split() == []

    before = cluster.psql(database, "SELECT count(*), max(id) FROM crm_lead")
    leads, last_lead = before.split("|")
    databases.install(cluster, database, ["relationship_management"])
    baseline = cluster.psql(
        database,
        "SELECT count(*), max(opportunity_id) FROM relationship_opportunity_history"
        " WHERE event = 'baseline'",
    )
    assert baseline.split("|") == [leads, last_lead]
    unrecorded = cluster.psql(
        database,
        "SELECT count(*) FROM crm_lead l WHERE NOT EXISTS ("
        " SELECT 1 FROM relationship_opportunity_history h"
        "  WHERE h.opportunity_id = l.id)",
    )
    assert unrecorded == "0"
