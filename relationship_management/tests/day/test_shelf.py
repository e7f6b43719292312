"""Tasks of what is archived leave the top bar, and come back with it."""

from ..activity.activity_case import ActivityCase


class TestShelvedTasks(ActivityCase):
    """An activity that is archived, at an opportunity that is not."""

    def get_counted(self):
        groups = self.env["res.users"].with_user(self.anna)._get_activity_groups()
        return sum(group["total_count"] for group in groups)

    def get_day(self):
        items = self.env["relationship.day.item"].with_user(self.anna)
        return items.search([("kind", "=", "task")]).mapped("name")

    def test_those_of_an_archived_activity_leave_and_come_back(self):
        before = self.get_counted()
        for values in (
            {"lead_id": self.new_lead().id},
            {"campaign_id": self.new_campaign().id},
            {"partner_id": self.stalmet.id},
        ):
            with self.subTest(values):
                activity = self.plan(**values, name="Quiet", user_id=self.anna.id)
                tasks = self.tasks(activity).with_user(self.anna)
                self.assertEqual(self.get_counted(), before + 1)
                activity.active = False
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertTrue(all(tasks.mapped("is_shelved")))
                mine = [("id", "in", tasks.ids)]
                self.assertEqual(
                    tasks.search([*mine, ("is_shelved", "=", True)]), tasks
                )
                self.assertFalse(tasks.search([*mine, ("is_shelved", "=", False)]))
                self.assertEqual(self.get_counted(), before)
                self.assertNotIn("Prepare Quiet", self.get_day())
                activity.active = True
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertFalse(any(tasks.mapped("is_shelved")))
                self.assertEqual(self.get_counted(), before + 1)
                self.assertIn("Prepare Quiet", self.get_day())
                activity.unlink()

    def test_one_that_was_planned_archived_begins_when_it_comes_back(self):
        activity = self.plan(active=False)
        self.assertFalse(self.tasks(activity))
        activity.action_unarchive()
        self.assertEqual(len(self.tasks(activity)), 2)

    def test_a_duplicate_of_an_archived_one_begins_when_it_comes_back(self):
        activity = self.plan()
        activity.active = False
        copy = activity.copy()
        copy.name = "Saved before"
        self.assertFalse(self.tasks(copy))
        copy.action_unarchive()
        self.assertEqual(len(self.tasks(copy)), 2)

    def test_what_somebody_deleted_does_not_come_back_with_it(self):
        activity = self.plan()
        tasks = self.tasks(activity)
        tasks[0].with_user(self.anna).unlink()
        activity.active = False
        activity.action_unarchive()
        self.assertEqual(self.tasks(activity), tasks[1])

    def test_one_that_is_over_gets_no_tasks(self):
        activity = self.plan(active=False)
        activity.action_cancel()
        activity.action_unarchive()
        self.assertFalse(self.tasks(activity))

    def test_the_top_bar_asks_for_no_list_of_all_that_is_archived(self):
        """Each task is asked for what it hangs at, not compared with millions."""
        tasks = self.env["mail.activity"].sudo()
        query = tasks._search([("is_shelved", "=", False)])
        self.assertNotRegex(query.select().code, r"res_id.{0,3} (NOT )?IN \(SELECT")
        self.assertIn("EXISTS", query.select().code)
