from datetime import date, datetime

from odoo.tests import tagged

from ....warehouse import star, transfer
from ....warehouse.activity import columns
from ..warehouse_case import OFFSET
from .activities_case import ActivitiesCase


@tagged("post_install", "-at_install")
class TestWarehouseActivities(ActivitiesCase):
    """The row of an activity follows it, on every engine."""

    def test_what_one_says(self):
        number = self.insert(
            type_id=2,
            result_id=1,
            company_id=1,
            user_id=3,
            partner_id=12,
            contact_id=13,
            lead_id=5,
            campaign_id=1,
            stage_id=2,
            number='V-1 "a",\n',
            name="Secret subject",
            state="done",
            channel="phone",
            priority="2",
            date_begun="2026-05-05",
            date_done="2026-05-11",
        )
        self.add_tasks(number, True, False, False)
        self.insert("relationship_activity_todo", activity_id=number)
        self.insert(
            "relationship_activity_history",
            activity_id=number,
            first_done_at="2026-05-06 10:00",
            done_at="2026-05-11 11:00",
            reopen_count=1,
        )
        expected = {
            "activity_key": OFFSET + number,
            "activity_type_key": OFFSET + 2,
            "activity_result_key": OFFSET + 1,
            "company_key": OFFSET + 1,
            "employee_key": OFFSET + 3,
            "partner_key": OFFSET + 12,
            "contact_key": OFFSET + 13,
            "opportunity_key": OFFSET + 5,
            "campaign_key": OFFSET + 1,
            "stage_key": OFFSET + 2,
            "created_at": datetime(2026, 5, 1, 8),  # noqa: DTZ001 UTC
            "first_done_at": datetime(2026, 5, 6, 10),  # noqa: DTZ001 UTC
            "done_at": datetime(2026, 5, 11, 11),  # noqa: DTZ001 UTC
            "cancelled_at": None,
            "deleted_at": None,
            "planned_from_date_key": 20260504,
            "planned_to_date_key": 20260508,
            "begun_date_key": 20260505,
            "done_date_key": 20260511,
            "cancelled_date_key": -1,
            "task_count": 4,
            "done_task_count": 2,
            "reopen_count": 1,
            "planned_days": 5,
            "days_taken": 7,
            "days_late": 3,
            "source_key": 1,
            "is_active": True,
            "is_deleted": False,
            "status": "done",
            "channel": "phone",
            "priority": "2",
            "number": 'V-1 "a",\n',
        }
        names = [column.name for column in columns.COLUMNS]
        self.assertEqual(set(expected), set(names))
        for engine in self.turns():
            self.transfer(engine)
            [row] = self.read_target(
                engine, f"SELECT {', '.join(names)} FROM fact_activity"
            )
            self.assertEqual(dict(zip(names, row, strict=True)), expected)

    def test_done_reopened_cancelled_and_deleted(self):
        said = "status, done_date_key, days_late, task_count, done_task_count"
        for engine in self.turns():
            number = self.insert()
            self.add_tasks(number, True)
            self.transfer(engine)
            for what, values, expected in (
                ("planned", {}, ("planned", -1, None, 1, 0)),
                (
                    "done",
                    {"state": "done", "date_done": "2026-05-07"},
                    ("done", 20260507, -1, 1, 0),
                ),
                (
                    "reopened",
                    {"state": "in_progress", "date_done": None},
                    ("in_progress", -1, None, 1, 0),
                ),
                ("cancelled", {"state": "cancelled"}, ("cancelled", -1, None, 1, 0)),
            ):
                with self.subTest(what):
                    if values:
                        self.change(number, **values)
                        self.assertEqual(self.transfer(engine).sent, 1)
                    self.assertEqual(self.rows(engine, said)[number], expected)
            self.delete(number, state="cancelled", task_count=1, done_task_count=1)
            self.transfer(engine)
            self.assertEqual(
                self.rows(engine, f"{said}, is_deleted, deleted_at")[number],
                (
                    *("cancelled", -1, None, 1, 1, True),
                    datetime(2026, 6, 1, 9),  # noqa: DTZ001 UTC
                ),
            )
            self.assertEqual(self.count_queue(), 0)
            # And a target that is made later knows it, too.
            self.transfer(engine, mode="replace")
            self.assertEqual(self.rows(engine, "is_deleted")[number], (True,))
            self.source_cr.execute("TRUNCATE relationship_activity_history")

    def test_tasks_are_counted_whoever_changes_them(self):
        counted = "task_count, done_task_count"
        for engine in self.turns():
            number, other = self.insert(), self.insert()
            self.transfer(engine)
            tasks = "mail_activity WHERE relationship_activity_id"
            for statement, expected in (
                (
                    (
                        "INSERT INTO mail_activity (relationship_activity_id)"
                        f" SELECT {number} FROM generate_series(1, 4)"
                    ),
                    {number: (4, 0), other: (0, 0)},
                ),
                (
                    (
                        "UPDATE mail_activity SET active = false"
                        f" WHERE relationship_activity_id = {number} AND id % 2 = 0"
                    ),
                    {number: (4, 2), other: (0, 0)},
                ),
                # Closed with the activity, but done by nobody.
                (
                    (
                        "UPDATE mail_activity SET is_closed_with_activity = true"
                        f" WHERE relationship_activity_id = {number} AND id % 4 = 0"
                    ),
                    {number: (4, 1), other: (0, 0)},
                ),
                (
                    (
                        "UPDATE mail_activity SET is_closed_with_activity = false"
                        f" WHERE relationship_activity_id = {number}"
                    ),
                    {number: (4, 2), other: (0, 0)},
                ),
                (
                    (
                        f"UPDATE mail_activity SET relationship_activity_id = {other}"
                        " WHERE id = (SELECT min(id) FROM mail_activity"
                        f" WHERE relationship_activity_id = {number} AND active)"
                    ),
                    {number: (3, 2), other: (1, 0)},
                ),
                (f"DELETE FROM {tasks} = {other}", {number: (3, 2), other: (0, 0)}),
                (
                    f"INSERT INTO relationship_activity_todo VALUES (9, {other})",
                    {number: (3, 2), other: (1, 0)},
                ),
                (
                    "DELETE FROM relationship_activity_todo",
                    {number: (3, 2), other: (0, 0)},
                ),
            ):
                with self.subTest(statement):
                    self.source_cr.execute(statement)
                    self.assertGreater(self.count_queue(), 0)
                    self.transfer(engine)
                    found = self.rows(engine, counted)
                    self.assertEqual({n: found[n] for n in expected}, expected)
                    self.assertEqual(self.count_queue(), 0)

    def test_what_changes_nothing_waits_for_nobody(self):
        number = self.insert()
        self.add_tasks(number, True)
        self.insert("mail_activity")
        self.source_cr.execute("TRUNCATE olap_export_activity_queue")
        for statement in (
            "UPDATE relationship_activity SET write_date = now(), name = 'Other'",
            "UPDATE relationship_activity SET state = state, date_done = NULL",
            "UPDATE mail_activity SET note = 'Bring cake'",
            "UPDATE mail_activity SET active = false WHERE id = 2",
            "DELETE FROM mail_activity WHERE id = 2",
        ):
            self.source_cr.execute(statement)
            self.assertEqual(self.count_queue(), 0, statement)

    def test_each_change_waits(self):
        """Also of another number, and of whatever else is told of an activity."""
        number = self.insert()
        for name, value in {
            **dict.fromkeys(columns.WATCHED[1:10], 7),
            **dict.fromkeys(("number", "state", "channel", "priority"), "x"),
            **dict.fromkeys(columns.WATCHED[14:18], date(2026, 5, 20)),
            "create_date": datetime(2026, 5, 2),  # noqa: DTZ001 UTC
            "active": False,
            "id": 50,
        }.items():
            self.source_cr.execute("TRUNCATE olap_export_activity_queue")
            self.change(number, **{name: value})
            waiting = self.read_source(
                "SELECT array_agg(DISTINCT activity_id ORDER BY activity_id)"
                " FROM olap_export_activity_queue"
            )
            expected = [number, 50] if name == "id" else [number]
            self.assertEqual(waiting, [(expected,)], name)

    def test_nothing_waits_for_a_target_that_is_not_connected(self):
        self.source_cr.execute("UPDATE olap_export_target SET state = 'draft'")
        self.insert()
        self.source_cr.execute("UPDATE olap_export_target SET state = 'connected'")
        self.assertEqual(self.count_queue(), 0)

    def test_whatever_is_in_a_row_arrives(self):
        ends = ("infinity", "-infinity", "4713-01-01 BC", "5874897-01-01")
        days = [*ends, "0001-01-01", "9999-12-31", "1999-12-31", "2050-01-01"]
        for name in columns.WATCHED[14:18]:
            for day in days:
                self.insert(**{name: day, "state": "done"})
        moments = ("infinity", "-infinity", "4713-01-01 BC", "294276-01-01")
        for moment in moments:
            number = self.insert(create_date=moment, state="cancelled")
            self.insert(
                "relationship_activity_history",
                activity_id=number,
                cancelled_at=moment,
                done_at=moment,
            )
        for word in ("", "x" * 50_000, 'a"\\N,\r\n', "\\N", "Zażółć 🙂"):
            self.insert(number=word, channel=word, state=word)
        self.insert(id=-5)
        count = self.read_source(
            "SELECT count(*) FROM relationship_activity WHERE id > 0"
        )[0][0]
        for engine in self.turns():
            self.transfer(engine)
            found = self.rows(engine, "number, created_at, done_date_key")
            self.assertEqual(len(found), count)
            self.assertIn(("Zażółć 🙂",), {row[:1] for row in found.values()})
            self.assertIn(("",), {row[:1] for row in found.values()})
            self.assertNamed(engine)
            self.assertEqual(self.transfer(engine, mode="compare").activities, 0)

    def test_who_is_named_is_there(self):
        number = self.insert(
            type_id=77,
            result_id=78,
            user_id=79,
            partner_id=80,
            contact_id=81,
            lead_id=82,
            stage_id=83,
            company_id=84,
            date_from="2071-02-03",
            date_to="2072-02-03",
        )
        for engine in self.turns():
            self.transfer(engine)
            self.assertNamed(engine)
            self.assertEqual(
                self.read_target(
                    engine,
                    "SELECT is_inferred FROM dim_partner"
                    f" WHERE partner_key = {OFFSET + 81}",
                ),
                [(True,)],
            )
            self.assertEqual(
                self.rows(engine, "campaign_key, opportunity_key")[number],
                (-1, OFFSET + 82),
            )

    def assertNamed(self, engine):
        """Check that every key of a fact has its member."""
        for dimension in star.DIMENSIONS:
            for key in {"partner_key": ("partner_key", "contact_key")}.get(
                dimension.key, (dimension.key,)
            ):
                if dimension.key in columns.MEMBERS and dimension.schema == "schema":
                    self.assertFalse(
                        self.read_target(
                            engine,
                            f"SELECT {key} FROM fact_activity WHERE {key} NOT IN"
                            f" (SELECT {dimension.key} FROM {dimension.name})",
                        ),
                        key,
                    )
        for day in columns.DAYS:
            self.assertFalse(
                self.read_target(
                    engine,
                    f"SELECT {day.name} FROM fact_activity WHERE {day.name}"
                    " NOT IN (SELECT date_key FROM dim_date)",
                ),
                day.name,
            )

    def test_names_of_types_and_results(self):
        self.insert(result_id=1)
        for engine in self.turns():
            self.transfer(engine)
            found = self.read_target(
                engine,
                "SELECT t.name, t.code, r.name FROM fact_activity f"
                " JOIN dim_activity_type t USING (activity_type_key)"
                " JOIN dim_activity_result r USING (activity_result_key)",
            )
            self.assertEqual(found, [("Visit", "V", "Wants an offer")])
            members = self.read_target(
                engine,
                "SELECT name FROM dim_activity_result WHERE activity_result_key <= 0"
                " ORDER BY activity_result_key",
            )
            self.assertEqual(members, [("Erased",), ("Not applicable",), ("Unknown",)])

    def test_what_people_wrote_and_who_is_forgotten_is_not_there(self):
        subject = "Ask about the divorce"
        for engine in self.turns():
            partner = self.insert("res_partner", name="Forgetme")
            number = self.insert(partner_id=partner, name=subject)
            self.transfer(engine)
            names = (
                "SELECT name FROM pii.partner_pii"
                f" WHERE partner_key = {OFFSET + partner}"
            )
            self.assertEqual(self.read_target(engine, names), [("Forgetme",)])
            self.delete(number, partner_id=partner, state="planned")
            self.source_cr.execute("DELETE FROM res_partner WHERE id = %s", [partner])
            self.transfer(engine)
            self.assertEqual(self.read_target(engine, names), [])
            [found] = self.read_target(
                engine,
                "SELECT f.*, p.is_deleted AS forgotten FROM fact_activity f"
                " JOIN dim_partner p USING (partner_key)"
                f" WHERE activity_key = {OFFSET + number}",
            )
            self.assertTrue(found[-1])
            self.assertNotRegex(repr(found), f"{subject}|Forgetme")
            self.source_cr.execute("TRUNCATE relationship_activity_history")

    def test_what_may_not_leave_odoo_goes_from_the_target(self):
        kept, hidden = self.insert(), self.insert(type_id=2)
        for engine in self.turns():
            self.transfer(engine)
            self.assertEqual(set(self.rows(engine, "1")), {kept, hidden})
            self.change(hidden, priority="1")
            self.run_transfer(engine, activity_condition="a.type_id <> 2")
            self.assertEqual(set(self.rows(engine, "1")), {kept})
            self.change(hidden, priority="0")

    def run_transfer(self, engine, **options):
        return transfer.run(self.make_source(**options), engine)
