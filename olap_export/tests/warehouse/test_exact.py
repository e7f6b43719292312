import datetime
from decimal import Decimal
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged

from ...warehouse import merge, star
from .values_case import OLDER, ValuesCase
from .warehouse_case import OFFSET

DATE_KEYS = {
    "fact_opportunity_event": ("event_date_key", "closing_date_key"),
    "fact_opportunity_state": (
        *("valid_from_date_key", "valid_to_date_key", "closing_date_key"),
    ),
}


# Which dimension has the members that the bridges name.
REFERRED = (
    ("bridge_opportunity_reference", "partner_key", "dim_partner"),
    ("bridge_opportunity_reference", "contact_key", "dim_partner"),
    ("bridge_opportunity_reference", "reference_type_key", "dim_reference_type"),
    ("bridge_opportunity_rep", "partner_key", "dim_partner"),
    ("bridge_opportunity_competitor", "partner_key", "dim_partner"),
)
# Anna's card 11 goes into another one.
MERGE = """
    INSERT INTO res_partner (id, name) VALUES (800, 'Anna');
    UPDATE res_users SET partner_id = 800 WHERE partner_id = 11;
    INSERT INTO relationship_merged_partner (source_id, destination_id)
    VALUES (11, 800);
    DELETE FROM res_partner WHERE id = 11
"""
UNMERGE = """
    DELETE FROM res_partner WHERE id = 800;
    INSERT INTO res_partner (id, name, country_id) VALUES (11, 'Partner 11', 2);
    UPDATE res_users SET partner_id = 11 WHERE partner_id = 800;
    DELETE FROM relationship_merged_partner
"""


@tagged("post_install", "-at_install")
class TestWarehouseExact(ValuesCase):
    """Days, rates and weights as Odoo has them, to the last digit."""

    def transfer_anew(self, engine, **options):
        """Transfer everything to an engine, as if it were the only one."""
        self.source_cr.execute("TRUNCATE olap_export_position, olap_export_queue")
        return self.transfer(engine, **options)

    # -- days -------------------------------------------------------------------------

    def test_every_key_of_a_day_has_a_member(self):
        days = ("0001-01-01", "1987-03-01", "2024-02-29", "2050-01-01", "9999-12-31")
        for number, day in enumerate((*days, None), 1):
            self.insert(number, "create", date_deadline=day)
        self.insert(9, "create", date_deadline="infinity")
        for engine in self.engines:
            result = self.transfer_anew(engine)
            self.assertEqual(len(result.unfit), 1, "only the infinite one")
            self.damage(engine, "DELETE FROM dim_date WHERE date_key > 20491231")
            self.transfer(engine, mode="full")
            for table, keys in DATE_KEYS.items():
                for key in keys:
                    lacking = self.read_target(
                        engine,
                        f"SELECT DISTINCT {key} FROM {table} WHERE {key} NOT IN"
                        " (SELECT date_key FROM dim_date)",
                    )
                    self.assertEqual(lacking, [], (table, key))
            self.assertEqual(
                self.read_target(
                    engine,
                    "SELECT d.name, d.calendar_date, d.month_start"
                    "  FROM fact_opportunity_event e"
                    "  JOIN dim_date d ON d.date_key = e.closing_date_key"
                    f" WHERE e.opportunity_key IN ({OFFSET + 1}, {OFFSET + 4})"
                    " ORDER BY 1",
                ),
                [
                    ("0001-01-01", *2 * (datetime.date(1, 1, 1),)),
                    ("2050-01-01", *2 * (datetime.date(2050, 1, 1),)),
                ],
            )
            months = self.read_target(
                engine,
                "SELECT closing_month FROM v_forecast"
                " WHERE closing_month > DATE '2049-12-31' ORDER BY 1",
            )
            self.assertEqual(
                months, [(datetime.date(2050, 1, 1),), (datetime.date(9999, 12, 1),)]
            )

    # -- rates ------------------------------------------------------------------------

    def test_group_amounts_are_exact_up_to_ten_trillions(self):
        one = Decimal(1)
        rates = (one / Decimal("27345.67"), Decimal("4.3") / Decimal("3.9"), one / 3)
        cases = [
            (rate, amount)
            for rate in rates
            for amount in (50_000_000_000, 10**13 - 1, Decimal("9999999999999.99"))
        ]
        for number, (rate, amount) in enumerate(cases, 1):
            self.insert(
                number, "create", expected_revenue=amount, group_rate=f"{rate:.26f}"
            )
        for engine in self.engines:
            self.assertFalse(self.transfer_anew(engine).unfit)
            found = self.read_target(
                engine,
                "SELECT expected_revenue_group FROM fact_opportunity_state ORDER BY 1",
            )
            expected = sorted(round(rate * amount, 4) for rate, amount in cases)
            self.assertEqual([amount for (amount,) in found], expected)

    def test_a_product_without_end_is_empty_and_stops_nothing(self):
        self.insert(1, "create", expected_revenue=10**13, group_rate=10**9)
        self.insert(2, "create", expected_revenue=-(10**13), group_rate="12345.6789")
        self.insert(3, "create", expected_revenue=5)
        for engine in self.engines:
            self.assertEqual(len(self.transfer_anew(engine).unfit), 2)
            found = self.read_target(
                engine,
                "SELECT expected_revenue_group FROM fact_opportunity_state ORDER BY"
                " event_key",
            )
            self.assertEqual(found, [(None,), (None,), (Decimal("21.5"),)])

    def test_tables_of_the_version_before_are_brought_up_to_date(self):
        lines = '[{"id": 1, "partner_id": 12, "kind": "sales_representative"}]'
        self.insert(1, "create", group_rate="0.0000365688608", reference_lines=lines)
        catalogue = (
            "SELECT table_name, column_name, data_type, is_nullable, numeric_scale"
            " FROM information_schema.columns WHERE table_schema IN ('main', 'public')"
            " ORDER BY 1, 2"
        )
        for engine in self.engines:
            self.transfer_anew(engine)
            wanted = self.read_target(engine, catalogue)
            self.damage(engine, *OLDER)
            if hasattr(engine, "dsn"):
                self.damage(
                    engine,
                    "ALTER TABLE bridge_opportunity_rep ADD CONSTRAINT"
                    " bridge_opportunity_rep_pkey"
                    " PRIMARY KEY (reference_group_key, reference_id)",
                )
            engine.create_tables()
            self.transfer(engine)
            self.assertEqual(self.read_target(engine, catalogue), wanted)
            self.assertExactlyOnce(engine)
            [(rate,)] = self.read_target(
                engine, "SELECT group_rate FROM fact_opportunity_state"
            )
            self.assertEqual(rate, Decimal("0.0000365688608"))

    # -- people of a deal -------------------------------------------------------------

    def line(self, number, share, **dates):
        return {
            "id": number,
            "partner_id": 10 + number,
            "type_id": 1,
            "kind": "sales_representative",
            "share": share,
            **dates,
        }

    def test_who_is_no_longer_there_has_no_weight(self):
        lines = [
            self.line(1, 100, date_to="2025-12-31"),
            self.line(2, 50, date_from="2026-01-01", date_to="2026-06-30"),
            self.line(3, 50, date_from="2026-01-01"),
            self.line(4, 100, date_from="2020-01-01", date_to="2020-12-31"),
        ]
        self.insert(
            *(1, "create"),
            reference_lines=psycopg2.extras.Json(lines),
            user_id=3,
            changed_at="2026-03-01 10:00",
        )
        over = [self.line(1, 100, date_to="2025-12-31")]
        self.insert(
            *(2, "create"),
            reference_lines=psycopg2.extras.Json(over),
            user_id=3,
            changed_at="2026-03-01 10:00",
        )
        by_rep = (
            f"SELECT opportunity_key - {OFFSET}, employee_key - {OFFSET}, weight"
            " FROM v_pipeline_by_rep WHERE as_of_date = DATE '{}' ORDER BY 1, 2"
        )
        half, one = Decimal("0.5"), Decimal(1)
        for engine in self.engines:
            self.transfer_anew(engine)
            self.assertEqual(
                self.read_target(
                    engine,
                    "SELECT reference_id, weight, date_from, date_to"
                    " FROM bridge_opportunity_rep ORDER BY 1, 3",
                ),
                [
                    (2, half, datetime.date(2026, 1, 1), datetime.date(2026, 6, 30)),
                    (3, half, datetime.date(2026, 1, 1), datetime.date(2026, 6, 30)),
                    (3, one, datetime.date(2026, 7, 1), star.ENDLESS),
                ],
            )
            self.assertEqual(
                self.read_target(engine, by_rep.format("2026-04-01")),
                [(1, 2, half), (1, 3, half), (2, 3, one)],
            )
            self.assertEqual(
                self.read_target(engine, by_rep.format("2026-08-01")),
                [(1, 3, one), (2, 3, one)],
            )

    def assertReferred(self, engine):
        for bridge, column, table in REFERRED:
            key = column.replace("contact", "partner")
            orphans = self.read_target(
                engine,
                f"SELECT {column} FROM {bridge} b WHERE NOT EXISTS"
                f" (SELECT 1 FROM {table} d WHERE d.{key} = b.{column})",
            )
            self.assertEqual(orphans, [], (bridge, column))

    def test_whoever_references_name_has_a_member(self):
        """Also if nobody else names him, and Odoo has forgotten him."""
        lines = [
            {**self.line(1, 100), "partner_id": 990, "contact_id": 991, "type_id": 90},
            {**self.line(2, 5), "partner_id": 992, "kind": "competitor"},
        ]
        self.insert(1, "create", reference_lines=psycopg2.extras.Json(lines))
        for engine in self.engines:
            self.transfer_anew(engine)
            self.assertReferred(engine)
            self.damage(
                engine,
                "DELETE FROM dim_partner WHERE is_inferred",
                "DELETE FROM dim_reference_type WHERE is_inferred",
            )
            self.transfer(engine, mode="compare")
            self.assertReferred(engine)
            inferred = "SELECT source_id FROM dim_partner WHERE is_inferred ORDER BY 1"
            self.assertEqual(
                self.read_target(engine, inferred), [(990,), (991,), (992,)]
            )

    def test_a_colleague_whose_card_was_merged_keeps_the_past(self):
        """Whatever makes the bridges anew, and in targets that are new."""
        lines = [self.line(1, 100)]
        self.insert(1, "create", reference_lines=psycopg2.extras.Json(lines))
        by_rep = (
            f"SELECT employee_key - {OFFSET}, sum(expected_revenue)"
            " FROM v_pipeline_by_rep WHERE as_of_date = DATE '2026-05-31' GROUP BY 1"
        )
        card = (
            f"SELECT merged_into_key - {OFFSET}, is_deleted, country_code"
            " FROM dim_partner WHERE source_id = 11"
        )
        for engine in self.engines:
            self.transfer_anew(engine)
            self.assertEqual(self.read_target(engine, by_rep), [(1, 1000)])
        self.source_cr.execute(MERGE)
        self.addCleanup(self.source_cr.execute, UNMERGE)
        for engine in self.engines:
            for mode in ("incremental", "full", "replace", "repair", "compare"):
                self.transfer_anew(engine, mode=mode)
                self.assertEqual(self.read_target(engine, by_rep), [(1, 1000)], mode)
                self.assertEqual(self.read_target(engine, card), [(800, True, "DE")])
            self.damage(
                engine,
                "ALTER TABLE dim_partner DROP COLUMN merged_into_key",
                "UPDATE schema_version SET version = 3",
            )
            engine.create_tables()
            self.transfer(engine)
            self.assertEqual(self.read_target(engine, card), [(800, True, "DE")])
            self.assertEqual(
                self.transfer(engine, mode="full").rows["dim_partner"], 0, "once"
            )
        new = self.make_duckdb("new")
        self.transfer_anew(new)
        self.assertEqual(self.read_target(new, by_rep), [(1, 1000)])
        self.assertEqual(self.read_target(new, card), [(800, True, None)])

    def test_who_is_deleted_was_created_some_day(self):
        self.source_cr.execute(
            "INSERT INTO crm_lead (id, name, create_date)"
            " VALUES (1, 'Line 1', '2025-01-05 08:00')"
        )
        self.addCleanup(self.source_cr.execute, "DELETE FROM crm_lead")
        self.insert(1, "create", changed_at="2026-01-05 08:00")
        self.insert(2, "change")
        created = (
            "SELECT source_id, CAST(created_at AS DATE), is_deleted"
            " FROM dim_opportunity WHERE source_id > 0 ORDER BY 1"
        )
        for engine in self.engines:
            self.transfer_anew(engine)
        self.source_cr.execute("DELETE FROM crm_lead")
        for number in (1, 2):
            self.insert(number, "delete")
        new = self.make_duckdb("new")
        for engine in (*self.engines, new):
            self.transfer_anew(engine)
            day = datetime.date(2026 if engine is new else 2025, 1, 5)
            self.assertEqual(
                self.read_target(engine, created), [(1, day, True), (2, None, True)]
            )
            changed = self.transfer(engine, mode="full").rows["dim_opportunity"]
            self.assertEqual(changed, 0, "once")

    # -- clocks -----------------------------------------------------------------------

    def test_a_clock_ahead_freezes_nothing_when_its_time_has_come(self):
        ahead = datetime.datetime.now() + datetime.timedelta(days=300)  # noqa: DTZ005
        self.insert(1, "create")
        self.insert(1, "change", expected_revenue=2000, changed_at=ahead)
        as_of = (
            "SELECT as_of_date, status, expected_revenue FROM v_opportunity_as_of"
            " WHERE as_of_date IN ('2026-05-05', '2026-05-07') ORDER BY 1"
        )
        for engine in self.engines:
            self.transfer_anew(engine)
        self.insert(1, "won", "won", changed_at="2026-05-06 08:00")
        expected = [("open", 2000), ("won", 1000)]

        now, wait = datetime.datetime.now, datetime.timedelta(days=400)

        class Later(datetime.datetime):
            @classmethod
            def now(cls, tz=None):
                return now(tz) + wait

        for engine in self.engines:
            self.source_cr.execute("UPDATE olap_export_position SET queue_all = true")
            self.transfer(engine)
            with patch.object(merge.datetime, "datetime", Later):
                self.transfer(engine, mode="full")
            found = [row[1:] for row in self.read_target(engine, as_of)]
            self.assertEqual(found, expected, engine)

    def test_states_are_the_same_whenever_their_events_came(self):
        """Also of a first event whose clock was ahead: the past stays as it was."""
        ahead = datetime.datetime.now() + datetime.timedelta(days=300)  # noqa: DTZ005
        soon = datetime.datetime.now() + datetime.timedelta(minutes=5)  # noqa: DTZ005
        days = {1: (ahead, soon), 2: (ahead, "2026-05-06"), 3: (ahead, ahead)}
        states = (
            "SELECT opportunity_key, status, valid_from, valid_to, valid_from_date_key,"
            " valid_to_date_key, is_current FROM fact_opportunity_state ORDER BY 1, 2"
        )
        for engine in self.engines:
            self.reset()
            engine.create_tables()
            for number, (first, _second) in days.items():
                self.insert(number, "create", changed_at=first)
            self.transfer(engine)
            for number, (_first, second) in days.items():
                self.insert(number, "won", "won", changed_at=second)
            self.transfer(engine)
            found = self.read_target(engine, states)
            lasting = [row[0] - OFFSET for row in found if row[2] < row[3]]
            self.assertEqual(lasting, [1, 1, 2, 3], "a later time takes nothing away")
            self.assertEqual(found[2][2], datetime.datetime(2026, 5, 6))  # noqa: DTZ001
            compared = self.transfer(engine, mode="compare").found
            self.assertEqual(compared.opportunities, 0)
            self.transfer(engine, mode="full")
            self.assertEqual(self.read_target(engine, states), found)
