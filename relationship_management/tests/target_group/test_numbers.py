import re

from odoo.fields import Domain
from odoo.tests import Form, tagged

from ..campaign.campaign_case import TargetGroupCase

PARTS = re.compile(
    r"(?P<all>\d+) members?(, (?P<held>\d+) held back as control group)?"
    r", (?P<out>\d+) excluded"
)


@tagged("post_install", "-at_install")
class TestNumbersAgree(TargetGroupCase):
    """A number in a message is the one that its figure, filter and tab open."""

    def count(self, tab, **context):
        campaign = self.campaign.with_user(self.anna).with_context(
            relationship_addressees=tab
        )
        action = campaign.action_view_addressees()
        view = campaign.addressee_ids.get_view(view_type="search")["arch"]
        domain = Domain(action["domain"])
        for key in action["context"]:
            if key.startswith("search_default_"):
                name = key.removeprefix("search_default_")
                found = re.search(rf'name="{name}"[^>]*domain="([^"]*)"', view)
                domain &= Domain(eval(found[1].replace("&quot;", '"')))  # noqa: S307
        listed = self.env["relationship.campaign.addressee"].with_user(self.anna)
        number = listed.search_count(domain)
        campaign.invalidate_recordset(["shown_addressee_ids", "addressee_tab"])
        self.assertEqual(len(campaign.shown_addressee_ids), number, tab)
        return number

    def figure(self, key):
        campaign = self.campaign.with_user(self.anna)
        [figure] = [f for f in campaign.get_figures()["figures"] if f["key"] == key]
        action = campaign.action_open_figure(key)
        behind = self.env[action["res_model"]].with_user(self.anna)
        self.assertEqual(int(figure["value"]), behind.search_count(action["domain"]))
        return int(figure["value"])

    def check(self, message):
        # The last one is of the whole campaign; the first adds up to what was found.
        told = [
            {name: int(number) for name, number in found.groupdict("0").items()}
            for found in PARTS.finditer(message)
        ]
        found = int(re.search(r"(\d+) found", message)[1])
        self.assertEqual(found, sum(told[0].values()), message)
        members, held, out = told[-1].values()
        self.assertEqual(members, self.figure("addressees"))
        self.assertEqual(members, self.count("reached"))
        self.assertEqual(held, self.count("control"))
        if held:
            self.assertEqual(held, self.figure("control"))
        self.assertEqual(out, self.figure("excluded"))
        self.assertEqual(out, self.count("excluded"))
        self.assertEqual(members + held + out, self.count("all"))
        return found, members, held, out

    def assign(self, partners):
        wizards = self.env["relationship.campaign.assign"].with_user(self.anna)
        wizard = wizards.with_context(
            active_model="res.partner", active_ids=partners.ids
        ).create({"campaign_id": self.campaign.id})
        return wizard.action_assign()["params"]["message"]

    def test_freezing_assigning_refreshing_and_leaving_out(self):
        self.companies[0].email = False
        self.campaign.control_percent = 20
        self.add_rule()
        self.freeze()
        body = self.campaign.message_ids[0].body
        self.assertEqual(self.check(body), (10, 7, 2, 1))
        self.assertIn(
            "10 found: 7 members, 2 held back as control group, 1 excluded", body
        )
        self.assertIn(self.campaign.last_freeze_id.summary.splitlines()[0], body)
        action = self.campaign.with_user(self.anna).action_freeze()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(
            dialog.preview.splitlines()[:2],
            [
                "10 found: 7 members, 2 held back as control group, 1 excluded",
                "New: 0, already in the list: 10",
            ],
        )
        more = self.new_partners(3, "More", category_id=False)
        more[0].email = False
        self.assertEqual(self.check(self.assign(more)), (3, 9, 2, 2))
        self.assertEqual(self.check(self.assign(more)), (3, 9, 2, 2))
        waiting = self.campaign.addressee_ids.filtered(lambda a: a.state == "open")
        waiting[0].with_user(self.anna).action_leave_out()
        waiting[1].partner_id.category_id = False
        self.freeze(apply_leavers=True)
        body = self.campaign.message_ids[0].body
        self.assertEqual(self.check(body), (9, 7, 2, 4))

    def test_contacted_and_answered(self):
        self.add_rule()
        self.freeze()
        positive = self.env["relationship.campaign.response"].create(
            {"name": "Interested", "kind": "positive", "type_id": self.fair_type.id}
        )
        addressees = self.campaign.addressee_ids.with_user(self.anna)
        addressees[:6].action_mark_contacted()
        addressees[:2].response_id = positive
        self.assertEqual(self.count("contacted"), 4)
        self.assertEqual(self.count("responded"), self.figure("responded"))
        self.assertEqual(
            self.count("contacted") + self.count("responded"),
            self.figure("contacted"),
        )
        # An answer of who is left out all the same is no answer of the campaign.
        addressees[9].with_user(self.anna).action_leave_out()
        addressees[9].sudo().response_id = positive
        addressees[9].sudo().write({"state": "excluded", "exclusion": "hand"})
        step = self.add_rule(
            campaign=self.new_campaign(title="Second"),
            source="campaign",
            other_campaign_id=self.campaign.id,
            part="positive",
        )
        found = self.env["relationship.campaign.addressee"].search_count(
            Domain("campaign_id", "=", self.campaign.id) & step._get_part_domain()
        )
        self.assertEqual(found, self.figure("positive"))

    def test_one_answer_for_several_in_the_list(self):
        self.add_rule()
        self.freeze()
        view = self.campaign.addressee_ids.get_view(view_type="list")["arch"]
        self.assertIn('multi_edit="1"', view)
        answer = self.env["relationship.campaign.response"].create(
            {"name": "Later", "kind": "neutral", "type_id": self.fair_type.id}
        )
        chosen = self.campaign.addressee_ids[:4].with_user(self.anna)
        chosen.web_save({"response_id": answer.id}, {})
        self.assertEqual(set(chosen.mapped("state")), {"responded"})
        self.assertEqual(self.count("responded"), 4)

    def test_the_form_says_that_the_rule_has_changed(self):
        step = self.add_rule()
        campaign = self.campaign.with_user(self.anna)
        self.assertFalse(campaign.is_rule_changed)
        self.freeze()
        self.assertFalse(campaign.is_rule_changed)
        before = step.rule
        step.rule = "[('city', '=', 'Poznań')]"
        self.assertTrue(campaign.is_rule_changed)
        step.rule = before
        self.assertFalse(campaign.is_rule_changed)
        with Form(campaign) as form:
            with form.selection_ids.new() as line:
                line.operation = "subtract"
                line.rule = "[('is_company', '=', False)]"
            self.assertTrue(form.is_rule_changed)
        self.assertTrue(campaign.is_rule_changed)
        self.freeze()
        self.assertFalse(campaign.is_rule_changed)
        step.unlink()
        self.assertTrue(campaign.is_rule_changed)
