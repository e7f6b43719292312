import datetime
import json
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged

from ...warehouse import columns, merge
from .values_case import EDGES, ValuesCase
from .warehouse_case import OFFSET


@tagged("post_install", "-at_install")
class TestWarehouseUnfit(ValuesCase):
    """What becomes of a row with a value that does not fit, and of its opportunity."""

    # -- what became of it ----------------------------------------------------------

    def forecast(self, engine):
        """Return ``{opportunity: revenue in both currencies}``, open today."""
        return {
            key - OFFSET: amounts
            for key, *amounts in self.read_target(
                engine,
                "SELECT opportunity_key, expected_revenue, expected_revenue_group"
                " FROM v_pipeline_as_of WHERE as_of_date = CURRENT_DATE",
            )
        }

    def test_an_amount_that_only_the_group_currency_cannot_hold(self):
        self.insert(1, "create", expected_revenue=90_000_000_000_000)
        self.insert(2, "create")
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            result = self.transfer(engine)
            self.assertEqual((result.unfit, result.new), ([1], 2))
            self.assertEqual(
                self.forecast(engine), {1: [90_000_000_000_000, None], 2: [1000, 4300]}
            )
            kept = self.read_target(
                engine, "SELECT event_key, reason, content FROM etl_quarantine"
            )
            self.assertEqual(kept[0][0], OFFSET + 1)
            self.assertEqual(kept[0][1], "Does not fit: expected_revenue_group")
            self.assertEqual(
                json.loads(kept[0][2])["expected_revenue"], 90_000_000_000_000
            )
            total = "SELECT sum(opportunities) FROM v_forecast"
            self.assertEqual(self.read_target(engine, total), [(2,)])

    def test_a_loss_or_deletion_at_an_impossible_time_closes_the_deal(self):
        moments = (
            "infinity",
            "-infinity",
            "2050-01-01",
            "294276-01-01",
            "0044-03-15 BC",
        )
        endings = (
            ("lost", "lost"),
            ("won", "won"),
            ("delete", "open"),
            ("merge", "won"),
        )
        cases = [(moment, ending) for moment in moments for ending in endings]
        for number, (moment, (event, status)) in enumerate(cases, start=1):
            self.insert(number, "create")
            self.insert(
                number, event, status, changed_at=moment, forecast_revenue="NaN"
            )
        self.insert(99, "create")
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            result = self.transfer(engine)
            self.assertEqual(len(result.unfit), len(cases))
            self.assertEqual(list(self.forecast(engine)), [99])
            self.assertEqual(
                self.read_target(engine, "SELECT sum(opportunities) FROM v_forecast"),
                [(1,)],
            )
            again = self.transfer(engine, mode="full")
            self.assertEqual(again.new, 0)

    def test_a_clock_that_was_ahead_keeps_no_deal_open(self):
        """What happened in the future has happened: by number, not by time alone."""
        self.insert(1, "create")
        self.insert(1, "change", changed_at="2048-01-01")
        self.insert(2, "create")
        self.insert(2, "lost", "lost", changed_at="2048-01-01")
        self.insert(3, "create", changed_at="2048-01-01")
        self.insert(3, "change", changed_at="2048-01-02")
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.transfer(engine)
            self.assertEqual(set(self.forecast(engine)), {1, 3})
        self.insert(1, "won", "won", changed_at="2026-05-05 08:00")
        self.insert(3, "lost", "lost", changed_at="2026-05-05 08:00")
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.transfer(engine)
            self.assertFalse(self.forecast(engine))
            self.assertStatesFollow(engine)
            as_of = "SELECT count(*) FROM v_pipeline_as_of WHERE as_of_date = DATE '{}'"
            for day, count in (("2026-05-04", 1), ("2026-05-06", 0)):
                found = self.read_target(engine, as_of.format(day))
                self.assertEqual(found, [(count,)], day)
            self.transfer(engine, mode="full")
            self.assertFalse(self.forecast(engine))

    def test_states_that_were_loaded_while_a_clock_was_ahead(self):
        self.insert(1, "create")
        self.insert(1, "lost", "lost", changed_at="2048-01-01")
        self.insert(2, "create")
        ahead = datetime.timedelta(days=9000)
        # The loader of DuckDB has a clock of its own.
        engine = self.make_postgresql()
        with patch.object(merge, "CLOCKS_DIFFER", ahead):
            self.transfer(engine)
        self.assertEqual(set(self.forecast(engine)), {1, 2})
        self.insert(2, "change")
        self.transfer(engine)
        self.assertEqual(list(self.forecast(engine)), [2])

    def test_what_is_sent_again_is_set_aside_again(self):
        """Also if the rest of it is there, and nothing beside it is noticed."""
        aside = "SELECT event_key, reason FROM etl_quarantine ORDER BY 1"
        for column in ("probability", "recurring_revenue", "group_rate"):
            self.source_cr.execute("TRUNCATE relationship_opportunity_history")
            number = self.insert(1, "create", **{column: "NaN"})
            for engine in self.engines:
                with self.subTest(column=column, engine=engine):
                    self.source_cr.execute("TRUNCATE olap_export_position")
                    self.assertEqual(
                        self.transfer(engine, mode="replace").unfit, [number]
                    )
                    before = self.read_target(engine, aside)
                    for mode in ("repair", "full"):
                        self.damage(engine, "DELETE FROM etl_quarantine")
                        again = self.transfer(engine, mode=mode)
                        self.assertEqual((again.unfit, again.new), ([number], 0))
                        self.assertEqual(self.read_target(engine, aside), before)

    def test_a_row_without_a_key_waits_alone(self):
        self.insert(1, "create")
        self.insert(-1, "create")
        self.insert(2, "create", id=-7)
        self.insert(3, "create", id=0)
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            result = self.transfer(engine)
            self.assertEqual(sorted(result.unfit), [-7, 0, 2])
            self.assertEqual((result.sent, result.new), (4, 1))
            self.assertEqual(list(self.current(engine)), [1])
            self.assertFalse(self.read_source("SELECT * FROM olap_export_queue"))

    def test_what_an_earlier_version_set_aside_arrives_with_everything(self):
        self.insert(1, "create")
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.transfer(engine)
        self.source_cr.execute("ALTER TABLE olap_export_queue RENAME TO queue_now")
        self.source_cr.execute("CREATE TABLE olap_export_queue (LIKE queue_now)")
        self.insert(1, "lost", "lost", expected_revenue="NaN")
        self.source_cr.execute(
            "DROP TABLE olap_export_queue;"
            " ALTER TABLE queue_now RENAME TO olap_export_queue"
        )
        for engine in self.engines:
            self.assertEqual(self.current(engine), {1: ("open", 1000)})
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.transfer(engine, mode="full")
            self.assertEqual(self.current(engine), {1: ("lost", None)})

    # -- references -----------------------------------------------------------------

    def test_json_null_of_earlier_versions(self):
        lines = '[{"id": 4, "partner_id": 11, "kind": "competitor", "share": 12.5}]'
        self.insert(1, "create", reference_lines=lines)
        self.insert(1, "change", reference_lines="null")
        self.insert(2, "create", reference_lines="null")
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            result = self.transfer(engine)
            self.assertEqual((result.unfit, result.new), ([], 3))
            groups = self.read_target(
                engine,
                "SELECT opportunity_key, reference_group_key FROM"
                " fact_opportunity_state WHERE is_current ORDER BY 1",
            )
            self.assertEqual(groups, [(OFFSET + 1, -1), (OFFSET + 2, -1)])
            kept = self.read_target(
                engine,
                "SELECT reference_id, partner_key, contact_key, share"
                " FROM bridge_opportunity_competitor"
                " JOIN bridge_opportunity_reference USING (reference_id, partner_key)",
            )
            self.assertEqual([row[:3] for row in kept], [(4, OFFSET + 11, -1)])

    def test_each_engine_reads_the_same_share(self):
        """However JSON writes the number."""
        shares = {
            "0": "0",
            "1e-30": "0",
            "0.00001": "0",
            "5e-5": "0.000001",
            "0.0001": "0.000001",
            "12.34565": "0.123457",
            "33.333333333333333333333": "0.333333",
            "1e2": "1",
            "1.0e1": "0.1",
        }
        lines = ", ".join(
            f'{{"id": {number}, "partner_id": 11, "kind": "competitor",'
            f' "share": {share}}}'
            for number, share in enumerate(shares, start=1)
        )
        self.insert(1, "create", reference_lines=f"[{lines}]")
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.assertEqual(self.transfer(engine).unfit, [])
            for table, column in (
                ("bridge_opportunity_reference", "share"),
                ("bridge_opportunity_competitor", "strength"),
            ):
                found = self.read_target(
                    engine, f"SELECT {column} FROM {table} ORDER BY reference_id"
                )
                self.assertEqual(
                    dict(zip(shares, (share for (share,) in found), strict=True)),
                    {share: Decimal(held) for share, held in shares.items()},
                )

    def test_a_target_that_stands_still_goes_on(self):
        """Events with JSON null that are in the fact, while their states failed."""
        engine = self.make_postgresql()
        self.insert(1, "create")
        self.transfer(engine)
        cr = self.open_cursor(self.target_dsn)
        cr.execute(
            "UPDATE fact_opportunity_event SET reference_lines = 'null',"
            " reference_group_key = 5; UPDATE etl_batch SET is_applied = false;"
            " DELETE FROM fact_opportunity_state"
        )
        self.insert(2, "create")
        self.transfer(engine)
        self.assertEqual(set(self.current(engine)), {1, 2})

    def test_lines_are_read_alike_on_both_engines(self):
        for number, value in enumerate(EDGES["jsonb"], start=1):
            self.insert(number, "create", reference_lines=value)
        found = []
        for engine in (self.make_postgresql(), self.make_duckdb()):
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.transfer(engine)
            found.append(
                [
                    self.read_target(engine, f"SELECT * FROM {table} ORDER BY 1, 2")
                    for table in (
                        "bridge_opportunity_reference",
                        "bridge_opportunity_rep",
                        "bridge_opportunity_competitor",
                    )
                ]
            )
        self.assertTrue(found[0][0])
        self.assertEqual(*found)

    def test_only_lines_as_the_trigger_writes_them_fit(self):
        fitting = (
            *("null", "[]", '[{"id": 1}]', '[{"id": 1, "partner_id": null}]'),
            '[{"id": 4.0, "partner_id": 5.00, "kind": "competitor", "share": 1e1}]',
        )
        others = (
            *("[[]]", "[{}]", '[[{"id": 1}]]', '[{"id": 1}, [{"id": 2}]]'),
            *('[{"id": null}]', '[{"id": [1]}]', '[{"id": {"id": 1}}]', "[1]"),
            *('[{"id": 1.5}]', '[{"id": "1"}]', '[{"id": true}]', '[{"id": -1}]'),
            *(
                f'[{{"id": 1, "{name}": {value}}}]'
                for name in ("partner_id", "contact_id", "type_id")
                for value in ("2.5", "[5]", "{}", '"5"', "0", "true", "1e12")
            ),
            *(
                f'[{{"id": 1, "{name}": {value}}}]'
                for name in ("kind", "influence", "attitude")
                for value in ("1", "[]", '["competitor"]', "{}", "false")
            ),
            *(f'[{{"id": 1, "share": {value}}}]' for value in ("[50]", '"5"', "101")),
        )
        for number, value in enumerate((*fitting, *others), start=1):
            self.insert(number, "create", reference_lines=value)
        known = columns.Columns()
        found = self.read_source(
            f"SELECT opportunity_id, {known.plain}, {known.fits}"
            " FROM relationship_opportunity_history h ORDER BY 1"
        )
        values = (*fitting, *others)
        for number, plain, fits in found:
            said = values[number - 1]
            self.assertEqual(fits, said in fitting, said)
            self.assertLessEqual(plain, fits, said)
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.transfer(engine)
            kept = self.read_target(engine, "SELECT count(*) FROM etl_quarantine")
            self.assertEqual(kept, [(len(others),)])
            [whole] = self.read_target(
                engine,
                "SELECT reference_id, partner_key, share"
                " FROM bridge_opportunity_reference WHERE kind = 'competitor'",
            )
            self.assertEqual(whole, (4, OFFSET + 5, Decimal("0.1")))

    # -- members --------------------------------------------------------------------

    def test_whatever_is_in_a_member(self):
        self.insert(1, "create")
        long = "x" * 3_000_000
        self.source_cr.execute(
            "INSERT INTO crm_lead (name, number, create_date)"
            " SELECT %s, %s, d::timestamp FROM unnest(%s) d",
            [long, "\x01\n", list(EDGES["timestamp without time zone"])],
        )
        self.source_cr.execute(
            "INSERT INTO res_partner (name, email, phone, city, zip, lang, tz)"
            " VALUES (%(long)s, %(long)s, %(long)s, %(long)s, %(long)s, %(long)s, 'x')",
            {"long": long},
        )
        self.source_cr.execute(
            "INSERT INTO crm_stage (name, sequence) VALUES (%s, 2147483647),"
            " ('1', -2147483648), ('null', NULL), ('[]', 0)",
            [json.dumps({"en_US": long})],
        )
        self.addCleanup(
            self.source_cr.execute,
            "DELETE FROM crm_lead; DELETE FROM crm_stage WHERE id > 4;"
            " DELETE FROM res_partner WHERE id > 60",
        )
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.transfer(engine)
            self.assertEqual(list(self.current(engine)), [1])
            again = self.transfer(engine)
            self.assertFalse(any(again.rows.values()), "compared with what was kept")
