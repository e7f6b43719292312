from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.model_classes import add_to_registry
from odoo.tools import SQL

from ...models.shared.source import (
    Contact,
    Fact,
    Figure,
    GivenRole,
    Rows,
    Source,
)
from ..common import RelationshipCase

VISIT = "relationship.test.visit"


class Visit(models.Model):
    """A business model that nothing but its description makes known."""

    _name = VISIT
    _description = "Test visit"
    _inherit = ["mail.thread", "mail.activity.mixin", "utm.mixin"]
    _module = None

    name = fields.Char(translate=True)
    partner_id = fields.Many2one("res.partner")
    stage_id = fields.Many2one("crm.stage")
    user_id = fields.Many2one("res.users")
    company_id = fields.Many2one("res.company")
    state = fields.Char()
    on_day = fields.Date()
    fee = fields.Float()

    def _describe_source(self):
        return Source(
            label="visits",
            partners=("partner_id",),
            date="on_day",
            amount="fee",
            activities=True,
            facts=(
                Fact(
                    kind="visit",
                    label="Visit",
                    values={
                        "status": SQL("CASE s.state WHEN 'done' THEN 'done' END"),
                        "expected_revenue": SQL("s.fee"),
                    },
                ),
            ),
            contact=Contact(
                label="Visit",
                day="on_day",
                partner="partner_id",
                where=SQL("s.state = 'done'"),
            ),
            figures=(
                Figure(key="visits", label="Visits", domain=Domain("fee", ">", 0)),
            ),
            roles=(
                GivenRole(
                    kind="prospect",
                    where=SQL("s.state = 'done'"),
                    day=SQL("s.on_day"),
                ),
            ),
            merge=90,
            rows=Rows(
                kind="visit",
                label="Visit",
                icon="fa-car",
                values={
                    "name": SQL("s.name->>'en_US'"),
                    "partner_id": SQL("s.partner_id"),
                    "user_id": SQL("s.user_id"),
                    "date_done": SQL("s.on_day"),
                    "status": SQL("s.state"),
                    "is_open": SQL("s.state <> 'done'"),
                },
            ),
        )

    @api.model
    def _fold_partners(self, sources, _destination):
        visits = self.search([("partner_id", "in", sources.ids)])
        return [f"Visits taken over: {len(visits)}"] if visits else []

    @api.model
    def _settle_merge(self, _destination):
        return []


class SourceCase(RelationshipCase):
    """Visits, of which Anna and Piotr see their own, and Jan none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_visits()
        cls.today = fields.Date.context_today(cls.anna)
        cls.nowak = cls.env["res.partner"].create(
            {"name": "Anna Nowak", "parent_id": cls.stalmet.id}
        )
        cls.visit, cls.other_visit = cls.env[VISIT].create(
            [
                {
                    "name": "Walk through the hall",
                    "partner_id": cls.nowak.id,
                    "user_id": user.id,
                    "company_id": cls.company.id,
                    "stage_id": cls.stages[1].id,
                    "state": "done",
                    "on_day": cls.today - timedelta(days=days),
                    "fee": fee,
                }
                for user, days, fee in ((cls.anna, 4, 300), (cls.piotr, 2, 70))
            ]
        )

    @classmethod
    def _add_visits(cls):
        """Add the model, until the class is done."""
        registry = cls.env.registry
        cls.addClassCleanup(cls._remove_visits, registry)
        add_to_registry(registry, Visit)
        registry._setup_models__(cls.env.cr, [VISIT])
        registry.init_models(cls.env.cr, [VISIT], {"models_to_check": True})
        cls.env["relationship.item"]._install_lacking()
        model = cls.env["ir.model"]._get(VISIT)
        cls.env["ir.model.access"].create(
            {
                "name": "Test visits",
                "model_id": model.id,
                "group_id": cls.env.ref("sales_team.group_sale_salesman").id,
                "perm_read": True,
                "perm_write": True,
            }
        )
        cls.env["ir.rule"].create(
            {
                "name": "Own test visits",
                "model_id": model.id,
                "domain_force": "[('user_id', '=', user.id)]",
            }
        )

    @classmethod
    def _remove_visits(cls, registry):
        del registry.models[VISIT]
        for model in registry.models.values():
            model._inherit_children.discard(VISIT)
        registry._setup_models__(cls.env.cr)
