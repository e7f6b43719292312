"""Lines for Odoo's shell: workers create tasks of members, and are killed.

``KILLS`` says how many, ``MEMBERS`` for how many members, ``RESULT`` is the file
for what was counted. It writes into the database: never use one that people use.
"""

import json
import os
import random
import signal
import time
import traceback
from collections import Counter
from pathlib import Path

from odoo import SUPERUSER_ID, Command, api, fields, sql_db
from odoo.modules.registry import Registry

from odoo.addons.relationship_management.models.activity import run_batch, tasks

KILLS = int(os.environ["KILLS"])
MEMBERS = int(os.environ["MEMBERS"])
DICE = random.Random(int(os.environ.get("SEED", "1")))  # noqa: S311 no secret
# Who refuses e-mail gets no task.
REFUSING = 10
# A worker lives so many seconds at most before it is killed.
LONGEST = 1.0
PATIENCE = 300

# Many borders of transactions for few members.
tasks.FEW = 5
run_batch.SIZE = 10
run_batch.SHOWN_AT_ONCE = 15
DB = env.cr.dbname  # noqa: F821 the shell's


def in_transaction(work):
    """Do something in a transaction of its own; return what it returns."""
    with Registry(DB).cursor() as cr:
        admin = api.Environment(cr, SUPERUSER_ID, {}).ref("base.user_admin")
        return work(api.Environment(cr, admin.id, {"lang": "en_US", "tz": "UTC"}))


def plan(env):
    """Plan a letter to each member, and a call once it is done; return the id."""
    partners = env["res.partner"].create(
        [
            {"name": f"Killed {n}", "email": f"k{n}@killed.example"}
            for n in range(MEMBERS)
        ]
    )
    for partner in partners[::REFUSING]:
        env["mail.blacklist"].sudo()._add(partner.email)
    campaign = env["relationship.campaign"].create(
        {
            "title": "Killed",
            "type_id": env["relationship.campaign.type"].create({"name": "Killed"}).id,
            "date_to": "2099-12-31",
        }
    )
    env["relationship.campaign.addressee"].create(
        [{"campaign_id": campaign.id, "partner_id": p.id} for p in partners]
    )
    line = {"per": "addressee", "responsible_type": "on_demand", "delay_count": 0}
    kind = env["relationship.activity.type"].create(
        {
            "name": "Killed",
            "channel": "email",
            "tasks_per_day": 999,
            "template_ids": [Command.create({**line, "summary": "Write to {contact}"})],
        }
    )
    first = kind.template_ids
    second = {**line, "summary": "Call {contact}", "wait_template_id": first.id}
    kind.template_ids = [Command.create(second)]
    activity = env["relationship.activity"].create(
        {
            "name": "Killed",
            "type_id": kind.id,
            "campaign_id": campaign.id,
            "date_from": fields.Date.today(),
        }
    )
    return activity.id


def start_worker():
    """Return the process id of a worker that does what the scheduled action does."""
    sql_db.close_all()
    if pid := os.fork():
        return pid
    try:
        with Registry(DB).cursor() as cr:
            root = api.Environment(cr, SUPERUSER_ID, {})
            root["relationship.activity"]._cron_create_tasks()
    except BaseException:  # noqa: BLE001 told below, and by its exit code
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def end_worker(pid, after):
    """Kill a worker after some seconds; return whether it was still at work."""
    until = time.monotonic() + after
    while time.monotonic() < until:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return False
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1] == signal.SIGKILL


def find_tasks(env, activity_id, **values):
    """Return the tasks of the activity, done ones too."""
    domain = [("relationship_activity_id", "=", activity_id)]
    domain += [(name, "=", value) for name, value in values.items()]
    every = env["mail.activity"].sudo().with_context(active_test=False)
    return every.search(domain, order="id")


def do_some(env, activity_id):
    """Do what a salesperson does meanwhile: some tasks, and leave a member out."""
    open_tasks = find_tasks(env, activity_id, active=True)
    for task in DICE.sample(list(open_tasks), min(3, len(open_tasks))):
        task.with_env(env)._action_done()
    members = env["relationship.activity"].browse(activity_id).campaign_id.addressee_ids
    members = members.filtered(lambda member: member.state != "excluded")
    DICE.choice(list(members)).state = "excluded"


def judge(env, activity_id):
    """Return what is wrong, in words, and how many tasks there are."""
    activity = env["relationship.activity"].browse(activity_id)
    todo = env["relationship.activity.todo"].sudo()
    todo = todo.search([("activity_id", "=", activity_id)])
    every = find_tasks(env, activity_id)
    counts = Counter((t.plan_template_id.id, t.task_key) for t in every)
    counts.update((t.template_id.id, t.task_key) for t in todo)
    first, second = activity.type_id.template_ids.sorted("id").ids
    wrong = [f"{key} {n} times" for key, n in counts.items() if n > 1]
    done = {(t.plan_template_id.id, t.task_key) for t in every if not t.active}
    refused = set(env["mail.blacklist"].search([]).mapped("email"))
    for member in activity.campaign_id.with_context(active_test=False).addressee_ids:
        key = f"member:{member.id}"
        is_out = member.state == "excluded" or member.email in refused
        for line, wanted in ((first, True), (second, (first, key) in done)):
            found = counts.get((line, key), 0)
            if not is_out and found != wanted:
                wrong.append(f"{line} {key}: {found} tasks instead of {int(wanted)}")
            if is_out and found and (line, key) not in done:
                wrong.append(f"{line} {key}: a task for somebody who is left out")
    if activity.run_state:
        wrong.append(f"the run is {activity.run_state}: {activity.run_error}")
    return wrong, len(every)


def soak():
    activity_id = in_transaction(plan)
    killed = ended = pairs = 0
    start = time.monotonic()
    while killed < KILLS and time.monotonic() - start < PATIENCE:
        workers = [start_worker() for _worker in range(1 + killed % 2)]
        pairs += len(workers) == 2
        for pid in workers:
            if end_worker(pid, DICE.uniform(0, LONGEST)):
                killed += 1
            else:
                ended += 1
        in_transaction(lambda env: do_some(env, activity_id))
    # Two at once at the end, and once more for what was done meanwhile.
    for pid in [start_worker(), start_worker()]:
        os.waitpid(pid, 0)
    last = start_worker()
    status = os.waitpid(last, 0)[1]
    wrong, count = in_transaction(lambda env: judge(env, activity_id))
    if status:
        wrong.append(f"the last worker ended with {status}")
    result = {"killed": killed, "ended": ended, "pairs": pairs, "tasks": count}
    Path(os.environ["RESULT"]).write_text(json.dumps({**result, "wrong": wrong}))
    # The shell's own connection is closed.
    os._exit(0)


env.cr.commit()  # noqa: F821
soak()
