from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestMemberTour(TourCase):
    """A salesperson enters the responses of members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.new_anna("anna_member_tour")
        campaign_type = cls.env["relationship.campaign.type"].create({"name": "Tour"})
        cls.yes = cls.env["relationship.campaign.response"].create(
            {"name": "A Tour yes", "type_id": campaign_type.id}
        )
        cls.company = cls.env["res.partner"].create(
            {"name": "A Tour mill", "is_company": True}
        )
        people = cls.env["res.partner"].create(
            [
                {"name": n, "phone": "+44 1632 960001", "parent_id": cls.company.id}
                for n in ("A Tour visitor", "A Tour held")
            ]
        )
        campaigns = cls.env["relationship.campaign"].with_user(cls.anna)
        cls.campaign = campaigns.create(
            {"title": "Tour", "type_id": campaign_type.id, "date_to": "2099-01-01"}
        )
        members = cls.env["relationship.campaign.addressee"].with_user(cls.anna)
        cls.visitor, cls.held = members.create(
            [
                {
                    "campaign_id": cls.campaign.id,
                    "partner_id": cls.company.id,
                    "contact_id": person.id,
                }
                for person in people
            ]
        )
        cls.held.sudo().write({"exclusion": "control", "is_control": True})

    def test_responses(self):
        # Of a partner, where those who are excluded stand in the list as well.
        path = f"/odoo/res.partner/{self.company.id}/partner-campaigns"
        self.start_tour(path, "relationship_member_tour", login=self.anna.login)
        self.assertEqual(self.visitor.response_id, self.yes)
        self.assertEqual(self.visitor.state, "responded")
        self.assertEqual(self.held.state, "excluded")


@tagged("post_install", "-at_install")
class TestMemberTourOnPhone(TestMemberTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
