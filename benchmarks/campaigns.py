"""What a target group of 100,000 costs, and what the rules on campaigns cost searches.

Run with ``make bench`` or ``odoo shell -d DATABASE < benchmarks/campaigns.py``; needs a
database with ``relationship_management``. Everything happens in a transaction that is
rolled back: never run it on a database that people use.

*Freezing*: the product's own run (staging the rule, batches with every reason for
leaving somebody out, counts) against ``search()`` and one ``create()`` for the same
partners, alternately in one run: once the ``create()`` of the model, which finds the
same reasons, once the bare one of the ORM, which finds none.

*Searches*: ``name_search`` and the count of campaigns beside 20,000 plain UTM
campaigns, as a salesperson of one of two companies, with the record rules of the addon
and without them, in random order.

*Screens*: SQL statements and seconds of the form of a campaign and of the kanban.
"""

import random
import statistics
import time
from pathlib import Path

from odoo.models import BaseModel
from odoo.tools import SQL

PARTNERS, PLAIN, KANBAN = 100_000, 20_000, 500
FREEZES, ROUNDS = 3, 15
RANDOM = random.Random(20260402)  # noqa: S311 - repeatable, not secret
RULE = [("name", "=like", "Bench %")]
PAGE = 4096  # bytes


def memory():
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * PAGE / 1024**2


def get_user(env):
    found = env["res.users"].search([("login", "=", "anna")])
    return found or env.ref("base.user_admin")


def default_columns(cr):
    """Give obligatory columns of other addons a default, until the rollback."""
    cr.execute(
        """
        SELECT attname FROM pg_attribute
        WHERE attrelid = 'res_partner'::regclass AND attnum > 0 AND attnotnull
          AND NOT atthasdef AND NOT attisdropped
        """
    )
    for (name,) in cr.fetchall():
        column = SQL.identifier(name)
        cr.execute(SQL("SELECT %s FROM res_partner LIMIT 1", column))
        [value] = cr.fetchone()
        cr.execute(
            SQL("ALTER TABLE res_partner ALTER %s SET DEFAULT %s", column, value)
        )


def fill(env, user):
    """Make partners of every kind: reachable, and left out for every reason."""
    cr = env.cr
    default_columns(cr)
    other = env["res.company"].search([("id", "not in", user.company_ids.ids)], limit=1)
    cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, active, type, is_company,
            partner_share, email, email_normalized, company_id, create_date)
        SELECT 'Bench ' || i, 'Bench ' || i, i %% 50 <> 1, 'contact', TRUE, TRUE,
            CASE WHEN i %% 20 = 2 THEN NULL
                 WHEN i %% 25 = 3 THEN 'double' || i / 50 || '@example.com'
                 ELSE 'bench' || i || '@example.com' END,
            CASE WHEN i %% 20 = 2 THEN NULL
                 WHEN i %% 25 = 3 THEN 'double' || i / 50 || '@example.com'
                 ELSE 'bench' || i || '@example.com' END,
            CASE WHEN i %% 50 = 4 THEN %(other)s END, now()
        FROM generate_series(1, %(count)s) i RETURNING id
        """,
        {"count": PARTNERS, "other": other.id},
    )
    first = min(partner_id for (partner_id,) in cr.fetchall())
    cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [first]
    )
    cr.execute(
        """
        INSERT INTO mail_blacklist (email, active, create_date)
        SELECT 'bench' || i || '@example.com', TRUE, now()
        FROM generate_series(5, %s, 40) i ON CONFLICT DO NOTHING
        """,
        [PARTNERS],
    )
    cr.execute(
        """
        INSERT INTO relationship_consent (partner_id, channel, action, legal_basis,
            origin, date, user_id, create_date)
        SELECT %(first)s + i - 1, 'email', 'withdrawn', 'consent', 'manual', now(),
            %(user)s, now()
        FROM generate_series(6, %(count)s, 30) i
        """,
        {"first": first, "user": user.id, "count": PARTNERS},
    )
    for table in ("res_partner", "mail_blacklist", "relationship_consent"):
        cr.execute(f"ANALYZE {table}")
    return first


def new_campaign(env, user, title):
    campaign_type = env["relationship.campaign.type"].search([], limit=1)
    return (
        env["relationship.campaign"]
        .with_user(user)
        .create({"title": title, "type_id": campaign_type.id, "channel": "email"})
    )


def freeze(campaign, samples=None):
    """Enter everybody whom the rule finds, batch by batch as the cron does."""
    run = campaign._stage_rule()
    run.sudo().state = "running"
    while run.sudo()._run_batch():
        if samples is not None:
            samples.append(memory())
    return run


def create(campaign, partners, bare=False):
    """Search, then create in one call."""
    found = partners.with_context(active_test=False).search(RULE)
    addressees = campaign.env["relationship.campaign.addressee"]
    method = BaseModel.create if bare else type(addressees).create
    method(
        addressees,
        [
            {
                "campaign_id": campaign.id,
                "partner_id": partner_id,
                "company_id": campaign.company_id.id,
                "user_id": campaign.user_id.id,
                "origin": "rule",
            }
            for partner_id in found.ids
        ],
    )
    campaign.env.flush_all()


def measure_freezing(env, user):
    seconds = {"freeze": [], "create": [], "bare create": []}
    campaign = new_campaign(env, user, "Bench target group")
    campaign.selection_ids.create({"campaign_id": campaign.id, "rule": str(RULE)})
    env.flush_all()
    partners = env["res.partner"].with_user(user)
    samples = [memory()]
    for number in range(FREEZES):
        for name in RANDOM.sample(sorted(seconds), 3) if number else ["freeze"]:
            env.invalidate_all()
            with env.cr.savepoint() as savepoint:
                started = time.perf_counter()
                if name == "freeze":
                    run = freeze(campaign, samples if number == 0 else None)
                    summary = run.summary
                else:
                    create(campaign, partners, bare=name == "bare create")
                seconds[name].append(time.perf_counter() - started)
                savepoint.rollback()
            env.clear()
    print(summary)  # noqa: T201
    print(  # noqa: T201
        "memory of Python, MB:",
        *(f"{sample:.0f}" for sample in (samples[0], samples[1], *samples[-2:])),
        "(before, after the first batch, after the last ones)",
    )
    base = seconds["freeze"][1:]  # the first one warms up
    for name, sample in {**seconds, "freeze": base}.items():
        ratios = [one / other for one, other in zip(sample, base, strict=True)]
        print(  # noqa: T201
            f"{name:12} {statistics.median(sample):6.1f} s, ÷ freeze:"
            f" {statistics.median(ratios):.1f} ({min(ratios):.1f}-{max(ratios):.1f})"
        )


def measure_searches(env, user):
    env.cr.execute(
        """
        INSERT INTO utm_campaign (name, title, active, stage_id, user_id, create_date)
        SELECT 'plain ' || i, jsonb_build_object('en_US', 'Plain spring ' || i), TRUE,
            (SELECT min(id) FROM utm_stage), %s, now()
        FROM generate_series(1, %s) i
        """,
        [user.id, PLAIN],
    )
    for number in range(KANBAN):
        new_campaign(env, user, f"Bench spring {number}")
    env.flush_all()
    for table in ("utm_campaign", "relationship_campaign"):
        env.cr.execute(f"ANALYZE {table}")
    rules = env["ir.rule"].search(
        [("model_id.model", "in", ["utm.campaign", "relationship.campaign"])]
    )
    searches = {
        f"{model} {name}": (env[model].with_user(user), search)
        for model in ("utm.campaign", "relationship.campaign")
        for name, search in (
            ("name_search", lambda records: records.name_search("spring 1", limit=8)),
            ("count", lambda records: records.search_count([])),
        )
    }
    samples = {(name, on): [] for name in searches for on in (True, False)}
    for _round in range(ROUNDS + 1):
        for on in RANDOM.sample([True, False], 2):
            rules.active = on
            env.flush_all()
            for name, (records, search) in RANDOM.sample(sorted(searches.items()), 4):
                search(records)  # the caches of the rules
                # Not of user and companies: a request has read these before.
                records.invalidate_model()
                started = time.perf_counter()
                search(records)
                samples[name, on].append(time.perf_counter() - started)
    rules.active = True
    for name in searches:
        pairs = zip(samples[name, True][1:], samples[name, False][1:], strict=True)
        ratios = [one / other for one, other in pairs]
        print(  # noqa: T201
            f"{name:34} {statistics.median(samples[name, False]) * 1000:6.1f} ms"
            f" without, with rules × {statistics.median(ratios):.2f}"
            f" ({min(ratios):.2f}-{max(ratios):.2f})"
        )


def measure_screens(env, user):
    campaigns = env["relationship.campaign"].with_user(user)
    views = campaigns.get_views([(False, "form"), (False, "kanban")])
    form, kanban = (
        {name: {} for name in views["models"]["relationship.campaign"]["fields"]},
        ("title", "number", "contacted_percent", "addressee_count", "tag_ids", "state"),
    )
    kanban = {name: {} for name in (*kanban, "date_to", "activity_ids", "user_id")}
    few, many = (new_campaign(env, user, f"Bench {n}") for n in ("few", "many"))
    many.selection_ids.create({"campaign_id": many.id, "rule": str(RULE)})
    rule = str([("name", "in", [f"Bench {n}" for n in range(10, 20)])])
    few.selection_ids.create({"campaign_id": few.id, "rule": rule})
    freeze(few)
    freeze(many)
    env.cr.execute("ANALYZE relationship_campaign_addressee")
    screens = {
        "form, 10 addressees": lambda: few.web_read(form),
        "form, 100,000 addressees": lambda: many.web_read(form),
        "kanban, 20 campaigns": lambda: campaigns.web_search_read([], kanban, limit=20),
        "kanban, 500 campaigns": lambda: campaigns.web_search_read(
            [], kanban, limit=500
        ),
    }
    for name, show in screens.items():
        show()
        env.invalidate_all()
        before, started = env.cr.sql_log_count, time.perf_counter()
        show()
        seconds = time.perf_counter() - started
        print(  # noqa: T201
            f"{name:26} {env.cr.sql_log_count - before:4} statements,"
            f" {seconds * 1000:7.1f} ms"
        )


def main(env):
    user = get_user(env)
    try:
        fill(env, user)
        measure_freezing(env, user)
        measure_searches(env, user)
        measure_screens(env, user)
    finally:
        env.cr.rollback()


main(env)  # noqa: F821 - the shell's
