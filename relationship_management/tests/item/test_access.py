"""Everybody sees the rows of what they may read, and no other."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_mirror import ItemCase


@tagged("post_install", "-at_install")
class TestItemAccess(ItemCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret = cls.new_type("Secret visit", {"summary": "Whisper"})
        cls.hidden = cls.plan(name="Hidden", type_id=cls.secret.id)
        cls.of_lead = cls.plan(
            name="Hidden too", type_id=cls.secret.id, lead_id=cls.lead.id
        )
        cls.secret.see_group_ids = cls.env.ref("sales_team.group_sale_manager")
        cls.of_piotr = cls.new_lead(
            name="Of Piotr", partner_id=cls.paktech.id, user_id=cls.piotr.id
        )
        cls.of_leipzig = cls.new_lead(
            name="Leipzig",
            user_id=cls.katrin.id,
            company_id=cls.other_company.id,
        )
        cls.env.flush_all()

    def find(self, user, model):
        rows = self.items.with_user(user).search([("source", "=", model)])
        return sorted(row.source_id for row in rows)

    def test_it_is_what_they_find_in_the_sources(self):
        for user in (self.anna, self.piotr, self.ewa, self.jan, self.katrin):
            for model in self.items._get_sources():
                with self.subTest(f"{user.login} {model}"):
                    records = self.env[model].with_user(user)
                    records = records.with_context(active_test=False)
                    there = self.items.search([("source", "=", model)])
                    expected = records.browse()
                    if records.has_access("read"):
                        ids = there.mapped("source_id")
                        expected = records.search([("id", "in", ids)])
                    if model == "mail.activity":
                        expected = expected.filtered(self._names_nothing_hidden)
                    if model == "res.partner":
                        expected &= self.find_named(user)
                    self.assertEqual(self.find(user, model), sorted(expected.ids))

    def forbid(self, model):
        """Take away the right to read a model, as an administrator can."""
        lines = self.env["ir.model.access"].search([("model_id.model", "=", model)])
        lines.perm_read = False
        self.env.invalidate_all()

    def test_no_task_is_told_to_who_may_read_none(self):
        [task] = self.tasks(self.plan(lead_id=self.lead.id, name="Told"))[:1]
        self.assertIn(task.id, self.find(self.anna, "mail.activity"))
        [row] = self.items.search(
            [("source", "=", "mail.activity"), ("source_id", "=", task.id)]
        )
        self.forbid("mail.activity")
        self.assertFalse(self.find(self.anna, "mail.activity"))
        self.assertTrue(self.find(self.anna, "relationship.activity"))
        with self.refused("have 'read' access", AccessError):
            row.with_user(self.anna).read(["name"])

    def test_each_source_that_nobody_may_read_takes_only_its_own_rows_away(self):
        anna = self.items.with_user(self.anna)
        for model in self.items._get_sources():
            with self.subTest(model), self.env.cr.savepoint() as savepoint:
                before = anna.search([])
                self.forbid(model)
                left = anna.search([])
                self.assertFalse(left.filtered(lambda row, m=model: row.source == m))
                self.assertFalse(left - before)
                self.assertTrue(left)
                savepoint.rollback()
                self.env.registry.clear_all_caches()
                self.env.invalidate_all()

    def test_tasks_of_no_activity_are_told_to_who_may_read_no_activity(self):
        plain = self.lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.anna.id
        )
        [ours] = self.tasks(self.plan(lead_id=self.lead.id, name="Ours"))[:1]
        self.forbid("relationship.activity")
        found = self.find(self.anna, "mail.activity")
        self.assertIn(plain.id, found)
        self.assertNotIn(ours.id, found)

    def test_a_page_reads_no_more_than_its_rows(self):
        """No table is joined for a rule: all rows would be read before the first."""
        for user in (self.anna, self.piotr, self.ewa, self.jan, self.katrin):
            with self.subTest(user.login):
                query = self.items.with_user(user)._search([], limit=80)
                self.assertNotIn("JOIN", query.from_clause.code)

    def find_named(self, user):
        """Return the partners of what the user may read."""
        partners = self.env["res.partner"]
        for model in ("crm.lead", "relationship.reference"):
            records = self.env[model].with_user(user).with_context(active_test=False)
            if records.has_access("read"):
                found = records.search([]).sudo()
                if model == "crm.lead":
                    found = found.filtered(lambda lead: lead.type == "opportunity")
                else:
                    ids = self.find(user, model)
                    found = found.browse(ids)
                    partners |= found.contact_id
                partners |= found.partner_id
        return partners.with_user(user)

    def _names_nothing_hidden(self, task):
        record = task.env[task.res_model].browse(task.res_id)
        bracket = task.sudo().relationship_activity_id.with_env(task.env)
        return record.has_access("read") and (not bracket or bracket.has_access("read"))

    def test_ones_own_task_tells_nothing_of_what_is_hidden(self):
        """It stands in one's day, where nothing hidden is named."""
        task = self.tasks(self.hidden)
        self.assertEqual(task.user_id, self.anna)
        self.assertNotIn(task.id, self.find(self.anna, "mail.activity"))
        of_piotr = self.of_piotr.activity_schedule(
            "mail.mail_activity_data_todo", summary="Help", user_id=self.piotr.id
        )
        of_piotr.user_id = self.anna
        self.assertTrue(of_piotr.with_user(self.anna).has_access("read"))
        self.assertNotIn(of_piotr.id, self.find(self.anna, "mail.activity"))
        self.assertIn(of_piotr.id, self.find(self.piotr, "mail.activity"))

    def test_by_their_ids_no_more_is_read(self):
        for user in (self.anna, self.jan, self.katrin):
            rows = self.items.search([])
            found = self.items.with_user(user).search([])
            hidden = rows - found
            self.assertTrue(hidden)
            for row in hidden[:20]:
                row.name  # noqa: B018 (in the cache of the transaction)
                with self.refused("may not read|have 'read' access", AccessError):
                    row.with_user(user).read(["name"])
                with self.refused("may not read the record", AccessError):
                    row.with_user(user).action_open()
            self.assertEqual(
                found.with_user(user).read(["id"])[:1], [{"id": found[0].id}]
            )
            groups = self.items.with_user(user)._read_group([], ["kind"], ["__count"])
            self.assertEqual(sum(count for _kind, count in groups), len(found))

    def test_nobody_writes_it(self):
        row = self.rows(self.lead).with_user(self.ewa)
        for change in (
            lambda: row.write({"name": "Other"}),
            row.unlink,
            lambda: row.create({"kind": "task", "source": "crm.lead", "source_id": 1}),
        ):
            with self.refused("You are not allowed to", AccessError):
                change()

    def test_a_task_of_others_at_what_one_may_not_plan(self):
        """Core hides it, although rules alone would let Jan change the activity."""
        activity = self.plan(campaign_id=self.fair.id)
        task = activity.activity_schedule(
            "mail.mail_activity_data_todo", summary="Whisper", user_id=self.ewa.id
        )
        self.env.flush_all()
        for user in (self.jan, self.anna, self.ewa):
            tasks = self.env["mail.activity"].with_user(user)
            found = tasks.search([("id", "=", task.id)]).ids
            self.assertEqual(bool(found), user != self.jan)
            self.assertEqual(task.id in self.find(user, "mail.activity"), bool(found))

    def add_rule(self, model, domain, *operations):
        rule = self.env["ir.rule"].create(
            {
                "name": "Of a customer",
                "model_id": self.env["ir.model"]._get_id(model),
                "domain_force": str(domain),
                **{
                    f"perm_{name}": name in (operations or ("read",))
                    for name in ("read", "write", "create", "unlink")
                },
            }
        )
        self.env.flush_all()
        return rule

    def test_a_rule_that_somebody_adds_holds_for_all_that_tells_of_it(self):
        task = self.lead.activity_schedule(user_id=self.anna.id)
        rival = self.rival.lead_id
        (self.lead | rival).priority = "3"
        mine = [("source", "=", "relationship.reference")]
        self.assertTrue(self.items.with_user(self.piotr).search(mine))
        self.add_rule("crm.lead", [("priority", "!=", "3")])
        for user in (self.piotr, self.anna):
            self.assertNotIn(self.lead.id, self.find(user, "crm.lead"))
            self.assertNotIn(task.id, self.find(user, "mail.activity"))
            self.assertFalse(self.items.with_user(user).search(mine))

    def test_a_rule_through_what_is_archived_holds(self):
        tag = self.env["res.partner.category"].create({"name": "Secret"})
        self.stalmet.category_id = tag
        self.add_rule(
            "crm.lead",
            [("partner_id", "not any", [("category_id.name", "=", "Secret")])],
        )
        self.assertNotIn(self.lead.id, self.find(self.piotr, "crm.lead"))
        tag.active = False
        self.env.flush_all()
        leads = self.env["crm.lead"].with_user(self.piotr)
        self.assertFalse(leads.search([("id", "=", self.lead.id)]))
        self.assertNotIn(self.lead.id, self.find(self.piotr, "crm.lead"))

    def test_pivots_count_what_one_may_analyse(self):
        board = self.env["res.groups"].create({"name": "Board"})
        self.lead.opportunity_type_id = self.machine_deal
        task = self.lead.activity_schedule(user_id=self.anna.id)
        rows = self.rows(self.lead) | self.rows(task)
        rows |= self.rows(self.activity) | self.rows(self.rival)
        ids = [("id", "in", rows.ids)]

        def count():
            items = self.items.with_user(self.anna)
            items.invalidate_model(["may_analyse"])
            listed = items.search(ids)
            self.assertEqual(len(listed), len(rows))
            ((number,),) = (
                list(group.values())[-1:]
                for group in items.formatted_read_group(ids, [], ["__count"])
            )
            counted = listed.filtered("may_analyse")
            self.assertEqual(number, len(counted))
            self.assertEqual(items.search([*ids, ("may_analyse", "=", True)]), counted)
            return counted

        self.assertEqual(count(), rows)
        self.machine_deal.analyse_group_ids = board
        self.assertEqual(count(), rows - self.rows(self.lead) - self.rows(task))
        self.activity.type_id.sudo().analyse_group_ids = board
        self.competitor_type.analyse_group_ids = board
        self.assertFalse(count())

    def test_a_partner_is_there_for_whoever_sees_why(self):
        """Not because of what is hidden from him, in whichever role."""
        partner = self.stalmet.copy({"name": "Shared", "company_id": False})
        rows = self.items.search_count(
            [("source", "=", "res.partner"), ("source_id", "=", partner.id)]
        )
        self.assertFalse(rows)
        hidden = self.machine_deal.copy(
            {"see_group_ids": self.env.ref("sales_team.group_sale_manager").ids}
        )
        lead = self.new_lead(
            name="Hidden", partner_id=partner.id, opportunity_type_id=hidden.id
        )
        people = (self.anna, self.jan, self.katrin)
        for user in people:
            self.assertNotIn(partner.id, self.find(user, "res.partner"), user.login)
            self.assertFalse(
                self.items.with_user(user).search_count(
                    [("partner_id", "=", partner.id)]
                )
            )
        self.assertIn(partner.id, self.find(self.ewa, "res.partner"))
        lead.opportunity_type_id = self.machine_deal
        self.env.flush_all()
        sees = [user for user in people if partner.id in self.find(user, "res.partner")]
        self.assertEqual(sees, [self.anna])
