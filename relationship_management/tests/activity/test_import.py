"""Many activities at once cost as many searches as a few."""

from odoo.tests import tagged

from .activity_case import ActivityCase


@tagged("post_install", "-at_install")
class TestImport(ActivityCase):
    """A file of activities is planned as one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Without numbers, each of which is drawn for itself.
        cls.letters = cls.new_type("Test letters", {"summary": "Write"}, {})
        cls.people = cls.env["res.partner"].create(
            [{"name": f"Person {n}"} for n in range(40)]
        )

    def count_queries(self, project, records):
        """Plan an activity for each record; return the statements for few and many."""
        counts = []
        for number in (10, 10, 40):  # the first ones learn what is remembered
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            activities = (
                self.env["relationship.activity"]
                .with_user(self.anna)
                .create(
                    [
                        {"type_id": self.letters.id, project: record.id}
                        for record in records[:number]
                    ]
                )
            )
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self.tasks(activities)), 2 * number)
        return counts[1:]

    def assert_bounded(self, project, records):
        few, many = self.count_queries(project, records)
        self.assertLess(many - few, 10, f"{few} statements for 10, {many} for 40")

    def test_with_partners(self):
        self.assert_bounded("partner_id", self.people)

    def test_on_opportunities(self):
        leads = self.env["crm.lead"].with_user(self.anna)
        values = {"type": "opportunity", "user_id": self.anna.id}
        leads = leads.create([{"name": f"Deal {n}", **values} for n in range(40)])
        self.assert_bounded("lead_id", leads)

    def test_on_campaigns(self):
        campaigns = self.env["relationship.campaign"].with_user(self.anna)
        values = {"type_id": self.fair_type.id, "date_to": self.day(90)}
        campaigns = campaigns.create(
            [{"title": f"Fair {n}", **values} for n in range(40)]
        )
        self.assert_bounded("campaign_id", campaigns)

    def test_each_gets_only_what_it_lacks(self):
        """What is created again for several looks for the tasks of each of them."""
        self.letters.template_ids.per = "responsible"
        activities = self.env["relationship.activity"].with_user(self.anna)
        two = activities.create(
            [
                {"type_id": self.letters.id, "partner_id": person.id}
                for person in self.people[:2]
            ]
        )
        self.tasks(two[0])[0].unlink()
        two._create_tasks()
        self.assertEqual([len(self.tasks(one)) for one in two], [2, 2])
