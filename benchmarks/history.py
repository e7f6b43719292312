"""What the history of opportunities costs, against opportunities without it.

Run with ``make bench`` or ``odoo shell -d DATABASE < benchmarks/history.py``; needs a
database with ``relationship_management``, better with ``olap_export`` too. It creates
and deletes its own opportunities and switches the triggers off and on: never run it on
a database that people use.

There are two baselines: the bare ORM, which does little else, and opportunities as
users have them, with mail tracking, which writes messages. Each round runs every
operation once without triggers, with the history, and with the history and the export
queue, in random order, and takes the CPU seconds of Python plus those of the database
backend. Printed are medians of the ratios of paired rounds with a bootstrapped 95 %
interval, and the SQL statements that Odoo sends.
"""

import random
import statistics
import sys
import time
from pathlib import Path

ROUNDS = 31
BASELINES = {"bare ORM": True, "with mail tracking": False}
RECORDS = 200
RANDOM = random.Random(20260401)  # noqa: S311 - repeatable, not secret
QUEUE_TRIGGER = "olap_export"


class Bench:
    """Measure one operation after the other in every variant."""

    def __init__(self, env, baseline):
        self.baseline = baseline
        silent = BASELINES[baseline]
        self.env = env(context={**env.context, "tracking_disable": silent})
        self.cr = env.cr
        self.cr.execute("SELECT pg_backend_pid()")
        self.backend = Path(f"/proc/{self.cr.fetchone()[0]}/schedstat")
        self.cr.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid = 'relationship_opportunity_history'::regclass"
            " AND tgname LIKE %s",
            [f"%{QUEUE_TRIGGER}%"],
        )
        self.queue_triggers = [name for (name,) in self.cr.fetchall()]
        self.variants = ["off", "history"] + ["queue"] * bool(self.queue_triggers)
        self.stages = env["crm.stage"].search([("is_won", "=", False)], limit=2)
        self.plan = env["res.partner"].search([], limit=1)
        self.samples = {}
        self.statements = {}

    def switch(self, variant):
        """Put the triggers in place for a variant and commit."""
        state = "DISABLE" if variant == "off" else "ENABLE"
        self.cr.execute(f"ALTER TABLE crm_lead {state} TRIGGER USER")
        for name in self.queue_triggers:
            state = "ENABLE" if variant == "queue" else "DISABLE"
            self.cr.execute(
                f'ALTER TABLE relationship_opportunity_history {state} TRIGGER "{name}"'
            )
        self.cr.commit()

    def cpu(self):
        """Return CPU seconds of this process and of its database backend."""
        on_cpu = int(self.backend.read_text().split()[0])
        return time.process_time() + on_cpu / 1e9

    def measure(self, name, variant, operation):
        """Run an operation up to its commit and keep CPU seconds and statements."""
        self.env.invalidate_all()
        statements, start = self.cr.sql_log_count, self.cpu()
        result = operation()
        self.env.flush_all()
        self.cr.commit()
        self.samples.setdefault((name, variant), []).append(self.cpu() - start)
        self.statements[name, variant] = self.cr.sql_log_count - statements
        return result

    def round(self, number, variant):
        """Run every operation once in a variant."""
        self.switch(variant)
        values = {"type": "opportunity", "expected_revenue": 1000, "probability": 30}
        leads = self.measure(
            "create",
            variant,
            lambda: self.env["crm.lead"].create(
                [{**values, "name": f"Bench {i}"} for i in range(RECORDS)]
            ),
        )
        steps = {
            "write revenue": {"expected_revenue": 2000 + number},
            "write stage": {"stage_id": self.stages[number % 2].id},
            "write untracked": {"referred": f"round {number}"},
        }
        for name, change in steps.items():
            leads.mapped("stage_id")
            self.measure(name, variant, lambda change=change: leads.write(change))
        self.measure(
            "one write, one commit", variant, lambda: self._single_writes(leads, number)
        )
        self.measure(
            "raw SQL update",
            variant,
            lambda: self.cr.execute(
                "UPDATE crm_lead SET probability = %s WHERE id IN %s",
                [40 + number % 20, leads._ids],
            ),
        )
        self.measure("unlink", variant, leads.unlink)

    def _single_writes(self, leads, number):
        for lead in leads[:20]:
            lead.expected_revenue = 5000 + number
            self.env.flush_all()
            self.cr.commit()

    def run(self):
        """Run all rounds; always leave the triggers switched on."""
        try:
            for number in range(-2, ROUNDS):
                if number == 0:
                    self.samples.clear()
                for variant in RANDOM.sample(self.variants, len(self.variants)):
                    self.round(number, variant)
        finally:
            self.cr.rollback()
            self.switch("queue" if self.queue_triggers else "history")
        self.report()

    def report(self):
        """Print a table in Markdown."""
        out = sys.stdout.write
        out(f"\n{self.baseline}: {ROUNDS} interleaved rounds of {RECORDS}\n\n")
        out("| operation | variant | ratio | 95 % interval | SQL statements |\n")
        out("| --- | --- | --- | --- | --- |\n")
        for name in dict.fromkeys(name for name, _variant in self.samples):
            plain = self.samples[name, "off"]
            for variant in self.variants[1:]:
                pairs = [
                    with_it / without
                    for with_it, without in zip(
                        self.samples[name, variant], plain, strict=True
                    )
                ]
                low, high = interval(pairs)
                extra = self.statements[name, variant] - self.statements[name, "off"]
                out(
                    f"| {name} | {variant} | {statistics.median(pairs):.3f} |"
                    f" {low:.3f}-{high:.3f} | {extra:+d} |\n"
                )


def interval(values, draws=2000):
    """Return the bootstrapped 95 % interval of the median."""
    medians = sorted(
        statistics.median(RANDOM.choices(values, k=len(values))) for _i in range(draws)
    )
    return medians[int(draws * 0.025)], medians[int(draws * 0.975)]


for baseline in BASELINES:
    Bench(env, baseline).run()  # noqa: F821 - given by the shell
