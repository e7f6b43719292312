from dataclasses import replace
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.shared.source import (
    Contact,
    Fact,
    Figure,
    GivenRole,
    Source,
)
from .source_case import VISIT, SourceCase


@tagged("post_install", "-at_install")
class TestSourceChecks(SourceCase):
    """What a description names has to exist, or the registry is not loaded."""

    def assertRefused(self, sentence, **changes):
        visit = self.env.registry[VISIT]
        described = replace(self.env[VISIT]._describe_source(), **changes)
        with (
            patch.object(visit, "_describe_source", lambda _self: described),
            self.assertRaisesRegex(ValueError, sentence),
        ):
            self.env["relationship.source"]._register_hook()
            self.env["relationship.partner.report"]._register_hook()

    def test_what_is_described_now_is_in_order(self):
        self.env["relationship.source"]._register_hook()

    def test_a_column_that_does_not_exist(self):
        wrong = SQL("s.colour = 'red'")
        contact = {"label": "X", "day": "on_day", "partner": "partner_id"}
        for changes in (
            *(
                {name: value}
                for name in ("name", "number", "type", "user", "team", "date", "amount")
                for value in ("colour", SQL("s.colour"), SQL.identifier("s", "colour"))
            ),
            {"stage": "colour"},
            {"company": "colour"},
            {"facts": (Fact(kind="x", label="X", where=wrong),)},
            {"facts": (Fact(kind="x", label="X", values={"date": wrong}),)},
            {"contact": Contact(**contact | {"day": "colour"})},
            {"contact": Contact(**contact | {"partner": "colour"})},
            {"contact": Contact(**contact, where=wrong)},
            {"roles": (GivenRole(kind="x", where=wrong, day=SQL("s.on_day")),)},
            {"roles": (GivenRole(kind="x", where=SQL("TRUE"), day=wrong),)},
            {"figures": (Figure(key="x", domain=Domain("colour", "=", "red")),)},
        ):
            with self.subTest(changes=changes):
                self.assertRefused(
                    f"The description of {VISIT} is wrong: the table has no column"
                    " colour",
                    **changes,
                )

    def test_a_field_without_a_column(self):
        self.assertRefused("no column message_needaction", name="message_needaction")

    def test_a_domain_may_ask_what_is_no_column(self):
        figure = Figure("x", Domain("message_partner_ids.name", "=", "x"))
        described = replace(self.env[VISIT]._describe_source(), figures=(figure,))
        with patch.object(
            self.env.registry[VISIT], "_describe_source", lambda _self: described
        ):
            self.env["relationship.source"]._register_hook()

    def test_a_field_that_leads_elsewhere(self):
        self.assertRefused(
            "its company, user_id, does not lead to res.company", company="user_id"
        )
        self.assertRefused(
            "its type, stage_id, does not lead to relationship.opportunity.type",
            type="stage_id",
        )
        self.assertRefused("its stage, name, does not lead to crm.stage", stage="name")

    def test_a_path_that_does_not_lead_to_partners(self):
        for path in ("partner_id.colour", "customer_id", "user_id", "name"):
            with self.subTest(path=path):
                self.assertRefused(
                    f"the path {path} does not lead to partners", partners=(path,)
                )

    def test_a_method_that_nobody_offers(self):
        sentence = "there is no method _get_colour_rows"
        rows = {"label": "X", "rows": "_get_colour_rows"}
        self.assertRefused(sentence, contact=Contact(**rows))
        figure = Figure(key="x", domain=Domain("fee", ">", 0), **rows)
        self.assertRefused(sentence, figures=(figure,))

    def test_a_model_that_cannot_be_merged(self):
        self.addCleanup(self.env.registry.clear_cache)
        with patch.object(
            self.env.registry["crm.team"],
            "_describe_source",
            lambda _self: Source(merge=1),
            create=True,
        ):
            self.env.registry.clear_cache()
            self.assertRefused("crm.team is wrong: there is no method _fold_partners")

    def test_what_counts_needs_a_partner(self):
        self.assertRefused("needs a column that leads to its partner", partners=())
        self.assertRefused(
            "needs a column that leads to its partner",
            partners=("message_follower_ids.partner_id",),
        )

    def test_a_key_is_taken_once(self):
        self.assertRefused(
            "Described twice: open",
            figures=(Figure(key="open", domain=Domain.TRUE),),
        )
        self.assertRefused(
            "Described twice: opportunity",
            facts=(Fact(kind="opportunity", label="X"),),
        )

    def test_a_fact_with_a_column_that_the_statistics_lack(self):
        self.assertRefused(
            "The statistics have no column",
            facts=(Fact(kind="x", label="X", values={"colour": SQL("1")}),),
        )
