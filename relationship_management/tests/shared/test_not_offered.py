from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged

# What only the server understands, and beside it what people search and group by.
OFFERED = {
    "relationship.activity": (
        *("run_state", "run_user_id", "run_total", "run_done", "run_member_id"),
        *("run_error", "left_out", "+user_id", "+state", "+date_from"),
    ),
    "mail.activity": (
        *("task_key", "is_closed_with_activity"),
        *("+plan_template_id", "+addressee_id", "+user_id"),
    ),
    "relationship.campaign": ("parent_path", "+parent_id"),
    "relationship.campaign.freeze": ("last_partner_id", "+state"),
    "relationship.role": ("type_sequence", "+type_id"),
}

# Lines below what somebody types: numbers and days are asked for numbers and days only.
# Of partners and opportunities core itself has eight and more.
NO_WORDS = ("integer", "float", "monetary", "date", "datetime")
MOST = 9
PLACES = {"res.partner": 17, "crm.lead": 14, "utm.campaign": MOST}


@tagged("post_install", "-at_install")
class TestNotOffered(TransactionCase):
    """Filters and groups of one's own offer what people understand."""

    def test_columns_of_the_server_are_not_offered(self):
        user = new_test_user(
            self.env, "offers", groups="sales_team.group_sale_salesman"
        )
        for model, names in OFFERED.items():
            records = self.env[model].with_user(user)
            found = records.fields_get(attributes=["searchable", "groupable", "type"])
            for name in names:
                offered = name.startswith("+")
                told = found[name.strip("+")]
                with self.subTest(model, name=name):
                    self.assertEqual(told["searchable"], offered)
                    self.assertEqual(told["groupable"], offered)

    def test_what_is_typed_is_looked_for_in_few_places(self):
        """Each field of a search view is a line of the menu below words typed."""
        user = new_test_user(
            self.env, "searches", groups="sales_team.group_sale_salesman"
        )
        for name, model in self.env.items():
            ours = name.startswith("relationship.") or name in PLACES
            if model._abstract or model._transient or not ours:
                continue
            records = model.with_user(user)
            if not records.has_access("read"):
                continue
            with self.subTest(name):
                arch = etree.fromstring(records.get_view(view_type="search")["arch"])
                types = records.fields_get(attributes=["type"])
                lines = [
                    field
                    for field in arch.xpath("/search/field[not(@invisible)]/@name")
                    if types[field]["type"] not in NO_WORDS
                ]
                self.assertLessEqual(len(lines), PLACES.get(name, MOST))

    def test_the_web_client_is_told(self):
        views = self.env["relationship.activity"].get_views(
            [(False, "search"), (False, "list")]
        )
        fields = views["models"]["relationship.activity"]["fields"]
        self.assertFalse(fields["run_total"]["groupable"])
        self.assertTrue(fields["user_id"]["groupable"])
        self.assertNotIn(
            "groupable",
            self.env["relationship.activity"].fields_get(["run_total"], ["string"])[
                "run_total"
            ],
        )
