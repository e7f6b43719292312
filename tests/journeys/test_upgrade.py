"""People's databases: made by the addons as they were, updated to what they are now."""

import ast
import json
import subprocess

import pytest

from tools import databases
from tools.base import ADDONS, ROOT, Problem, run

# The addons as the first people installed them.
BEFORE = "ed38104"
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname = current_schema()
   AND (c.relname LIKE 'relationship%' OR c.relname LIKE 'olap_export%'
        OR c.relname IN ('crm_lead', 'crm_stage', 'res_partner', 'utm_campaign'))
 ORDER BY 1
"""
COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute
 WHERE attrelid = 'relationship_opportunity_history'::regclass
   AND attnum > 0 AND NOT attisdropped
"""
NUMBERS = """
SELECT DISTINCT format_type(atttypid, NULL) FROM pg_attribute
 WHERE attrelid = 'relationship_opportunity_history'::regclass AND attname = 'id'
    OR attrelid = 'olap_export_queue'::regclass AND attname = 'history_id'
"""
MENUS = """
SELECT module || '.' || name FROM ir_model_data
 WHERE model IN ('ir.ui.menu', 'ir.actions.act_window') AND module IN ({addons})
"""
# What now belongs to an addon that nobody has without asking for it.
MOVED = {"relationship_management.relationship_relation_import_action"}
GO_ON = """
import json
from lxml import etree
from odoo.addons.relationship_management.models.history import capture
from odoo.addons.relationship_management.models.shared import row_trigger
from tools.base import ADDONS, ROOT

problems = row_trigger.check(env.cr, capture.TRIGGERS)
data = env["ir.model.data"].search(
    [("model", "=", "ir.ui.view"), ("module", "in", ADDONS)]
)
views = env["ir.ui.view"].browse(data.mapped("res_id")).exists()
for view in views.filtered(lambda view: view.model and view.model in env):
    try:
        view._check_xml()
    except Exception as error:
        problems.append(f"{view.xml_id}: {error}")
declared = {}
there = env["ir.module.module"].search([("state", "=", "installed")]).mapped("name")
# Other addons are new, and nobody has installed them here.
for addon in set(ADDONS) & set(there):
    for path in (ROOT / addon / "security").glob("*.xml"):
        for node in etree.parse(path).iterfind(".//record[@model='ir.rule']"):
            domain = node.find("field[@name='domain_force']").text
            declared[f"{addon}.{node.get('id')}"] = domain.split()
rules = {name: env.ref(name).domain_force.split() for name in declared}
problems += [f"{name} is as it was" for name in rules if rules[name] != declared[name]]
rows = env["relationship.opportunity.history"]
last = rows.search([], order="id desc", limit=1)
lead = env["crm.lead"].create({"name": "After the update", "type": "opportunity"})
lead.expected_revenue = 5
env.cr.commit()
new = rows.search([("id", ">", last.id)])
run = env["olap.export.target"].search([], limit=1)._transfer(seconds=None)
env.cr.commit()
print("RESULT", json.dumps({
    "problems": problems,
    "views": len(views),
    "rules": len(rules),
    "events": new.mapped("event"),
    "number": bool(lead.number),
    "run": run.mapped("state"),
    "message": run.mapped("message"),
    "waiting": env["olap.export.target"].search([], limit=1).pending_count,
}))
"""


@pytest.fixture
def addons_before(tmp_path):
    """Return the folder with the addons as they were, and their names."""
    folder = tmp_path / "before"
    folder.mkdir()
    try:
        run("git", "cat-file", "-e", f"{BEFORE}^{{commit}}")
    except Problem:
        pytest.fail(f"Commit {BEFORE} is missing here: say git fetch --unshallow.")
    archive = subprocess.run(  # noqa: S603
        ["git", "archive", BEFORE],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    subprocess.run(  # noqa: S603
        ["tar", "-x", "-C", str(folder)],  # noqa: S607
        check=True,
        input=archive.stdout,
    )
    names = [path.parent.name for path in sorted(folder.glob("*/__manifest__.py"))]
    for name in names:
        ast.literal_eval((folder / name / "__manifest__.py").read_text())
    return folder, names


def count_rows(cluster, database):
    tables = cluster.psql(database, TABLES).split()
    return {
        table: int(cluster.psql(database, f'SELECT count(*) FROM "{table}"'))
        for table in tables
    }


def digest_of_history(cluster, database, columns):
    return cluster.psql(
        database,
        f"SELECT count(*), md5(string_agg(h::text, '|' ORDER BY id)) FROM"
        f" (SELECT {columns} FROM relationship_opportunity_history) h",
    )


def menus(cluster, database, addons):
    names = ", ".join(f"'{name}'" for name in addons)
    return set(cluster.psql(database, MENUS.format(addons=names)).split())


@pytest.fixture
def database_before(cluster, addons_before, tmp_path):
    """Return a database that the addons made as they were; it is kept for next time."""
    folder, names = addons_before

    def make(pg, database):
        databases.with_applications(pg, database)
        config = databases.configuration(pg, database)
        config.write_text(config.read_text().replace(f"= {ROOT},", f"= {folder},"))
        databases.odoo(
            *(config, "server", "-i", ",".join(names), "--with-demo"),
            *("--stop-after-init", "--no-http"),
            log=tmp_path / "before.log",
            cwd=folder,
        )

    key = (BEFORE, databases.name_base(ADDONS))
    return databases.kept(cluster, "before", key, make)


def test_a_database_of_the_first_people_is_updated(
    cluster, addons_before, database_before, tmp_path
):
    _folder, names = addons_before

    def make(pg, database):
        databases.copy(pg, database_before, database)

    # An OLAP database of its own: databases from one template bear one identity.
    with (
        databases.temporary(cluster, "test_upgrade", make) as database,
        databases.temporary(cluster, "test_upgrade_olap") as olap,
    ):
        config = databases.configuration(cluster, database)
        columns = cluster.psql(database, COLUMNS)
        rows = count_rows(cluster, database)
        history = digest_of_history(cluster, database, columns)
        known = menus(cluster, database, names)
        assert rows["relationship_opportunity_history"] > 100
        assert rows["relationship_campaign_addressee"] > 100

        log = tmp_path / "update.log"
        databases.odoo(
            *(config, "server", "-u", ",".join(ADDONS), "--stop-after-init"),
            "--no-http",
            log=log,
        )
        loud = [
            line
            for line in log.read_text(errors="replace").splitlines()
            if " WARNING " in line or " ERROR " in line or " CRITICAL " in line
        ]
        assert not loud, "\n".join(loud)
        assert digest_of_history(cluster, database, columns) == history
        assert cluster.psql(database, NUMBERS).split() == ["bigint"]
        after = count_rows(cluster, database)
        fewer = {t: (n, after.get(t)) for t, n in rows.items() if after.get(t, 0) < n}
        assert not fewer
        assert known - MOVED <= menus(cluster, database, names)

        result = go_on(config, cluster.dsn(olap), tmp_path / "go_on.log")
        assert result["problems"] == []
        assert result["views"] > 50
        assert result["rules"] > 50
        assert result["events"] == ["create"]
        assert result["run"] == ["done"], result["message"]
        assert result["waiting"] == 0


def go_on(config, olap_dsn, log):
    """Save something in the updated database and transfer it; return what happened."""
    databases.odoo(
        *(config, "shell", "--no-http"),
        log=log,
        input=GO_ON.encode(),
        variables=databases.olap_variables(olap_dsn),
    )
    text = log.read_text(errors="replace")
    assert "RESULT" in text, text[-3000:]
    return json.loads(text.split("RESULT", 1)[1].strip().splitlines()[0])
