from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..secret_case import MARK, SecretCase

BAD_DAYS = (
    ("date_deadline", "4713-01-01 BC"),
    ("date_deadline", "5874897-01-01"),
    ("write_date", "4713-01-01 BC"),
    ("write_date", "294276-01-01"),
)


@tagged("post_install", "-at_install")
class TestHistoryTellsNoSecrets(SecretCase):
    """The history names what the person who reads it may see, and nothing else."""

    def timeline(self, user, lead):
        self.env.flush_all()
        self.env.invalidate_all()
        history = self.env["relationship.opportunity.history"].with_user(user)
        return str(history.get_timeline(lead.id)), str(
            history.search([("opportunity_id", "=", lead.id)]).mapped("summary")
        )

    def test_every_name_is_told_to_those_alone_who_see_what_bears_it(self):
        partner, rival = self.env["res.partner"].create(
            [{"name": f"{MARK} customer"}, {"name": f"{MARK} rival"}]
        )
        role = self.competitor_type.copy({"name": f"{MARK} role"})
        team = self.env["crm.team"].create({"name": f"{MARK} team"})
        kind = self.machine_deal.copy({"name": f"{MARK} kind", "code": "GHK"})
        lead = self.new_lead(
            self.anna,
            partner_id=partner.id,
            team_id=team.id,
            opportunity_type_id=kind.id,
            reference_ids=[
                Command.create({"partner_id": rival.id, "type_id": role.id})
            ],
        )
        with self.step():
            lead.expected_revenue = 7
        team.name = f"{MARK} new team"
        self.env.flush_all()
        self.env["relationship.former.name"].invalidate_model()
        for table, ids in (
            ("res_partner", (partner | rival).ids),
            ("crm_team", team.ids),
            ("relationship_reference_type", role.ids),
            ("relationship_opportunity_type", kind.ids),
        ):
            self.env.cr.execute(
                f"UPDATE {table} SET company_id = %s WHERE id = ANY(%s)",
                [self.other_company.id, ids],
            )
        for text in self.timeline(self.ewa, lead):
            self.assertNotIn(MARK, text)
        text = self.timeline(self.ewa, lead)[0]
        self.assertIn("somebody whom you may not see", text)
        self.assertIn("something that you may not see", text)
        self.assertIn(f"{MARK} customer", self.timeline(self.env.user, lead)[0])

    def test_people_of_hidden_types_and_hidden_people_are_left_out(self):
        """Whom the lead's people hide, its history does not tell: no word stands in."""
        hidden_type = self.competitor_type.copy(
            {
                "name": f"{MARK} role",
                "see_group_ids": [Command.set(self.secret_group.ids)],
            }
        )
        person, stranger, open_one = self.env["res.partner"].create(
            [
                {"name": f"{MARK} insider"},
                {"name": "Foreign", "company_id": self.other_company.id},
                {"name": "Open One"},
            ]
        )
        lead = self.new_lead(self.anna).sudo()
        lines = [(person, hidden_type, 3), (open_one, self.competitor_type, 2)]
        with self.step():
            lead.reference_ids = [
                Command.create(
                    {"partner_id": who.id, "type_id": role.id, "influence": str(how)}
                )
                for who, role, how in lines
            ]
        with self.step():
            self.env.cr.execute(
                "UPDATE relationship_reference SET partner_id = %s WHERE id = %s",
                [stranger.id, lead.reference_ids[1].id],
            )
        with self.step():
            lead.reference_ids[0].influence = "1"
        history = self.env["relationship.opportunity.history"].with_user(self.anna)
        for text in self.timeline(self.anna, lead):
            self.assertIn("Open One", text)
            for word in (MARK, "may not see", "Foreign"):
                self.assertNotIn(word, text)
        self.assertIn(f"{MARK} insider", self.timeline(self.olga, lead)[0])
        rows = history.search([("opportunity_id", "=", lead.id)])
        for what in (
            lambda: rows.read(["reference_lines"]),
            lambda: history.search([("reference_lines", "=like", "%type_id%")]),
            lambda: history._read_group([], ["reference_lines"]),
            lambda: rows.web_read({"reference_lines": {}}),
        ):
            with self.refused("reference_lines", AccessError):
                what()

    def test_days_that_only_postgresql_reads_stop_no_timeline(self):
        lead = self.new_lead(self.anna, expected_revenue=10)
        for column, day in BAD_DAYS:
            with self.subTest(column=column, day=day):
                self.env.flush_all()
                self.env.cr.execute(
                    f"UPDATE crm_lead SET {column} = %s WHERE id = %s", [day, lead.id]
                )
                self.assertIn("Packing", self.timeline(self.anna, lead)[0])

    def test_amounts_that_are_no_numbers_stop_no_timeline(self):
        lead = self.new_lead(self.anna, expected_revenue=10)
        for amount in ("NaN", "Infinity", "-Infinity"):
            with self.subTest(amount=amount):
                self.tick()
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE crm_lead SET expected_revenue = %s WHERE id = %s",
                    [amount, lead.id],
                )
                text = self.timeline(self.anna, lead)[0]
                self.assertNotRegex(text, r"(?i)\bnan\b|\binf")
                explained = lead.with_user(self.anna).forecast_explanation
                self.assertNotRegex(explained, r"(?i)\bnan\b|\binf")
