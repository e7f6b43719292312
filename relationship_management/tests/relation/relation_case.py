"""What the tests of relations and of merged partners have in common."""

from odoo.exceptions import ValidationError

from ..common import RelationshipCase


class RelationCase(RelationshipCase):
    """Relation types, and a few people who are related to companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The story of the demo data would be found, too.
        cls.env["relationship.relation"].search([]).unlink()
        cls.types = {
            name: cls.env.ref(
                f"relationship_management.relationship_relation_type_{name}"
            )
            for name in (
                "assistant",
                "works_for",
                "knows",
                "tax_adviser",
                "shareholder",
            )
        }
        cls.nowak, cls.rek, cls.maj = cls.env["res.partner"].create(
            [{"name": "Anna Nowak"}, {"name": "Tomasz Rek"}, {"name": "Zofia Maj"}]
        )
        cls.has_assistant = cls.env["relationship.relation.direction"].search(
            [("name", "=", "has assistant")]
        )
        (cls.stalmet | cls.kranbau | cls.paktech).is_company = True

    def relate(self, left, name, right, user=None, **values):
        relations = self.env["relationship.relation"].with_user(user or self.jan)
        return relations.create(
            {
                "left_partner_id": left.id,
                "type_id": self.types[name].id,
                "right_partner_id": right.id,
                **values,
            }
        )

    def assertRefused(self, words, function, *arguments, **values):
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            function(*arguments, **values)
        self.assertIn(words, str(caught.exception))


class MergeCase(RelationshipCase):
    """A double of Stalmet, and somebody who may merge partners."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls.env["res.partner"].create(
            {"name": "Stalmet SA", "is_company": True}
        )
        cls.merger = cls._new_user(
            "merger",
            "base.group_partner_manager,sales_team.group_sale_salesman_all_leads",
        )

    def merge(self, source=None, destination=None):
        """Merge the double into Stalmet, or another partner into another one."""
        source, destination = source or self.double, destination or self.stalmet
        self.env.flush_all()
        wizards = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizards.with_user(self.merger).create({})
        wizard._merge((source | destination).ids, destination.with_user(self.merger))
        self.env.invalidate_all()
