from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..secret_case import MARK
from .hidden_case import HiddenTypeCase

# Who reads the names of activities, and how.
READERS = (
    lambda records: [values["res_name"] for values in records.read(["res_name"])],
    lambda records: [v["res_name"] for v in records.web_read({"res_name": {}})],
    lambda records: [record.res_name for record in records],
    lambda records: records._filtered_access("read").mapped("res_name"),
    lambda records: records.search_fetch(
        [("id", "in", records.ids)], ["res_name"], order="id"
    ).mapped("res_name"),
)


@tagged("post_install", "-at_install")
class TestHiddenOpportunities(HiddenTypeCase):
    """Whoever may not see a type finds nothing of its opportunities."""

    def test_a_hidden_opportunity_is_found_nowhere(self):
        self.env.flush_all()
        leads = self.hidden | self.seen | self.plain
        for user, visible in (
            (self.piotr, self.seen | self.plain),
            (self.olga, leads),
            (self.ewa, leads),
        ):
            self.env.invalidate_all()
            records = self.mine(leads, user)
            domain = [("id", "in", leads.ids)]
            with self.subTest(user.login):
                self.assertEqual(records.search(domain), self.mine(visible, user))
                self.assertEqual(records.search_count(domain), len(visible))
                self.assertEqual(
                    self.mine(leads, user)._filtered_access("read"),
                    self.mine(visible, user),
                )
                ((count, amount),) = records._read_group(
                    domain, [], ["__count", "expected_revenue:sum"]
                )
                self.assertEqual((count, amount), (len(visible), 1000 * len(visible)))
                names = [name for _id, name in records.name_search("deal")]
                self.assertEqual(f"{MARK} deal" in names, self.hidden in visible)
                for line in self.lines:
                    self.assertEqual(
                        self.mine(line, user).has_access("read"),
                        line.lead_id in visible,
                    )

    def test_what_belongs_to_a_hidden_opportunity_is_hidden_with_it(self):
        activity = self.hidden.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.olga.id, summary=MARK
        )
        note = self.hidden.message_post(  # pylint: disable=translation-required
            body="Secret note", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        file = self.env["ir.attachment"].create(
            {
                "name": "offer.txt",
                "raw": b"offer",
                "res_model": "crm.lead",
                "res_id": self.hidden.id,
            }
        )
        activity.with_user(self.olga).action_feedback("said it")
        self.env.flush_all()
        self.env.invalidate_all()
        documents = self.env["relationship.document"]
        report = self.env["relationship.partner.report"]
        of_the_partner = [("partner_id", "in", self.stalmet.ids)]
        self.assertTrue(
            self.env["crm.activity.report"]
            .with_user(self.olga)
            .search([("lead_id", "=", self.hidden.id)])
        )
        for records in (note, file):
            with self.subTest(records._name):
                self.assertFalse(self.mine(records).has_access("read"))
                self.assertTrue(self.mine(records, self.olga).has_access("read"))
        found = self.mine(documents).search(of_the_partner)
        self.assertFalse(found.filtered(lambda d: d.attachment_id == file))
        self.assertNotIn("Secret note", found.mapped("name"))
        rows = self.mine(report).search(of_the_partner)
        self.assertNotIn(self.hidden.id, rows.mapped("res_id"))
        self.assertFalse(
            self.mine(self.env["crm.activity.report"]).search(
                [("lead_id", "=", self.hidden.id)]
            )
        )
        partner = self.mine(self.stalmet)
        self.assertEqual(partner.open_opportunity_count, 2)
        self.assertFalse(partner.last_contact_date)

    def test_its_history_is_hidden_also_when_it_is_gone(self):
        moved = self.new_lead(self.olga, name="Moved")
        with self.step():
            moved.opportunity_type_id = self.hidden_type
        back = self.new_lead(
            self.olga, name="Back", opportunity_type_id=self.hidden_type.id
        )
        with self.step():
            back.opportunity_type_id = False
        history = self.env["relationship.opportunity.history"]
        for lead, number in ((self.hidden, 0), (moved, 0), (back, 1), (self.plain, 1)):
            domain = [("opportunity_id", "=", lead.id)]
            with self.subTest(lead.name):
                self.assertEqual(self.mine(history).search_count(domain), number)
                self.assertTrue(self.mine(history, self.olga).search_count(domain))
        timeline = self.mine(history).get_timeline(back.id)
        self.assertNotIn(MARK, str(timeline))
        self.assertNotIn(MARK, str(self.mine(back).message_ids.mapped("body")))
        with self.step():
            self.hidden.with_user(self.ewa).unlink()
        domain = [("opportunity_id", "=", self.hidden.id)]
        self.assertFalse(self.mine(history).search_count(domain))
        self.assertFalse(
            self.mine(self.env["crm.lead"]).get_timeline(self.hidden.id)["entries"]
        )

    def test_an_activity_does_not_name_it_to_its_assignee(self):
        """Whoever is to do something sees it also when its record is hidden by now."""
        campaign = self.new_campaign(self.anna, title=f"{MARK} campaign")
        records = (self.hidden, campaign.sudo(), self.plain)
        activities = self.env["mail.activity"].union(
            *(r.activity_schedule(user_id=self.olga.id) for r in records)
        )
        campaign.type_id.sudo().see_group_ids = self.secret_group
        self.env.flush_all()
        words = [
            "an opportunity that you may not see",
            "a campaign that you may not see",
        ]
        for user, told in (
            (self.piotr, [*words, "Plain deal"]),
            (self.olga, [f"{MARK} deal", f"{MARK} campaign", "Plain deal"]),
            (self._new_user("clerk", "base.group_user"), [*words, words[0]]),
        ):
            self.env.cr.execute(
                "UPDATE mail_activity SET user_id = %s WHERE id = ANY(%s)",
                [user.id, activities.ids],
            )
            self.env.invalidate_all()
            mine = self.mine(activities, user)
            domain = [("id", "in", activities.ids)]
            with self.subTest(user=user.login):
                for number, read in enumerate(READERS):
                    self.env.invalidate_all()
                    self.assertEqual(read(mine), told, number)
                found = mine.search([*domain, ("res_name", "ilike", MARK)])
                self.assertEqual(bool(found), user == self.olga)
                groups = mine._read_group(domain, ["res_name"])
                self.assertEqual({name for (name,) in groups}, set(told))

    def test_no_number_is_taken_from_its_range(self):
        """Core asks no rule who takes one, and the number begins with the mark."""
        hidden = self.hidden_type.number_sequence_id
        hidden.code = "test.hidden.range"
        self.hidden_type.numbers_per_company = True
        by_company = self.hidden_type._start_company_range(self.company)
        seen = self.seen_type.number_sequence_id
        self.env.flush_all()
        self.env.invalidate_all()
        before = hidden.number_next_actual
        for record in (hidden, by_company):
            mine = self.mine(record)
            for call in (mine.next_by_id, lambda mine=mine: mine.get_next_char(7)):
                with self.refused("top-secret records", AccessError):
                    # As after code that has read the range as superuser.
                    self.assertTrue(record.read())
                    call()
        self.assertFalse(self.mine(hidden.browse()).next_by_code(hidden.code))
        self.env.invalidate_all()
        self.assertEqual(hidden.number_next_actual, before)
        self.assertRegex(self.mine(seen).next_by_id(), "^TEN-")
        self.assertRegex(self.mine(hidden, self.olga).next_by_id(), "^GEHEIM-")

    def test_what_points_to_it_does_not_name_it(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": "2026-01-01 10:00:00",
                "stop": "2026-01-01 11:00:00",
                "opportunity_id": self.hidden.id,
            }
        )
        campaign_type = self.fair_type.copy(
            {"opportunity_type_id": self.hidden_type.id}
        )
        self.env.flush_all()
        for record, field in (
            (event, "opportunity_id"),
            (campaign_type, "opportunity_type_id"),
        ):
            for user, told in ((self.piotr, False), (self.olga, True)):
                self.env.invalidate_all()
                with self.subTest(record._name, user=user.login):
                    (values,) = self.mine(record, user).read([field])
                    self.assertEqual(MARK in str(values[field]), told)

    def test_the_chatter_does_not_name_a_hidden_type(self):
        self.plain = self.plain.with_context(tracking_disable=False)
        self.plain.with_user(self.olga).opportunity_type_id = self.hidden_type
        self.flush_tracking()
        self.plain.with_user(self.olga).opportunity_type_id = False
        self.flush_tracking()
        for user, told in ((self.piotr, False), (self.olga, True)):
            self.env.invalidate_all()
            messages = self.mine(self.plain, user).message_ids
            values = messages.sudo().tracking_value_ids._tracking_value_format()
            with self.subTest(user.login):
                self.assertIn("Opportunity type", str(values))
                self.assertEqual(MARK in str(values), told)

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()

    def test_the_form_names_no_hidden_role_that_is_missing(self):
        hidden_role = self.env["relationship.reference.type"].create(
            {"name": f"{MARK} mole", "see_group_ids": self.secret_group.ids}
        )
        self.env["relationship.planned.role"].create(
            [
                {
                    "opportunity_type_id": self.machine_deal.id,
                    "reference_type_id": role.id,
                    "demand": demand,
                }
                for role in (hidden_role, self.representative_type)
                for demand in ("proposal", "warning")
            ]
        )
        lead = self.new_lead(self.piotr, opportunity_type_id=self.machine_deal.id)
        for user, number in ((self.piotr, 1), (self.olga, 2)):
            self.env.invalidate_all()
            with self.subTest(user.login):
                self.assertEqual(len(self.mine(lead, user).missing_roles), number)
                planned = self.mine(self.machine_deal, user).planned_role_ids
                self.assertEqual(len(planned), 2 * number)
