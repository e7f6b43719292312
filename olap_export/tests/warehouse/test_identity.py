from odoo.tests import tagged

from ...warehouse import errors
from .warehouse_case import OFFSET, TARGET_ID, WarehouseCase

FIRST, SECOND, THIRD = "first-uuid", "second-uuid", "third-uuid"


@tagged("post_install", "-at_install")
class TestWarehouseIdentity(WarehouseCase):
    """Who feeds a target: a database that was moved, copied, or lost its identity."""

    def setUp(self):
        super().setUp()
        self.reset()
        self.be(FIRST)
        self.generate(60)
        self.engines = self.make_engines()
        self.positions = {}
        for engine in self.engines:
            self.transfer(engine)

    def be(self, uuid):
        """Give the database another identity, as a restored copy gets one."""
        self.source_cr.execute("DELETE FROM ir_config_parameter")
        if uuid is not None:
            self.source_cr.execute(
                "INSERT INTO ir_config_parameter (key, value)"
                " VALUES ('database.uuid', %s)",
                [uuid],
            )

    def transfer(self, engine, **options):
        """Transfer to one of two targets, each with a position of its own."""
        self.source_cr.execute("DELETE FROM olap_export_position")
        if position := self.positions.get(engine):
            self.source_cr.execute(
                "INSERT INTO olap_export_position VALUES (%s, %s, %s, %s)",
                [TARGET_ID, *position],
            )
        try:
            return super().transfer(engine, **options)
        finally:
            self.positions[engine] = self.read_source(
                "SELECT batch_id, identity, queue_all FROM olap_export_position"
            )[0]

    def read_sources(self, engine):
        return self.read_target(
            engine,
            "SELECT source_key, count(*) FROM fact_opportunity_event GROUP BY 1"
            " ORDER BY 1",
        )

    def assertRefused(self, engine, sentence, **options):
        with self.assertRaises(errors.TransferError) as caught:
            self.transfer(engine, **options)
        self.assertRegex(str(caught.exception), sentence)

    def test_a_new_identity_takes_over_what_the_old_one_sent(self):
        for mode in ("repair", "replace"):
            for engine in self.engines:
                with self.subTest(engine=engine, mode=mode):
                    self.be(f"{SECOND}-{mode}")
                    self.generate(3)
                    self.assertRefused(engine, "^This Odoo database is a copy of the")
                    self.transfer(engine, mode=mode)
                    self.assertExactlyOnce(engine)
                    self.transfer(engine)
                    self.assertExactlyOnce(engine)
                    names = self.read_target(
                        engine, "SELECT source_key, source_uuid FROM etl_source"
                    )
                    self.assertEqual(names, [(1, f"{SECOND}-{mode}")])

    def test_whoever_was_taken_over_is_refused_until_it_takes_over_again(self):
        for engine in self.engines:
            with self.subTest(engine=engine):
                self.be(FIRST)
                self.transfer(engine, mode="repair")
                original = self.positions[engine]
                for clone in (SECOND, THIRD):
                    self.be(clone)
                    self.transfer(engine, mode="repair")
                self.be(FIRST)
                self.positions[engine] = original
                self.assertRefused(engine, "^This Odoo database is a copy of the")
                self.assertEqual(self.read_sources(engine), [(1, 60)])
                self.transfer(engine, mode="repair")
                self.assertExactlyOnce(engine)
                self.be(THIRD)
                self.positions[engine] = None
                self.assertRefused(engine, "^This Odoo database is a copy of the")

    def test_a_copy_that_was_connected_anew_is_a_source_of_its_own(self):
        for engine in self.engines:
            with self.subTest(engine=engine):
                self.be(FIRST)
                self.transfer(engine, mode="repair")
                original = self.positions[engine]
                self.be(SECOND)
                self.positions[engine] = None
                self.transfer(engine)
                self.assertEqual(self.read_sources(engine), [(1, 60), (2, 60)])
                # It knows itself, whatever the position says.
                self.positions[engine] = original
                self.transfer(engine, mode="repair")
                self.assertEqual(self.read_sources(engine), [(1, 60), (2, 60)])
                self.be(FIRST)
                self.positions[engine] = original
                self.transfer(engine)
                self.assertEqual(self.read_sources(engine), [(1, 60), (2, 60)])

    def test_another_server_under_the_same_identity_takes_over(self):
        for engine in self.engines:
            with self.subTest(engine=engine):
                batch, identity, queue_all = self.positions[engine]
                moved = identity.replace(":", ":9", 1)
                self.positions[engine] = (batch, moved, queue_all)
                self.damage(engine, f"UPDATE etl_source SET identity = '{moved}'")
                self.assertRefused(engine, "^This Odoo database is a copy of the")
                self.transfer(engine, mode="repair")
                self.assertExactlyOnce(engine)

    def test_without_identity_the_sentence_says_which(self):
        for engine in self.engines:
            for value in (None, "  "):
                for mode in ("incremental", "repair"):
                    with self.subTest(engine=engine, value=value, mode=mode):
                        self.be(value)
                        self.assertRefused(
                            engine,
                            "system parameter “database.uuid”.* is missing or empty:"
                            f" enter {FIRST} there",
                            mode=mode,
                        )
            self.be(FIRST)
            self.transfer(engine)
            self.assertExactlyOnce(engine)

    def test_a_new_database_without_identity_is_proposed_one(self):
        self.be(None)
        self.positions.clear()
        for engine in self.engines:
            self.assertRefused(engine, r"enter [0-9a-f]{8}-[-0-9a-f]{27} there")

    def test_a_number_beyond_the_sequence_stops_nothing(self):
        """Somebody wrote his own number: Odoo has the row, so it is no stranger."""
        self.source_cr.execute(
            "INSERT INTO relationship_opportunity_history"
            " (id, opportunity_id, changed_at, event, status)"
            " VALUES (5000, 1, '2025-06-01', 'change', 'open')"
        )
        for engine in self.engines:
            self.source_cr.execute(
                f"INSERT INTO olap_export_queue VALUES ({TARGET_ID}, 5000)"
                " ON CONFLICT DO NOTHING"
            )
            for mode in ("incremental", "incremental", "repair"):
                result = self.transfer(engine, mode=mode)
                self.assertEqual(result.taken_back, 0)
                self.assertExactlyOnce(engine)
            highest = "SELECT max(event_key) FROM fact_opportunity_event"
            self.assertEqual(self.read_target(engine, highest), [(OFFSET + 5000,)])
