from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..campaign.campaign_case import CampaignCase


@tagged("post_install", "-at_install")
class TestFollowers(CampaignCase):
    """Piotr follows what is hidden from him since; Ewa may see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.env["res.groups"].create({"name": "Board"})
        cls.ewa.group_ids += cls.board
        activity_type = cls.env["relationship.activity.type"].create({"name": "Visit"})
        campaign = cls.new_campaign(user_id=cls.ewa.id).with_env(cls.env)
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Crane",
                "type": "opportunity",
                "opportunity_type_id": cls.machine_deal.id,
                "user_id": cls.piotr.id,
            }
        )
        activity = cls.env["relationship.activity"].create(
            {"name": "Visit them", "type_id": activity_type.id, "lead_id": cls.lead.id}
        )
        cls.followed = {
            cls.machine_deal: (cls.lead, activity),
            campaign.type_id: (campaign,),
            activity_type: (activity,),
        }
        people = cls.piotr.partner_id | cls.ewa.partner_id
        for record in (cls.lead, activity, campaign):
            record.message_subscribe(people.ids)

    def post(self, record, **values):
        message = record.message_post(
            **{"body": "Price", "message_type": "comment", **values},
            subtype_xmlid="mail.mt_comment",
        )
        return message.notified_partner_ids

    def test_news_go_to_those_who_may_see_the_type(self):
        for kind, records in self.followed.items():
            for record in records:
                with self.subTest(kind._name, model=record._name):
                    told = self.post(record)
                    self.assertIn(self.piotr.partner_id, told)
                    kind.see_group_ids = self.board
                    told = self.post(record)
                    self.assertNotIn(self.piotr.partner_id, told)
                    self.assertIn(self.ewa.partner_id, told)
                    # Whoever is named all the same may not read it either.
                    told = self.post(record, partner_ids=self.piotr.partner_id.ids)
                    self.assertNotIn(self.piotr.partner_id, told)
                    kind.see_group_ids = False

    def test_nobody_writes_to_what_is_hidden_from_them(self):
        for kind, records in self.followed.items():
            for record in records:
                with self.subTest(kind._name, model=record._name):
                    theirs = record.with_user(self.piotr)
                    self.post(theirs)
                    kind.see_group_ids = self.board
                    with self.refused("Document type: Message", AccessError):
                        self.post(theirs)
                    self.post(record.with_user(self.ewa))
                    # What comes in by e-mail is not lost.
                    self.post(theirs, message_type="email")
                    kind.see_group_ids = False

    def test_a_plan_is_hidden_as_its_type(self):
        kind = next(each for each in self.followed if "activity" in each._name)
        template = self.env["mail.activity.plan.template"].create(
            {"relationship_type_id": kind.id, "summary": "Prepare the price"}
        )
        self.env.flush_all()
        for group, hidden in ((self.env["res.groups"], False), (self.board, True)):
            kind.see_group_ids = group
            self.env.flush_all()
            self.env.invalidate_all()
            wizard = self.env["mail.activity.schedule"].with_user(self.piotr)
            wizard = wizard.create(
                {
                    "res_model": "res.partner",
                    "res_ids": str(self.stalmet.ids),
                    "plan_id": template.plan_id.id,
                }
            )
            named = wizard.web_read({"plan_id": {"fields": {"display_name": {}}}})
            words = named[0]["plan_id"]["display_name"]
            if hidden:
                self.assertEqual(words, "something that you may not see")
            else:
                self.assertEqual(words, template.plan_id.name)
