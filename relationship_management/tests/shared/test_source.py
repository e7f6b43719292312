from odoo.exceptions import AccessError
from odoo.tests import tagged

from .source_case import VISIT, SourceCase


@tagged("post_install", "-at_install")
class TestSourceEverywhere(SourceCase):
    """One description, and the visits are known wherever sources are read."""

    def reports(self, user):
        action = self.stalmet.with_user(user).action_view_statistics()
        self.env.flush_all()
        return (
            self.env["relationship.partner.report"]
            .with_user(user)
            .search(action["domain"])
        )

    def test_documents(self):
        file = self.env["ir.attachment"].create(
            {"name": "Plan", "raw": b"x", "res_model": VISIT, "res_id": self.visit.id}
        )
        documents = self.env["relationship.document"]
        for user, found in ((self.anna, file), (self.piotr, file.browse())):
            action = self.stalmet.with_user(user).action_view_documents()
            shown = documents.with_user(user).search(action["domain"])
            self.assertEqual(shown.sudo().attachment_id & file, found, user.login)
        row = documents.search([("attachment_id", "=", file.id)]).with_user(self.anna)
        self.assertEqual(row.partner_id, self.nowak)
        self.assertEqual(row.source_name, "Walk through the hall")

    def test_statistics_and_their_access(self):
        row = self.reports(self.anna)
        self.assertEqual(
            (row.kind, row.status, row.res_id), ("visit", "done", self.visit.id)
        )
        self.assertEqual((row.stage_id, row.user_id), (self.stages[1], self.anna))
        self.assertEqual((row.date, row.company_id), (self.visit.on_day, self.company))
        self.assertEqual(row.expected_revenue, 300)
        self.assertIn(
            ("visit", "Visit"), row._fields["kind"]._description_selection(self.env)
        )
        self.assertFalse(self.reports(self.jan))
        with self.assertRaisesRegex(AccessError, "You may not read the record"):
            row.with_user(self.piotr).read(["expected_revenue"])

    def test_statistics_see_what_was_just_written(self):
        reports = self.env["relationship.partner.report"].with_user(self.anna)
        domain = [("kind", "=", "visit")]
        self.assertEqual(reports.search(domain).expected_revenue, 300)
        self.visit.fee = 8
        reports.invalidate_model()
        self.assertEqual(reports.search(domain).expected_revenue, 8)

    def test_activities_count_and_keep_the_stage(self):
        activity = self.visit.with_user(self.anna).activity_schedule(
            "mail.mail_activity_data_call", user_id=self.anna.id
        )
        self.assertEqual(activity.crm_stage_id, self.stages[1])
        row = self.reports(self.anna).filtered(lambda r: r.kind == "activity")
        self.assertEqual((row.res_model, row.partner_id), (VISIT, self.nowak))
        self.assertEqual(row.stage_id, self.stages[1])
        for user, day in (
            (self.anna, activity.date_deadline),
            (self.piotr, False),
        ):
            partner = self.stalmet.with_user(user)
            self.assertEqual(partner.next_contact_date, day, user.login)

    def test_last_contact(self):
        self.env.flush_all()
        for user, visit in ((self.anna, self.visit), (self.piotr, self.other_visit)):
            partner = self.stalmet.with_user(user)
            self.assertEqual(partner.last_contact_date, visit.on_day)
            (figure,) = (
                f
                for f in partner.get_figures()["figures"]
                if f["key"] == "last_contact"
            )
            self.assertTrue(figure["value"].endswith("· Visit"), figure["value"])
            action = partner.action_open_figure("last_contact")
            self.assertEqual(action["res_model"], VISIT)
            found = self.env[VISIT].with_user(user).search(action["domain"])
            self.assertEqual(found, visit)
        self.assertFalse(self.stalmet.with_user(self.jan).last_contact_date)

    def test_a_figure_on_the_page_opens_what_it_counts(self):
        self.env.flush_all()
        partner = self.stalmet.with_user(self.anna)
        figures = {f["key"]: f for f in partner.get_figures()["figures"]}
        self.assertEqual(figures["visits"]["label"], "Visits")
        self.assertIn("1 · ", figures["visits"]["value"])
        self.assertIn("300", figures["visits"]["value"])
        action = partner.action_open_figure("visits")
        found = self.env[VISIT].with_user(self.anna).search(action["domain"])
        self.assertEqual(found, self.visit)
        figures = self.stalmet.with_user(self.jan).get_figures()["figures"]
        self.assertNotIn("visits", [figure["key"] for figure in figures])

    def test_merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.nowak | self.kranbau).ids, self.kranbau)
        self.assertEqual(self.visit.partner_id, self.kranbau)
        notes = " ".join(self.kranbau.message_ids.mapped("body"))
        self.assertIn("Visits taken over: 2", notes)

    def test_roles(self):
        roles = self.env["relationship.role"]
        roles._derive_roles([f"{VISIT}:prospect"])
        role = roles.search([("partner_id", "=", self.stalmet.id)])
        self.assertEqual((role.kind, role.source), ("prospect", VISIT))
        self.assertEqual(role.date_from, self.visit.on_day)

    def test_words_of_a_campaign(self):
        campaign_type = self.env["relationship.campaign.type"].create(
            {"name": "Test fair", "code": "TF"}
        )
        campaign = self.env["relationship.campaign"].create(
            {"title": "Autumn fair", "type_id": campaign_type.id}
        )
        self.visit.campaign_id = campaign.utm_campaign_id
        self.env.flush_all()
        self.assertEqual(campaign._get_used_by(), ["visits"])
