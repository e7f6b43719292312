import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytz

from odoo.tests import tagged

from .warehouse_case import OFFSET, WarehouseCase

ZONES = {1: "Europe/Warsaw", 2: "America/New_York", 3: "Asia/Tokyo"}
AS_OF = f"""
    SELECT opportunity_key - {OFFSET}, event_key - {OFFSET}, status, probability,
           expected_revenue, forecast_revenue, expected_revenue_group,
           forecast_margin_group
      FROM v_opportunity_as_of
     WHERE as_of_date = DATE '%s'
     ORDER BY 1
"""


def rounded(amount, digits="0.0001"):
    if amount is None:
        return None
    return amount.quantize(Decimal(digits), ROUND_HALF_UP)


def times(amount, rate):
    return None if amount is None or rate is None else rounded(amount * rate)


@tagged("post_install", "-at_install")
class TestWarehouse(WarehouseCase):
    """The star schema says what the history says, on every engine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random_history(1200, seed=19)
        cls.postgresql = cls.make_postgresql()

    def replay(self):
        """Return the states by opportunity, by reading the history row by row.

        :return: ``{opportunity: [(local day, row), …]}``
        """
        rows = self.read_source(
            "SELECT id, opportunity_id, changed_at, company_id, event, lead_type,"
            " status, probability, expected_revenue, forecast_revenue, forecast_margin,"
            " group_rate FROM relationship_opportunity_history ORDER BY id"
        )
        states = {}
        for row in rows:
            zone = pytz.timezone(ZONES[row[3] or 1])
            day = pytz.utc.localize(row[2]).astimezone(zone).date()
            before = states.setdefault(row[1], [])
            if before:
                day = max(day, before[-1][0])
            before.append((day, row))
        return states

    def expected_on(self, states, day):
        expected = []
        for opportunity, history in sorted(states.items()):
            known = [row for moment, row in history if moment <= day]
            if not known:
                continue
            (number, _lead, _at, _company, event, lead_type, status, probability,
             revenue, forecast, margin, rate) = known[-1]  # fmt: skip
            if event in ("delete", "merge") or lead_type != "opportunity":
                continue
            share = None if probability is None else probability / 100
            revenue, forecast, margin = map(rounded, (revenue, forecast, margin))
            expected.append((
                opportunity, number, status, rounded(share, "0.000001"), revenue,
                forecast, times(revenue, rate), times(margin, rate),
            ))  # fmt: skip
        return expected

    def check_replay(self, engine):
        states = self.replay()
        dice = random.Random(7)  # noqa: S311 no secret
        first = date(2024, 2, 25)
        seen = 0
        for _number in range(50):
            day = first + timedelta(days=dice.randrange(200))
            expected = self.expected_on(states, day)
            self.assertEqual(self.read_target(engine, AS_OF % day), expected, day)
            pipeline = self.read_target(
                engine,
                "SELECT count(*), count(DISTINCT opportunity_key),"
                " sum(expected_revenue)"
                f" FROM v_pipeline_as_of WHERE as_of_date = DATE '{day}'",
            )[0]
            still_open = [row for row in expected if row[2] == "open"]
            total = sum(row[4] for row in still_open if row[4] is not None)
            self.assertEqual(pipeline[:2], (len(still_open),) * 2)
            self.assertEqual(pipeline[2] or 0, total)
            seen += len(expected)
        self.assertGreater(seen, 1000, "the days must have something to say")

    def test_replay_equals_as_of_on_postgresql(self):
        self.transfer(self.postgresql, mode="full")
        self.assertExactlyOnce(self.postgresql)
        self.check_replay(self.postgresql)

    def test_replay_equals_as_of_on_duckdb(self):
        engine = self.make_duckdb()
        self.transfer(engine, mode="full", chunk_size=300)
        self.assertExactlyOnce(engine)
        self.check_replay(engine)

    def test_both_engines_show_the_same_rows(self):
        engine = self.make_duckdb("same")
        self.transfer(self.postgresql, mode="full")
        self.transfer(engine, mode="full")
        days = "(DATE '2024-03-31', DATE '2024-05-20', DATE '2024-07-01')"
        for statement in (
            "SELECT * FROM v_forecast",
            f"SELECT * FROM v_pipeline_by_rep WHERE as_of_date IN {days}",
            f"SELECT * FROM v_pipeline_as_of WHERE as_of_date IN {days}",
            "SELECT * FROM bridge_opportunity_reference",
            "SELECT * FROM bridge_opportunity_rep",
            "SELECT * FROM bridge_opportunity_competitor",
            "SELECT * FROM fact_opportunity_state",
            "SELECT * FROM dim_stage",
            "SELECT * FROM dim_date",
            "SELECT * FROM dim_employee",
            "SELECT * FROM pii.partner_pii",
        ):
            on_postgresql = self.read_target(self.postgresql, statement)
            on_duckdb = self.read_target(engine, statement)
            self.assertTrue(on_postgresql, statement)
            self.assertEqual(
                sorted(on_postgresql, key=repr), sorted(on_duckdb, key=repr), statement
            )

    def test_weights_of_representatives_add_up_to_one(self):
        self.transfer(self.postgresql, mode="full")
        wrong = self.read_target(
            self.postgresql,
            "SELECT reference_group_key, sum(weight) FROM bridge_opportunity_rep"
            " GROUP BY 1 HAVING sum(weight) <> 1 OR min(weight) < 0",
        )
        self.assertFalse(wrong)
        totals = self.read_target(
            self.postgresql,
            """
            SELECT (SELECT sum(forecast_revenue_group) FROM v_pipeline_by_rep
                     WHERE as_of_date = DATE '2024-06-01'),
                   (SELECT sum(forecast_revenue_group) FROM v_pipeline_as_of
                     WHERE as_of_date = DATE '2024-06-01')
            """,
        )[0]
        self.assertEqual(*totals)

    def test_increments_give_what_one_load_gives(self):
        self.transfer(self.postgresql, mode="full")
        at_once = self.read_target(
            self.postgresql, "SELECT * FROM fact_opportunity_state ORDER BY event_key"
        )
        engine = self.make_duckdb("steps")
        for size in (7, 400, 100):
            # A transfer that ends after one chunk: states follow piece by piece.
            self.transfer(engine, chunk_size=size, seconds=0)
        self.transfer(engine, chunk_size=90)
        in_steps = self.read_target(
            engine, "SELECT * FROM fact_opportunity_state ORDER BY event_key"
        )
        self.assertEqual(in_steps, at_once)

    def test_facts_never_miss_a_member(self):
        self.transfer(self.postgresql, mode="full")
        for column, table, key in (
            ("stage_key", "dim_stage", "stage_key"),
            ("employee_key", "dim_employee", "employee_key"),
            ("opportunity_key", "dim_opportunity", "opportunity_key"),
            ("event_date_key", "dim_date", "date_key"),
            ("closing_date_key", "dim_date", "date_key"),
        ):
            orphans = self.read_target(
                self.postgresql,
                f"SELECT count(*) FROM fact_opportunity_event f LEFT JOIN {table} d"
                f" ON d.{key} = f.{column} WHERE d.{key} IS NULL",
            )
            self.assertEqual(orphans[0][0], 0, column)
        inferred = self.read_target(
            self.postgresql,
            f"SELECT source_id FROM dim_employee WHERE is_inferred AND"
            f" employee_key > {OFFSET}",
        )
        self.assertEqual(inferred, [(77,)])

    def test_personal_data_go_with_the_person(self):
        self.source_cr.execute(
            "INSERT INTO res_partner (id, name, email, phone) VALUES"
            " (901, 'Gone', 'gone@example.com', '1'),"
            " (902, 'Blank', 'blank@example.com', '2'), (903, 'Stays', NULL, NULL);"
            # Jan has an account of the portal, Ewa is a colleague.
            "INSERT INTO res_partner (id, name) VALUES (904, 'Jan'), (905, 'Ewa');"
            "INSERT INTO res_users (id, partner_id, share) VALUES (904, 904, true),"
            " (905, 905, false)"
        )
        accounts = (
            "SELECT source_id, name, is_deleted FROM dim_employee"
            " WHERE source_id > 900 ORDER BY 1"
        )
        people = (
            "SELECT source_id, name, email, phone FROM pii.partner_pii"
            " WHERE source_id > 900 ORDER BY 1"
        )
        engines = (self.postgresql, self.make_duckdb("people"))
        for engine in engines:
            self.transfer(engine, mode="full")
            self.assertEqual(len(self.read_target(engine, people)), 5)
            self.assertEqual(
                self.read_target(engine, accounts),
                [(904, None, False), (905, "Ewa", False)],
            )
        self.source_cr.execute(
            "DELETE FROM res_users WHERE id > 900;"
            "DELETE FROM res_partner WHERE id IN (901, 904, 905); UPDATE res_partner"
            " SET name = NULL, email = NULL, phone = NULL WHERE id = 902"
        )
        self.addCleanup(
            self.source_cr.execute, "DELETE FROM res_partner WHERE id > 900"
        )
        for engine in engines:
            self.transfer(engine)
            self.assertEqual(
                self.read_target(engine, people),
                [(902, None, None, None), (903, "Stays", None, None)],
            )
            self.assertEqual(
                self.read_target(engine, accounts),
                [(904, None, True), (905, "Ewa", True)],
            )
            self.assertEqual(
                self.read_target(
                    engine, "SELECT is_deleted FROM dim_partner WHERE source_id = 901"
                ),
                [(True,)],
            )

    def test_renamed_and_deleted_members(self):
        self.source_cr.execute(
            'INSERT INTO crm_stage (id, name) VALUES (50, \'{"en_US": "Draft"}\')'
        )
        self.transfer(self.postgresql, mode="full")
        self.source_cr.execute(
            'UPDATE crm_stage SET name = \'{"en_US": "First"}\' WHERE id = 1;'
            " DELETE FROM crm_stage WHERE id = 50"
        )
        self.transfer(self.postgresql)
        stages = self.read_target(
            self.postgresql,
            "SELECT source_id, name, is_deleted FROM dim_stage"
            " WHERE source_id IN (1, 50) ORDER BY 1",
        )
        self.assertEqual(stages, [(1, "First", False), (50, "Draft", True)])
        result = self.transfer(self.postgresql)
        self.assertEqual(
            result.rows["dim_stage"], 0, "nothing changed, nothing written"
        )

    def test_campaigns_have_title_and_number(self):
        engines = (self.postgresql, self.make_duckdb("campaigns"))
        for engine in engines:
            self.transfer(engine, mode="full")
            names = self.read_target(
                engine, "SELECT name FROM dim_campaign WHERE source_id > 0 ORDER BY 1"
            )
            self.assertEqual(names, [("Poznań fair (SC-00001)",), ("Spring",)])
