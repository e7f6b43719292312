"""What the tests have in common that hide types of opportunities."""

from odoo import Command
from odoo.tests import tagged

from ..secret_case import MARK, SecretCase


@tagged("post_install", "-at_install")
class HiddenTypeCase(SecretCase):
    """An opportunity of a type that is hidden, or not one's own to use.

    Anna and Piotr sell, Olga alone is in the confidential group, Ewa manages.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hidden_type, cls.seen_type = cls.env[
            "relationship.opportunity.type"
        ].create(
            [
                {
                    "name": f"{MARK} takeover",
                    "code": "GEHEIM",
                    "see_group_ids": [Command.set(cls.secret_group.ids)],
                },
                {
                    "name": "Tender",
                    "code": "TEN",
                    "use_group_ids": [Command.set(cls.secret_group.ids)],
                    "see_group_ids": [Command.set(cls.env.ref("base.group_user").ids)],
                },
            ]
        )
        # Using implies seeing, and Tender is to be seen by all.
        leads = cls.env["crm.lead"].with_user(cls.olga)
        values = {"type": "opportunity", "user_id": cls.piotr.id}
        values |= {"partner_id": cls.stalmet.id, "expected_revenue": 1000}
        cls.hidden, cls.seen, cls.plain = leads.create(
            [
                {
                    **values,
                    "name": f"{MARK} deal",
                    "opportunity_type_id": cls.hidden_type.id,
                },
                {
                    **values,
                    "name": "Tender deal",
                    "opportunity_type_id": cls.seen_type.id,
                },
                {**values, "name": "Plain deal"},
            ]
        )
        cls.person = cls.env["res.partner"].create({"name": "Tomasz Rek"})
        cls.lines = cls.env["relationship.reference"].create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": cls.person.id,
                    "type_id": cls.competitor_type.id,
                }
                for lead in (cls.hidden, cls.seen, cls.plain)
            ]
        )

    def mine(self, records, user=None):
        return records.with_user(user or self.piotr)
