from odoo.tests import tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestCrmLeadAddress(RelationshipCase):
    """Opportunities move with their partner, if they show its address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._new_user("clerk", "base.group_partner_manager")
        cls.huta = cls.env["res.partner"].create(
            {"name": "Huta", "is_company": True, "street": "Stara 1", "city": "Gliwice"}
        )
        cls.zofia = cls.env["res.partner"].create(
            {"name": "Zofia", "parent_id": cls.huta.id}
        )

    def _lead(self, user=None, **values):
        leads = self.env["crm.lead"].with_user(user or self.anna)
        return leads.create({"name": "Furnace", "type": "opportunity", **values})

    def test_opportunities_of_a_partner_and_of_its_people_move_with_it(self):
        leads = self._lead(partner_id=self.huta.id)
        leads |= self._lead(partner_id=self.zofia.id)
        closed = self._lead(partner_id=self.huta.id)
        closed.action_set_lost()
        self.huta.with_user(self.clerk).write({"street": "Nowa 7", "city": "Katowice"})
        for lead in leads | closed:
            self.assertEqual((lead.street, lead.city), ("Nowa 7", "Katowice"))

    def test_an_address_typed_into_an_opportunity_stays(self):
        lead = self._lead(partner_id=self.huta.id)
        lead.street = "Plac budowy 3"
        self.huta.city = "Katowice"
        self.assertEqual((lead.street, lead.city), ("Plac budowy 3", "Gliwice"))

    def test_an_address_taken_away_stays_where_it_was_used(self):
        lead = self._lead(partner_id=self.huta.id)
        self.huta.write({"street": False, "city": False})
        self.assertEqual((lead.street, lead.city), ("Stara 1", "Gliwice"))

    def test_other_changes_do_not_ask_for_opportunities(self):
        self._lead(partner_id=self.huta.id)
        self.env.flush_all()
        with self.assertQueryCount(0), self.huta._taking_leads_along({"comment": "x"}):
            pass

    def test_moving_many_partners_asks_once(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Huta {n}", "city": "Gliwice"} for n in range(20)]
        )
        for partner in partners[:2]:
            self._lead(partner_id=partner.id)
        self.env.flush_all()
        partners.fetch(["street", "street2", "zip", "city", "state_id", "country_id"])
        with (
            self.assertQueryCount(1),
            partners._taking_leads_along({"city": "Krynica"}),
        ):
            pass
