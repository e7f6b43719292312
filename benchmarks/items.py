"""What the relationship list costs, against the list of opportunities.

Run with ``make bench`` or ``odoo shell -d DATABASE < benchmarks/items.py``; needs a
database with ``relationship_management``. It fills the tables in a transaction that is
rolled back: never run it on a database that people use. ``ITEM_LEADS=1000000`` chooses
the number of opportunities, by default fewer; there are two tasks for each, a partner
for each five, and a campaign of ten members for each fifty. Of the fifty types of
opportunities half are for everybody, the others for one group each.

Each round does everything once on both models, in random order, as a manager who sees
all and as a salesperson in ten of twenty groups, who sees of every hundredth
opportunity those of the types that these may see. Printed are medians of
the milliseconds and of the ratios of one round, with the smallest and the largest, and
how many rows there are to see. What the triggers cost is measured as CPU of Python and
of the database backend.
"""

import os
import random
import statistics
import time
from pathlib import Path

from odoo import Command
from odoo.tools import SQL

LEADS = int(os.environ.get("ITEM_LEADS", "100000"))
ROUNDS, WRITTEN, SHARE = 11, 200, 100
PARTNER = 1000
RANDOM = random.Random(20260403)  # noqa: S311 - repeatable, not secret
TYPES, GROUPS, MEMBERS = 50, 20, 10
TABLES = ("res_partner", "crm_lead", "mail_activity", "relationship_campaign_addressee")
CAMPAIGNS = ("utm_campaign", "relationship_campaign")


def default_columns(cr, table):
    """Give obligatory columns of other addons a default, until the rollback."""
    cr.execute(
        """
        SELECT attname FROM pg_attribute
        WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull
          AND NOT atthasdef AND NOT attisdropped
        """,
        [table],
    )
    for (name,) in cr.fetchall():
        column, rows = SQL.identifier(name), SQL.identifier(table)
        cr.execute(SQL("SELECT %s::text FROM %s LIMIT 1", column, rows))
        [value] = cr.fetchone()
        cr.execute(SQL("ALTER TABLE %s ALTER %s SET DEFAULT %s", rows, column, value))


def new_types(env):
    """Make types, every other one for a group, and return them with these groups."""
    names = [{"name": f"Bench {number}"} for number in range(TYPES)]
    groups = env["res.groups"].create(names[:GROUPS])
    for number in range(1, TYPES, 2):
        group = groups[number // 2 % GROUPS]
        names[number]["see_group_ids"] = [Command.set(group.ids)]
    return env["relationship.opportunity.type"].create(names), groups


def new_user(env, login, group, further=()):
    groups = env.ref(group) | env.ref(
        "relationship_management.relationship_management_group_user"
    )
    groups |= env["res.groups"].browse(further)
    values = {"name": login, "login": f"bench_{login}"}
    return env["res.users"].create({**values, "group_ids": [Command.set(groups.ids)]})


def fill(env, own, other, types):
    """Make partners, opportunities, tasks and campaigns; return the first partner."""
    cr = env.cr
    for table in (*TABLES, *CAMPAIGNS):
        cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        default_columns(cr, table)
    cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, active, type, is_company,
                                 partner_share, create_date)
        SELECT 'Bench ' || md5(i::text), 'Bench ' || md5(i::text), TRUE, 'contact',
               TRUE, TRUE, now()
          FROM generate_series(1, %s) i RETURNING id
        """,
        [LEADS // 5],
    )
    first = min(partner_id for (partner_id,) in cr.fetchall())
    cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [first]
    )
    values = {
        "first": first,
        "leads": LEADS,
        "own": own.id,
        "other": other.id,
        "share": SHARE,
        "company": env.company.id,
        "types": types.ids,
        "campaign_type": env["relationship.campaign.type"].search([], limit=1).id,
        "currency": env.company.currency_id.id,
        "members": MEMBERS,
        "stage": env["crm.stage"].search([], limit=1).id,
        "model": env["ir.model"]._get_id("crm.lead"),
        "todo": env.ref("mail.mail_activity_data_todo").id,
    }
    cr.execute(
        """
        INSERT INTO crm_lead (name, type, active, partner_id, user_id, company_id,
                              opportunity_type_id, stage_id, won_status, date_deadline,
                              create_date, priority)
        SELECT 'Opportunity ' || md5(i::text), 'opportunity', TRUE,
               %(first)s + i %% (%(leads)s / 5),
               CASE WHEN i %% %(share)s = 0 THEN %(own)s ELSE %(other)s END,
               %(company)s, (%(types)s)[1 + i / 7 %% array_length(%(types)s, 1)],
               %(stage)s, 'pending',
               date '2026-01-01' + i %% 700, now() - i * interval '1 minute', '0'
          FROM generate_series(1, %(leads)s) i RETURNING id
        """,
        values,
    )
    values["lead"] = min(lead_id for (lead_id,) in cr.fetchall())
    cr.execute(
        """
        INSERT INTO mail_activity (res_model, res_model_id, res_id, activity_type_id,
                                   summary, date_deadline, user_id, active, date_done,
                                   create_date)
        SELECT 'crm.lead', %(model)s, l.id, %(todo)s, 'Call ' || md5(i::text),
               date '2026-01-01' + i %% 700, l.user_id, i %% 2 = 0,
               CASE WHEN i %% 2 = 1 THEN date '2026-01-01' + i %% 700 END, now()
          FROM generate_series(1, 2 * %(leads)s) i
          JOIN crm_lead l ON l.id = %(lead)s + i %% %(leads)s
        """,
        values,
    )
    fill_campaigns(cr, values)
    for table in (*TABLES, *CAMPAIGNS):
        cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cr.execute(f"ANALYZE {table}")
    started = time.perf_counter()
    env["relationship.item"]._compare()
    cr.execute("ANALYZE relationship_item")
    cr.execute("SELECT count(*) FROM relationship_item")
    [rows] = cr.fetchone()
    seconds = time.perf_counter() - started
    print(f"\nThe first fill: {rows} rows in {seconds:.0f} s")  # noqa: T201
    return first


def fill_campaigns(cr, values):
    """Make a campaign for each fifty opportunities, with members."""
    cr.execute(
        """
        INSERT INTO utm_campaign (name, title, user_id, stage_id, active)
        SELECT 'bench' || i, jsonb_build_object('en_US', 'Bench ' || i),
               %(other)s, (SELECT min(id) FROM utm_stage), TRUE
          FROM generate_series(1, %(leads)s / 50) i RETURNING id
        """,
        values,
    )
    values["utm"] = min(utm_id for (utm_id,) in cr.fetchall())
    cr.execute(
        """
        INSERT INTO relationship_campaign (utm_campaign_id, type_id, stage_id, state,
                                           currency_id, kind, addressing, date_to)
        SELECT %(utm)s + i - 1, %(campaign_type)s, %(stage)s, 'entered', %(currency)s,
               'sales', 'company_contact', date '2026-01-01' + i %% 700
          FROM generate_series(1, %(leads)s / 50) i RETURNING id
        """,
        values,
    )
    values["campaign"] = min(campaign_id for (campaign_id,) in cr.fetchall())
    cr.execute(
        """
        INSERT INTO relationship_campaign_addressee (campaign_id, company_id, origin,
                                                     state, partner_id, user_id)
        SELECT %(campaign)s + i / %(members)s, %(company)s, 'manual', 'open',
               %(first)s + i %% (%(leads)s / 5), %(other)s
          FROM generate_series(0, %(leads)s / 50 * %(members)s - 1) i
        """,
        values,
    )


def get_reads(records, first, group):
    """Return what people do with a list, by name."""
    shown = {"name": {}, "partner_id": {"fields": {"display_name": {}}}}
    shown["user_id"] = {"fields": {"display_name": {}}}
    of_one = [("partner_id", "=", first + PARTNER)]
    named = [("name", "ilike", "abc12")]
    return {
        "first page, counted": lambda: records.web_search_read(
            [], shown, limit=80, count_limit=10001
        ),
        "first page": lambda: records.search([], limit=80),
        "next page": lambda: records.search([], limit=80, offset=80),
        "offset 4,000": lambda: records.search([], limit=80, offset=4000),
        "count up to 10,001": lambda: records.search_count([], limit=10001),
        "of one partner": lambda: records.search(of_one, limit=80),
        "by a name": lambda: records.search(named, limit=80),
        "groups of one partner": lambda: records._read_group(
            of_one, [group], ["__count"]
        ),
        "groups of all": lambda: records._read_group([], [group], ["__count"]),
    }


def measure_reads(env, user, first):
    both = {
        "item": (env["relationship.item"].with_user(user), "kind"),
        "lead": (env["crm.lead"].with_user(user), "stage_id"),
    }
    reads = {
        (name, model): read
        for model, (records, group) in both.items()
        for name, read in get_reads(records, first, group).items()
    }
    samples = {key: [] for key in reads}
    for _round in range(ROUNDS + 1):
        for key in RANDOM.sample(sorted(reads), len(reads)):
            env.invalidate_all()
            started = time.perf_counter()
            reads[key]()
            samples[key].append((time.perf_counter() - started) * 1000)
    seen = ", ".join(
        f"{records.search_count([])} {model}s" for model, (records, _g) in both.items()
    )
    report(f"{user.name}, who sees {seen}", samples)


def report(title, samples):
    print(f"\n{title}\n\n| | List | Opportunities | Ratio |\n| --- | --- | --- | --- |")  # noqa: T201
    for name in dict.fromkeys(name for name, _model in samples):
        mine, theirs = samples[name, "item"][1:], samples[name, "lead"][1:]
        ratios = [one / other for one, other in zip(mine, theirs, strict=True)]
        print(  # noqa: T201
            f"| {name} | {statistics.median(mine):.1f} ms"
            f" | {statistics.median(theirs):.1f} ms | {statistics.median(ratios):.2f}"
            f" ({min(ratios):.2f}–{max(ratios):.2f}) |"
        )


def measure_writes(env):
    """Compare writes with the triggers of the list to those without them."""
    cr = env.cr
    cr.execute("SELECT pg_backend_pid()")
    backend = Path(f"/proc/{cr.fetchone()[0]}/schedstat")
    env = env(context={**env.context, "tracking_disable": True})
    quick = env["mail.activity"].with_context(mail_activity_quick_update=True)
    leads = env["crm.lead"].search([("name", "like", "Opportunity")], limit=WRITTEN)
    tasks = env["mail.activity"].search([("summary", "like", "Call")], limit=WRITTEN)
    lead = {
        "name": "Bench",
        "type": "opportunity",
        "partner_id": leads.partner_id[0].id,
    }
    task = {
        "res_model_id": env["ir.model"]._get_id("crm.lead"),
        "res_id": leads[0].id,
        "summary": "Bench",
    }
    writes = {
        "create opportunities": lambda n: env["crm.lead"].create([lead] * WRITTEN),
        "create one": lambda n: env["crm.lead"].create(lead),
        "rename": lambda n: leads.write({"name": f"Opportunity {n}"}),
        "move one deadline": lambda n: leads[n].write({"date_deadline": "2027-02-01"}),
        "colour": lambda n: leads.write({"color": n % 9}),
        "create tasks": lambda n: quick.create([task] * WRITTEN),
        "move tasks": lambda n: tasks.write({"date_deadline": f"2027-01-{n + 1:02}"}),
    }

    def cpu():
        return time.process_time() + int(backend.read_text().split()[0]) / 1e9

    samples = {}
    cases = [(name, on) for name in writes for on in (True, False)]
    for number in range(ROUNDS + 1):
        for name, on in RANDOM.sample(cases, len(cases)):
            for event in ("insert", "update", "delete"):
                for table in TABLES:
                    cr.execute(
                        f"ALTER TABLE {table} {'ENABLE' if on else 'DISABLE'}"
                        f" TRIGGER relationship_item_{event}"
                    )
            with cr.savepoint() as savepoint:
                # Switching triggers made PostgreSQL forget its plans: make them anew.
                writes[name](number + ROUNDS + 1)
                env.flush_all()
                env.invalidate_all()
                started = cpu()
                writes[name](number)
                env.flush_all()
                key = name, "item" if on else "lead"
                samples.setdefault(key, []).append((cpu() - started) * 1000)
                savepoint.rollback()
            env.invalidate_all()
    report(f"Writing {WRITTEN}, with the triggers and without", samples)


def main(env):
    try:
        types, groups = new_types(env)
        manager = new_user(env, "manager", "sales_team.group_sale_manager", groups.ids)
        half = groups[: GROUPS // 2].ids
        own = new_user(env, "own", "sales_team.group_sale_salesman", half)
        first = fill(env, own, manager, types)
        for user in (manager, own):
            measure_reads(env, user, first)
        measure_writes(env)
    finally:
        env.cr.rollback()


main(env)  # noqa: F821 - Odoo's shell provides it
