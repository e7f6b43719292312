from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestStageTour(TourCase):
    """A stage asks for a person, and proposes what is to be done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.new_anna("anna_stage_tour")
        start, cls.offer = cls.env["crm.stage"].create(
            [
                {"name": "Stage tour start", "sequence": -3},
                {"name": "Stage tour offer", "sequence": -2},
            ]
        )
        references = "relationship_management.relationship_reference_type_"
        kind = cls.env["relationship.opportunity.type"].create(
            {
                "name": "Stage tour deal",
                "sequence": 0,
                "stage_id": start.id,
                "planned_role_ids": [
                    (
                        0,
                        0,
                        {"reference_type_id": cls.env.ref(f"{references}contact").id},
                    ),
                    (
                        0,
                        0,
                        {
                            "reference_type_id": cls.env.ref(
                                f"{references}decision_maker"
                            ).id,
                            "stage_id": cls.offer.id,
                            "demand": "block",
                        },
                    ),
                ],
            }
        )
        cls.offer.activity_plan_id = cls.env["mail.activity.plan"].create(
            {
                "name": "Stage tour",
                "res_model": "crm.lead",
                "company_id": False,
                "template_ids": [
                    (
                        0,
                        0,
                        {
                            "activity_type_id": cls.env.ref(
                                "mail.mail_activity_data_call"
                            ).id,
                            "summary": "Stage tour call",
                            "responsible_type": "record",
                        },
                    )
                ],
            }
        )
        cls.kind = kind
        cls.person = cls.env["res.partner"].create({"name": "A Stage tour person"})

    def test_a_stage_asks_and_proposes(self):
        self.start_tour(
            "/odoo/relationship-opportunities/new",
            "relationship_stage_tour",
            login="anna_stage_tour",
        )
        lead = self.env["crm.lead"].search([("opportunity_type_id", "=", self.kind.id)])
        self.assertEqual(lead.stage_id, self.offer)
        self.assertEqual(lead.reference_ids.partner_id, self.person)
        self.assertEqual(lead.activity_ids.summary, "Stage tour call")
        self.assertEqual(lead.activity_ids.user_id, self.anna)


@tagged("post_install", "-at_install")
class TestStageTourOnPhone(TestStageTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
