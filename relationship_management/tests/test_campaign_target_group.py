from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.relationship_management.models import relationship_campaign_freeze

from .test_relationship_campaign import CampaignCase


class TargetGroupCase(CampaignCase):
    """Twenty companies and persons around Poznań, one of each kind of obstacle."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "Fair 2026"})
        cls.campaign = cls.new_campaign(channel="email")
        cls.companies = cls.new_partners(10)

    @classmethod
    def new_partners(cls, number, prefix="Firm", **values):
        return cls.env["res.partner"].create(
            [
                {
                    "name": f"{prefix} {n}",
                    "is_company": True,
                    "email": f"{prefix.lower()}{n}@example.com",
                    "category_id": [Command.set(cls.tag.ids)],
                    **values,
                }
                for n in range(number)
            ]
        )

    @classmethod
    def add_rule(cls, rule=None, campaign=None, **values):
        campaign = campaign or cls.campaign
        if rule is None:
            rule = [("category_id", "in", cls.tag.ids)]
        return (
            cls.env["relationship.campaign.selection"]
            .with_user(cls.anna)
            .create({"campaign_id": campaign.id, "rule": str(rule), **values})
        )

    def freeze(self, campaign=None, user=None, **values):
        campaign = (campaign or self.campaign).with_user(user or self.anna)
        action = campaign.action_freeze()
        wizard = self.env[action["res_model"]].with_user(user or self.anna)
        wizard = wizard.browse(action["res_id"])
        wizard.write(values)
        wizard.action_apply()
        return campaign.last_freeze_id

    def addressee(self, partner, campaign=None):
        return (
            self.env["relationship.campaign.addressee"]
            .search([("campaign_id", "=", (campaign or self.campaign).id)])
            .filtered(lambda a: partner in (a.partner_id, a.contact_id))
        )


@tagged("post_install", "-at_install")
class TestCampaignTargetGroup(TargetGroupCase):
    #

    def test_freezing_twice_makes_no_doubles(self):
        self.add_rule()
        run = self.freeze()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.user_id, self.anna)
        self.assertEqual(run.company_id, self.company)
        self.assertIn("Fair 2026", run.rule_text)
        self.assertEqual(run.counts, {"new": {"": 10}})
        self.assertEqual(self.campaign.addressee_ids.mapped("state"), ["open"] * 10)
        self.assertEqual(self.campaign.addressee_ids.user_id, self.piotr)
        again = self.freeze()
        self.assertEqual(again.counts, {"known": {"": 10}})
        self.assertEqual(len(self.campaign.addressee_ids), 10)

    def test_every_reason_is_told_and_counted(self):
        names = ("archived", "silent", "listed", "refusing", "twin", "twin again")
        archived, silent, listed, refusing, twin, again = self.companies[:6]
        for partner, name in zip(self.companies[:6], names, strict=True):
            partner.name = name
        archived.active = False
        silent.email = False
        self.env["mail.blacklist"].create({"email": listed.email})
        self.env["relationship.consent"].create(
            {
                "partner_id": refusing.id,
                "channel": "email",
                "action": "withdrawn",
                "purpose_id": self.env["relationship.consent.purpose"]
                .create({"name": "Fairs"})
                .id,
            }
        )
        self.campaign.purpose_id = self.env["relationship.consent.purpose"].search(
            [("name", "=", "Fairs")]
        )
        again.email = twin.email.upper()
        foreign = self.new_partners(1, "Leipzig", company_id=self.other_company.id)
        self.add_rule()
        self.anna.sudo().company_ids |= self.other_company
        campaign = self.campaign.with_context(
            allowed_company_ids=[self.company.id, self.other_company.id]
        )
        run = self.freeze(campaign)
        self.assertEqual(
            run.counts,
            {
                "new": {
                    "": 5,
                    "archived": 1,
                    "no_address": 1,
                    "blacklisted": 1,
                    "no_consent": 1,
                    "duplicate": 1,
                    "other_company": 1,
                }
            },
        )
        self.assertEqual(self.addressee(archived).exclusion, "archived")
        self.assertEqual(self.addressee(silent).exclusion, "no_address")
        self.assertEqual(self.addressee(listed).exclusion, "blacklisted")
        self.assertEqual(self.addressee(refusing).exclusion, "no_consent")
        self.assertEqual(self.addressee(twin).state, "open")
        self.assertEqual(self.addressee(again).exclusion, "duplicate")
        self.assertFalse(self.addressee(foreign), "its name would be seen here")
        self.assertIn("5 new, 5 in all", run.summary)
        self.assertIn("6 left out", run.summary)
        self.assertIn("Archived: 1", run.summary)

    def test_the_form_shows_the_addressees_that_were_chosen(self):
        self.companies[0].active = False
        self.add_rule()
        self.freeze()
        campaign = self.campaign.with_user(self.anna)
        self.assertEqual(len(campaign.shown_addressee_ids), 9)
        chosen = campaign.with_context(relationship_addressees="excluded")
        self.assertEqual(chosen.shown_addressee_ids.partner_id, self.companies[0])
        action = chosen.action_view_addressees()
        self.assertTrue(action["context"]["search_default_filter_excluded"])
        nonsense = campaign.with_context(relationship_addressees="nonsense")
        self.assertEqual(nonsense.addressee_tab, "reached")

    def test_without_a_condition_the_step_counts_everybody(self):
        step = self.add_rule([])
        everybody = step.everybody_count
        self.assertGreaterEqual(everybody, 10)
        self.new_partners(3, "More")
        step.invalidate_recordset(["everybody_count"])
        self.assertEqual(step.everybody_count, everybody + 3)
        step.rule = "[('city', '=', 'Poznań')]"
        self.assertEqual(step.everybody_count, 0)

    def test_a_rule_never_finds_technical_partners(self):
        public = new_test_user(self.env, "shop_visitor", groups="base.group_public")
        person = new_test_user(self.env, "eva_portal", groups="base.group_portal")
        shared = new_test_user(self.env, "shared_public", groups="base.group_public")
        shared.partner_id = person.partner_id
        root = self.env.ref("base.user_root")
        technical = (public | root | self.env.ref("base.public_user")).partner_id
        partners = technical | person.partner_id
        partners.email = "who@example.com"
        self.add_rule([("id", "in", partners.ids)])
        run = self.freeze()
        self.assertEqual(run.total, 1)
        self.assertEqual(run.counts, {"new": {"": 1}})
        self.assertTrue(self.addressee(person.partner_id))

    def test_another_company_is_not_even_counted_without_the_right(self):
        self.new_partners(1, "Leipzig", company_id=self.other_company.id)
        self.add_rule()
        self.assertEqual(self.freeze().counts, {"new": {"": 10}})

    def test_only_with_consent(self):
        self.campaign.needs_consent = True
        self.env["relationship.consent"].create(
            {
                "partner_id": self.companies[0].id,
                "channel": "email",
                "action": "given",
            }
        )
        self.add_rule()
        self.assertEqual(self.freeze().counts, {"new": {"": 1, "no_consent": 9}})

    def test_who_has_agreed_is_preferred_where_this_is_needed(self):
        silent, agreeing = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "parent_id": self.companies[0].id,
                    "email": f"{name}@example.com",
                }
                for name in ("silent", "agreeing")
            ]
        )
        self.env["relationship.consent"].with_user(self.anna).create(
            {"partner_id": agreeing.id, "channel": "email", "action": "given"}
        )
        self.add_rule()
        self.freeze()
        self.assertEqual(self.addressee(self.companies[0]).contact_id, silent)
        campaign = self.new_campaign(channel="email", needs_consent=True)
        self.add_rule(campaign=campaign)
        run = self.freeze(campaign)
        self.assertEqual(run.counts, {"new": {"": 1, "no_consent": 9}})
        entered = self.addressee(self.companies[0], campaign)
        self.assertEqual((entered.contact_id, entered.state), (agreeing, "open"))

    def test_consent_is_asked_for_a_channel(self):
        with self.assertRaisesRegex(ValidationError, "Choose the channel"):
            self.new_campaign(channel=False, needs_consent=True)
        self.campaign.needs_consent = True
        with self.assertRaisesRegex(ValidationError, "Choose the channel"):
            self.campaign.channel = False
        campaign_type = self.fair_type.with_user(self.ewa)
        campaign_type.needs_consent = True
        with self.assertRaisesRegex(ValidationError, "Choose the channel"):
            campaign_type.channel = False

    def test_lost_opportunities_came_of_a_campaign_too(self):
        self.add_rule()
        self.freeze()
        self.new_lead(
            self.anna,
            addressee_id=self.addressee(self.companies[0]).id,
            campaign_id=self.campaign.utm_campaign_id.id,
        ).action_set_lost()
        campaign = self.new_campaign(channel="email")
        self.add_rule(
            campaign=campaign,
            source="campaign",
            other_campaign_id=self.campaign.id,
            part="opportunity",
        )
        self.freeze(campaign)
        self.assertEqual(campaign.addressee_ids.target_id, self.companies[0])

    def test_what_a_person_decided_stays(self):
        self.add_rule()
        self.freeze()
        self.addressee(self.companies[0]).action_leave_out()
        self.addressee(self.companies[1]).action_mark_contacted()
        self.companies[1].email = False
        self.companies[2].email = False
        self.freeze()
        self.assertEqual(self.addressee(self.companies[0]).exclusion, "hand")
        self.assertEqual(self.addressee(self.companies[1]).state, "contacted")
        self.assertEqual(self.addressee(self.companies[2]).exclusion, "no_address")
        self.companies[2].email = "back@example.com"
        self.freeze()
        self.assertEqual(self.addressee(self.companies[2]).state, "open")

    def test_persons_and_their_companies_are_one_addressee(self):
        company = self.companies[0]
        first, second = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": company.id, "email": f"{name}@example.com"}
                for name in ("Jan", "Ola")
            ]
        )
        address = self.env["res.partner"].create(
            {"name": "Warehouse", "parent_id": company.id, "type": "delivery"}
        )
        (second | address).category_id = self.tag
        alone = self.env["res.partner"].create(
            {"name": "Maj", "email": "m@example.com", "category_id": self.tag.ids}
        )
        self.add_rule()
        self.freeze()
        self.assertEqual(self.addressee(company).contact_id, second)
        self.assertFalse(self.addressee(first))
        self.assertFalse(self.addressee(alone).partner_id)

    def test_persons_as_they_are(self):
        person = self.env["res.partner"].create(
            {
                "name": "Jan",
                "parent_id": self.companies[0].id,
                "email": "jan@example.com",
                "category_id": self.tag.ids,
            }
        )
        self.campaign.addressing = "person"
        self.add_rule()
        self.freeze()
        self.assertFalse(self.addressee(self.companies[0]).contact_id)
        self.assertFalse(self.addressee(person).partner_id)

    # Rules and sets

    def test_our_own_criteria(self):
        self.companies[0]._give_role("customer")
        self.companies[1].consent_ids = [
            Command.create({"channel": "letter", "action": "given"})
        ]
        for rule, found in (
            ([("role_type_ids.kind", "=", "customer")], self.companies[0]),
            ([("consent_letter", "=", "given")], self.companies[1]),
            ([("related_partner_id", "in", self.stalmet.ids)], None),
        ):
            campaign = self.new_campaign(channel="email")
            self.add_rule([("category_id", "in", self.tag.ids), *rule], campaign)
            self.freeze(campaign)
            self.assertEqual(
                campaign.addressee_ids.partner_id, found or self.env["res.partner"]
            )

    def test_set_operations(self):
        other = self.new_campaign(channel="email")
        self.add_rule(campaign=other)
        self.freeze(other)
        addressees = other.addressee_ids
        addressees[:4].action_mark_contacted()
        yes = self.env.ref("relationship_management.relationship_campaign_response_yes")
        addressees[:2].write({"response_id": yes.id})
        one_to_seven = [("id", "in", self.companies[1:8].ids)]
        for operation, part, count in (
            ("subtract", "contacted", 4),
            ("intersect", "contacted", 3),
            ("intersect", "positive", 1),
            ("intersect", "silent", 2),
            ("subtract", "responded", 6),
            ("add", "all", 10),
            ("intersect", "opportunity", 0),
            ("intersect", "control", 0),
        ):
            with self.subTest(operation=operation, part=part):
                campaign = self.new_campaign(channel="email")
                self.add_rule(one_to_seven, campaign)
                step = self.add_rule(
                    campaign=campaign,
                    operation=operation,
                    source="campaign",
                    other_campaign_id=other.id,
                    part=part,
                    sequence=20,
                )
                self.assertIn("Poznań fair", step.text)
                self.freeze(campaign)
                self.assertEqual(len(campaign.addressee_ids), count)

    def test_broken_rules_are_refused_in_a_sentence(self):
        for rule, sentence in (
            ("[('name', '=',", "cannot be read"),
            ("[('user_id', '=', uid)]", "cannot be read"),
            ("__import__('os')", "cannot be read"),
            ("[('no_such_field', '=', 1)]", "do not have"),
            ("[('create_date', '>', 'the day after')]", "do not have"),
            ("[('id', '=', 1), 'x']", "cannot be read"),
        ):
            with (
                self.subTest(rule=rule),
                self.assertRaisesRegex(ValidationError, sentence),
                self.env.cr.savepoint(),
            ):
                self.env["relationship.campaign.selection"].create(
                    {"campaign_id": self.campaign.id, "rule": rule}
                )

    def test_without_a_rule_there_is_nothing_to_freeze(self):
        with self.assertRaisesRegex(UserError, "no rule yet"):
            self.campaign.action_freeze()
        self.add_rule(operation="subtract")
        with self.assertRaisesRegex(UserError, "begin with"):
            self.campaign.action_freeze()

    def test_rules_in_words(self):
        step = self.add_rule(
            ["|", ("city", "ilike", "Poznań"), ("is_company", "=", True)]
        )
        self.assertEqual(
            step.text, "Add: (City contains “Poznań” or Is a Company is “yes”)"
        )
        step.rule = "[]"
        self.assertEqual(step.text, "Add: everybody, without any condition")

    # Who

    def test_who_may_not_change_the_campaign_does_not_freeze(self):
        self.add_rule()
        for user in (self.jan, self.katrin):
            with self.assertRaises(AccessError):
                self.campaign.with_user(user).action_freeze()
        self.campaign.action_cancel()
        with self.assertRaisesRegex(UserError, "reopen it"):
            self.freeze()

    # Refresh

    def test_refresh_shows_joiners_and_leavers_and_does_what_is_chosen(self):
        self.add_rule()
        self.freeze()
        by_hand = self.env["res.partner"].create({"name": "Hand", "email": "h@x.pl"})
        self.env["relationship.campaign.addressee"].with_user(self.anna).create(
            {"campaign_id": self.campaign.id, "partner_id": by_hand.id}
        )
        joiners = self.new_partners(2, "Joiner")
        leavers = self.companies[:3]
        leavers.category_id = False
        self.addressee(leavers[2]).action_mark_contacted()
        action = self.campaign.with_user(self.anna).action_freeze()
        wizard = self.env[action["res_model"]].with_user(self.anna)
        wizard = wizard.browse(action["res_id"])
        self.assertEqual(wizard.joiner_ids.partner_id, joiners)
        self.assertEqual(wizard.leaver_ids.partner_id, leavers[:2])
        wizard.joiner_ids[0].chosen = False
        wizard.leaver_ids[0].chosen = False
        wizard.apply_leavers = True
        wizard.action_apply()
        self.assertFalse(self.addressee(joiners[0]))
        self.assertEqual(self.addressee(joiners[1]).state, "open")
        self.assertEqual(self.addressee(leavers[0]).state, "open")
        self.assertEqual(self.addressee(leavers[1]).exclusion, "rule")
        self.assertEqual(self.addressee(leavers[2]).state, "contacted")
        self.assertEqual(self.addressee(by_hand).state, "open")
        leavers.category_id = self.tag
        self.freeze()
        self.assertEqual(self.addressee(leavers[1]).state, "open")

    def test_a_dialog_takes_no_run_of_another_campaign(self):
        self.add_rule()
        run = self.campaign.with_user(self.anna)._stage_rule()
        mine = self.new_campaign(title="Mine").with_user(self.anna)
        wizards = self.env["relationship.campaign.refresh"].with_user(self.anna)
        with self.assertRaisesRegex(ValidationError, "on the campaign again"):
            wizards.create({"campaign_id": mine.id, "freeze_id": run.id})
        wizard = wizards.create({"campaign_id": self.campaign.id, "freeze_id": run.id})
        with self.assertRaisesRegex(ValidationError, "on the campaign again"):
            wizard.campaign_id = mine

    def test_a_dialog_takes_no_run_of_a_colleague(self):
        self.add_rule()
        run = self.campaign.with_user(self.anna)._stage_rule()
        wizards = self.env["relationship.campaign.refresh"].with_user(self.piotr)
        values = {"campaign_id": self.campaign.id, "freeze_id": run.id}
        with self.assertRaisesRegex(ValidationError, "on the campaign again"):
            wizards.create(values)
        run.sudo()._start()
        with self.assertRaisesRegex(ValidationError, "on the campaign again"):
            wizards.with_user(self.anna).create(values)

    def test_a_dialog_and_its_lines_are_seen_by_one_person(self):
        self.add_rule()
        action = self.campaign.with_user(self.anna).action_freeze()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        lines = wizard.line_ids
        self.assertEqual(len(lines.with_user(self.anna).search([])), 10)
        self.assertEqual(lines.create_uid, self.anna)
        for user in (self.piotr, self.katrin, self.ewa):
            theirs = lines.with_user(user)
            self.assertFalse(theirs.search([("id", "in", lines.ids)]))
            with self.assertRaises(AccessError):
                theirs.read(["partner_id"])
            with self.assertRaises(AccessError):
                theirs.write({"chosen": False})
            with self.assertRaises(AccessError):
                theirs.create({"refresh_id": wizard.id, "kind": "leave"})

    def test_a_dialog_is_applied_once(self):
        self.add_rule()
        action = self.campaign.with_user(self.anna).action_freeze()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.anna)
        wizard.action_apply()
        with self.assertRaisesRegex(UserError, "applied already"):
            wizard.action_apply()

    def test_leavers_stay_by_default(self):
        self.add_rule()
        self.freeze()
        self.companies.category_id = False
        self.freeze()
        self.assertEqual(self.campaign.addressee_ids.mapped("state"), ["open"] * 10)

    # Control group

    def test_the_control_group_is_held_back_reproducibly(self):
        self.new_partners(90, "Customer")
        self.campaign.control_percent = 20
        self.add_rule()
        run = self.freeze()
        held = self.campaign.addressee_ids.filtered("is_control")
        self.assertEqual(len(held), 20)
        self.assertEqual(set(held.mapped("exclusion")), {"control"})
        self.assertIn("20 held back", run.summary)
        twin = self.new_campaign(channel="email", control_percent=20)
        twin.control_seed = self.campaign.control_seed
        self.add_rule(campaign=twin)
        self.freeze(twin)
        self.assertEqual(
            twin.addressee_ids.filtered("is_control").target_id, held.target_id
        )
        self.new_partners(100, "Late")
        self.freeze()
        self.assertEqual(len(self.campaign.addressee_ids.filtered("is_control")), 40)
        self.assertTrue(all(held.mapped("is_control")))

    # Large groups

    def go_on(self):
        cron = self.env.ref("relationship_management.ir_cron_campaign_freeze")
        with self.enter_registry_test_mode():
            cron.sudo().method_direct_trigger()

    def test_large_groups_go_on_in_the_background(self):
        self.patch(relationship_campaign_freeze, "DIRECT_LIMIT", 3)
        self.add_rule()
        run = self.freeze()
        self.assertEqual((run.state, run.done, run.total), ("running", 0, 10))
        with self.assertRaisesRegex(UserError, "being frozen"):
            self.freeze()
        self.assertEqual(run.sudo()._run_batch(4), 6)
        self.assertEqual((run.done, run.progress), (4, 40))
        self.assertEqual(len(self.campaign.addressee_ids), 4)
        self.go_on()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done), ("done", 10))
        self.assertEqual(run.counts, {"new": {"": 10}})
        self.assertFalse(self.env["relationship.campaign.freeze.item"].search([]))

    def test_a_run_that_fails_says_why_and_can_go_on(self):
        self.patch(relationship_campaign_freeze, "DIRECT_LIMIT", 3)
        self.add_rule()
        run = self.freeze()
        patched = patch.object(
            type(run), "_get_query", side_effect=ValueError("out of luck")
        )
        patched.start()
        self.go_on()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.error), ("failed", "out of luck"))
        self.assertEqual(self.campaign.freeze_error, "out of luck")
        patched.stop()
        run.with_user(self.anna).action_resume()
        self.go_on()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done, run.error), ("done", 10, False))

    def test_a_run_stops_when_its_campaign_is_cancelled(self):
        self.patch(relationship_campaign_freeze, "DIRECT_LIMIT", 3)
        self.add_rule()
        run = self.freeze()
        run.sudo()._run_batch(4)
        self.campaign.with_user(self.anna).action_cancel()
        self.go_on()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done), ("failed", 4))
        self.assertIn("Poznań fair is over", run.error)
        self.assertEqual(len(self.campaign.addressee_ids), 4)
        with self.assertRaisesRegex(UserError, "reopen it"):
            run.with_user(self.anna).action_resume()
        self.campaign.with_user(self.anna).action_reopen()
        run.with_user(self.anna).action_resume()
        self.go_on()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done, run.error), ("done", 10, False))

    def test_doubles_are_found_over_the_batches(self):
        self.companies[9].email = self.companies[0].email
        self.patch(relationship_campaign_freeze, "DIRECT_LIMIT", 3)
        self.add_rule()
        run = self.freeze().sudo()
        while run._run_batch(4):
            pass
        self.assertEqual(run.counts, {"new": {"": 9, "duplicate": 1}})

    def test_who_was_left_out_by_hand_makes_no_doubles_in_any_batch(self):
        self.add_rule()
        self.freeze()
        out = self.addressee(self.companies[0])
        out.action_leave_out()
        twin = self.new_partners(1, "Twin", email=self.companies[0].email)
        self.freeze()
        self.assertEqual(self.addressee(twin).state, "open")
        out.action_take_in()
        self.assertEqual(self.addressee(twin).state, "open")
        self.freeze()
        self.assertEqual(self.addressee(twin).exclusion, "duplicate")
        # Both by hand: one of them is taken in again.
        both = out | self.addressee(twin)
        both.write({"exclusion": "hand"})
        both.action_take_in()
        self.assertEqual(both.mapped("exclusion"), [False, "duplicate"])

    def test_an_archived_campaign_is_not_frozen(self):
        self.add_rule()
        self.campaign.active = False
        with self.assertRaisesRegex(UserError, "restore it"):
            self.freeze()

    def test_nothing_found(self):
        self.add_rule([("name", "=", "Nobody at all")])
        self.assertFalse(self.freeze().counts)

    # The form

    def test_the_form_costs_the_same_for_any_number(self):
        self.add_rule()
        self.freeze()
        campaign = self.campaign.with_user(self.anna)
        specification = {
            "addressee_tab": {},
            "last_freeze_id": {"fields": {"display_name": {}}},
            "freeze_summary": {},
            "shown_addressee_ids": {
                "fields": {
                    "partner_id": {"fields": {"display_name": {}}},
                    "contact_id": {"fields": {"display_name": {}}},
                    "state": {},
                }
            },
        }

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            campaign.web_read(specification)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        self.new_partners(150, "More")
        self.freeze()
        self.assertLessEqual(count(), few)
