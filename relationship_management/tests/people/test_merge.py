"""A task for each person in a role is for one who is merged as for any other."""

from odoo.tests import tagged

from .test_people import PeopleCase


@tagged("post_install", "-at_install")
class TestMergedPeople(PeopleCase):
    """Merged people, or people of merged opportunities, have one task of each line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        role = {"per": "role", "reference_type_id": cls.decides.id}
        cls.talks = cls.new_type(
            "Test talks",
            {"summary": "Call {partner}", **role},
            {"summary": "Send offer to {partner}", **role},
        )
        call, offer = cls.talks.template_ids
        offer.wait_template_id = call
        cls.lead = cls.new_deal()

    @classmethod
    def new_deal(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Line",
                "type": "opportunity",
                "user_id": cls.piotr.id,
                **values,
            }
        )

    def decide(self, partner, lead=None):
        return self.env["relationship.reference"].create(
            {
                "lead_id": (lead or self.lead).id,
                "partner_id": partner.id,
                "type_id": self.decides.id,
            }
        )

    def talk(self, lead=None):
        values = {"type_id": self.talks.id, "lead_id": (lead or self.lead).id}
        return self.plan(user=self.piotr, **values)

    def open_tasks(self, activity):
        return self.tasks(activity).filtered("active").mapped("summary")

    def do(self, task):
        task.with_user(self.piotr).action_feedback()

    def test_what_waits_begins_after_opportunities_are_merged(self):
        self.decide(self.kranbau)
        second = self.new_deal()
        self.decide(self.kranbau, second)
        activity = self.talk(second)
        self.lead.probability = 90
        left = (self.lead | second).with_user(self.piotr).merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual(left, self.lead)
        self.do(self.tasks(activity))
        self.assertEqual(self.open_tasks(activity), ["Send offer to Kranbau Wolff"])

    def test_who_are_one_now_are_called_once(self):
        self.decide(self.stalmet)
        self.decide(self.double)
        activity = self.talk()
        self.assertEqual(len(self.tasks(activity)), 2)
        self.merge()
        self.assertEqual(self.open_tasks(activity), ["Call Stalmet S.A."])
        self.do(self.tasks(activity))
        self.assertEqual(self.open_tasks(activity), ["Send offer to Stalmet S.A."])
        self.do(self.tasks(activity).filtered("active"))
        self.assertEqual(activity.state, "done")

    def test_whoever_was_called_already_is_not_called_again(self):
        self.assertOnlyOffered(called=self.stalmet)

    def test_nor_where_the_double_was_called(self):
        self.assertOnlyOffered(called=self.double)

    def assertOnlyOffered(self, called):
        self.decide(self.stalmet)
        self.decide(self.double)
        activity = self.talk()
        [call] = self.tasks(activity, summary=f"Call {called.name}")
        self.do(call)
        self.merge()
        self.assertEqual(self.open_tasks(activity), ["Send offer to Stalmet S.A."])
        self.assertEqual(self.tasks(activity).filtered(lambda t: not t.active), call)

    def test_what_somebody_changed_stays(self):
        self.decide(self.stalmet)
        self.decide(self.double)
        activity = self.talk()
        for task in self.tasks(activity):
            task.with_user(self.piotr).summary = "Call after six"
        self.merge()
        self.assertEqual(self.open_tasks(activity), ["Call after six"] * 2)

    def test_tasks_name_who_stays(self):
        self.decide(self.double)
        activity = self.talk()
        self.merge()
        self.assertEqual(self.open_tasks(activity), ["Call Stalmet S.A."])
