"""What the tasks of an activity cost, for three of them and for a hundred thousand.

Run with ``make bench`` or ``odoo shell -d DATABASE < benchmarks/activities.py``; needs
a database with ``relationship_management``. Everything happens in a transaction that is
rolled back: never run it on a database that people use. ``ACTIVITY_MEMBERS=100000``
chooses the number of members, by default few, ``ACTIVITY_ROUNDS=1`` how often.

*Many*: the product's own run (judging, sharing out among days, planning, and all tasks
let appear at once) against a loop of ``mail.activity`` ``create()`` without mails, and
against ``create()`` in batches of 1,000, alternately in one run.

*Three*: saving an activity with three tasks against three ``activity_schedule()``.
"""

import os
import statistics
import time
from pathlib import Path

from odoo import Command, fields

from odoo.addons.relationship_management.models.activity import run_batch

MEMBERS = int(os.environ.get("ACTIVITY_MEMBERS", "2000"))
ROUNDS = int(os.environ.get("ACTIVITY_ROUNDS", "3"))
LOOP, SAVED = 200, 20
TABLES = (
    *("mail_activity", "relationship_activity_todo", "relationship_item"),
    *("relationship_campaign_addressee", "relationship_item_again", "res_partner"),
)
PAGE = 4096  # bytes
run_batch.DAYS_AHEAD = 9999  # all tasks appear at once


def memory():
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * PAGE / 1024**2


def analyze(env):
    """Let PostgreSQL know how large its tables are, as it does between transactions."""
    env.flush_all()
    env.cr.execute(f"ANALYZE {', '.join(TABLES)}")


def measure(env, work, count):
    """Return the milliseconds that one of ``count`` tasks takes."""
    analyze(env)
    env.invalidate_all()
    start = time.perf_counter()
    work()
    env.flush_all()
    return (time.perf_counter() - start) * 1000 / count


def make_campaign(env, count):
    user = env.ref("base.user_admin")
    env = env(user=user.id, su=False, context={"tracking_disable": True})
    partners = env["res.partner"].create(
        [{"name": f"Bench {n}", "email": f"b{n}@x.example"} for n in range(count)]
    )
    kind = env["relationship.campaign.type"].create({"name": "Bench"})
    campaign = env["relationship.campaign"].create(
        {"title": "Bench", "type_id": kind.id, "date_to": "2099-12-31"}
    )
    for start in range(0, count, 5000):
        env["relationship.campaign.addressee"].create(
            [
                {"campaign_id": campaign.id, "partner_id": partner.id}
                for partner in partners[start : start + 5000]
            ]
        )
        env.flush_all()
        env.invalidate_all()
    return campaign


def make_type(env, templates, **values):
    return env["relationship.activity.type"].create(
        {
            "name": "Bench",
            "tasks_per_day": 999,
            "template_ids": [
                Command.create({"responsible_type": "on_demand", **template})
                for template in templates
            ],
            **values,
        }
    )


def run_product(campaign):
    """Plan for all members, and let all tasks appear."""
    env = campaign.env
    kind = make_type(env, [{"summary": "Call {contact}", "per": "addressee"}])
    activity = env["relationship.activity"].create(
        {"type_id": kind.id, "campaign_id": campaign.id, "channel": "email"}
    )
    activity = activity.sudo()
    highest = memory()
    if not activity.run_state:
        return activity, highest
    batches = 0
    while activity.run_state:
        activity._run_batch()
        highest = max(highest, memory())
        batches += 1
        if batches % 10 == 0:
            analyze(env)
    may_go_on = True
    while may_go_on:
        may_go_on, _ended = activity._show_batch()
        highest = max(highest, memory())
    return activity, highest


def plain_values(campaign, count):
    model = campaign.env["ir.model"]._get_id(campaign._name)
    return [
        {
            "res_model_id": model,
            "res_id": campaign.id,
            "summary": f"Call {n}",
            "date_deadline": fields.Date.today(),
            "user_id": campaign.env.uid,
        }
        for n in range(count)
    ]


def many(env):
    campaign = make_campaign(env, MEMBERS)
    tasks = campaign.env["mail.activity"].with_context(mail_activity_quick_update=True)
    values = plain_values(campaign, MEMBERS)
    times = {"product": [], "loop": [], "batches": []}
    before = memory()
    highest = 0
    for _round in range(ROUNDS):

        def product():
            nonlocal highest
            activity, used = run_product(campaign)
            highest = max(highest, used)
            found = activity._count_tasks()[activity.id][0]
            if found != MEMBERS:
                raise RuntimeError(f"{found} tasks for {MEMBERS} members")

        times["product"].append(measure(env, product, MEMBERS))
        times["loop"].append(
            measure(env, lambda: [tasks.create(v) for v in values[:LOOP]], LOOP)
        )
        times["batches"].append(
            measure(
                env,
                lambda: [
                    tasks.create(values[start : start + 1000])
                    for start in range(0, min(MEMBERS, 5000), 1000)
                ],
                min(MEMBERS, 5000),
            )
        )
    found = {name: statistics.median(values) for name, values in times.items()}
    print(f"\n{MEMBERS} members, {ROUNDS} rounds, milliseconds a task")  # noqa: T201
    for name, value in found.items():
        print(f"  {name:<10}{value:8.3f}   {value / found['product']:6.1f} ×")  # noqa: T201
    print(f"  memory {before:.0f} MB before, {highest:.0f} MB at most")  # noqa: T201


def three(env):
    user = env.ref("base.user_admin")
    env = env(user=user.id, su=False, context={})
    partner = env["res.partner"].create({"name": "Bench"})
    kind = make_type(env, [{"summary": f"Task {n}"} for n in range(3)])
    activities = env["relationship.activity"]
    times = {"activity": [], "schedule": []}
    for _round in range(SAVED):
        times["activity"].append(
            measure(
                env,
                lambda: activities.create(
                    {"type_id": kind.id, "partner_id": partner.id}
                ),
                1,
            )
        )
        times["schedule"].append(
            measure(
                env,
                lambda: [
                    partner.activity_schedule(summary=f"Task {n}", user_id=user.id)
                    for n in range(3)
                ],
                1,
            )
        )
    found = {name: statistics.median(values) for name, values in times.items()}
    print("\nThree tasks, milliseconds")  # noqa: T201
    for name, value in found.items():
        print(f"  {name:<10}{value:8.1f}   {value / found['schedule']:6.2f} ×")  # noqa: T201


try:
    three(env)  # noqa: F821 - given by the shell
    many(env)  # noqa: F821
finally:
    env.cr.rollback()  # noqa: F821
