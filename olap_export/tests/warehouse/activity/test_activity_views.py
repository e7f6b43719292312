from datetime import date

from odoo.tests import tagged

from ..warehouse_case import OFFSET
from .activities_case import ActivitiesCase

EVENTS = (
    (1, "2026-03-01", "create", "open"),
    (1, "2026-05-20", "won", "won"),
    (1, "2026-06-01", "change", "won"),
    (2, "2026-03-01", "create", "open"),
    (2, "2026-05-10", "lost", "lost"),
    (3, "2026-05-15", "create", "won"),
    (3, "2026-05-16", "change", "won"),
    (4, "2026-03-01", "create", "open"),
    (5, "2026-05-01", "lost", "lost"),
    (5, "2026-05-05", "reopen", "open"),
    (5, "2026-05-30", "lost", "lost"),
    (6, "2026-05-01", "lost", "lost"),
    (6, "2026-05-02", "delete", "lost"),
)


@tagged("post_install", "-at_install")
class TestWarehouseActivityViews(ActivitiesCase):
    """What was done, and which of it went with success."""

    def done(self, lead, day, kind=1, **values):
        return self.insert(
            **{
                "lead_id": lead,
                "type_id": kind,
                "state": "done",
                "date_begun": "2026-05-04",
                "date_done": day,
                **values,
            }
        )

    def setUp(self):
        super().setUp()
        for lead, day, event, status in EVENTS:
            self.source_cr.execute(
                "INSERT INTO relationship_opportunity_history"
                " (opportunity_id, changed_at, event, status) VALUES (%s, %s, %s, %s)",
                (lead, f"{day} 12:00", event, status),
            )
        self.before = self.done(1, "2026-05-19")
        self.same_day = self.done(1, "2026-05-20", kind=2)
        self.after = self.done(1, "2026-05-21")
        self.done(1, None, state="planned")
        self.undated = self.done(1, None)
        self.lost = self.done(2, "2026-05-09")
        self.done(2, "2026-05-09", state="cancelled")
        self.open = self.done(4, "2026-05-09")
        self.second_time = self.done(5, "2026-05-12")
        self.of_deleted = self.done(6, "2026-05-01")
        self.delete(
            self.done(1, "2026-05-10"), state="done", lead_id=1, date_done="2026-05-10"
        )

    def test_which_activities_went_with_success(self):
        for engine in self.turns():
            self.transfer(engine)
            outcomes, by_type, done = self.read_all(
                engine,
                f"SELECT opportunity_key - {OFFSET}, outcome, closed_date_key,"
                f" CASE WHEN activity_key > 0 THEN activity_key - {OFFSET} END, done_on"
                " FROM v_activity_outcome ORDER BY 1, 4",
                "SELECT t.name, count(*) FILTER (WHERE o.outcome = 'won'),"
                " count(*) FILTER (WHERE o.outcome = 'lost')"
                " FROM v_activity_outcome o JOIN dim_activity_type t"
                " ON t.activity_type_key = o.activity_type_key"
                " GROUP BY t.name ORDER BY 1",
                f"SELECT activity_key - {OFFSET}, begun_on, done_on, planned_to,"
                " days_late FROM v_activity_done ORDER BY 1",
            )
            self.assertEqual(
                outcomes,
                [
                    (1, "won", 20260520, self.before, date(2026, 5, 19)),
                    (1, "won", 20260520, self.same_day, date(2026, 5, 20)),
                    (2, "lost", 20260510, self.lost, date(2026, 5, 9)),
                    (3, "won", 20260515, None, None),
                    (5, "lost", 20260530, self.second_time, date(2026, 5, 12)),
                ],
            )
            self.assertEqual(
                by_type, [("Call", 1, 0), ("Not applicable", 1, 0), ("Visit", 1, 2)]
            )
            self.assertEqual(
                {row[0] for row in done},
                {
                    *(self.before, self.same_day, self.after, self.undated),
                    *(self.lost, self.open, self.second_time, self.of_deleted),
                },
            )
            self.assertIn(
                (
                    self.before,
                    *(date(2026, 5, 4), date(2026, 5, 19), date(2026, 5, 8), 11),
                ),
                done,
            )
            self.assertIn(
                (self.undated, date(2026, 5, 4), None, date(2026, 5, 8), None), done
            )
