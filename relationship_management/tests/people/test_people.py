"""Partners play a role in activities; types of these and of campaigns propose some."""

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..activity.activity_case import ActivityCase
from ..relation.relation_case import MergeCase


class PeopleCase(ActivityCase, MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speaks, cls.decides = cls.env["relationship.reference.type"].create(
            [
                {"name": "Speaker", "kind": "other"},
                {"name": "Decides here", "kind": "decision_maker"},
            ]
        )
        cls.campaign = cls.new_campaign()
        cls.board = cls.env["res.groups"].create({"name": "Board"})

    def enter(self, activity, partner=None, user=None, **values):
        lines = self.env["relationship.reference"].with_user(user or self.anna)
        return lines.create(
            {
                "activity_id": activity.id,
                "partner_id": (partner or self.paktech).id,
                "type_id": self.speaks.id,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestPeopleOfActivities(PeopleCase):
    """By the rules of opportunities and campaigns, for whoever may change it."""

    def test_people_of_every_kind_of_activity(self):
        for where in (
            {"campaign_id": self.campaign.id},
            {"lead_id": self.new_lead().id},
            {"partner_id": self.stalmet.id},
        ):
            with self.subTest(where):
                activity = self.plan(**where)
                activity.reference_ids = [
                    Command.create(
                        {"partner_id": self.paktech.id, "type_id": self.speaks.id}
                    )
                ]
                line = activity.reference_ids
                self.assertEqual(line.company_id, self.company)
                self.assertEqual(line.sudo()._get_document(), activity.sudo())

    def test_who_may_not_change_the_activity_enters_nobody(self):
        mine = self.plan(user=self.piotr, lead_id=self.new_lead(self.piotr).id)
        line = self.enter(mine, user=self.piotr)
        with self.refused("'create' access|'read' access", AccessError):
            self.enter(mine, self.stalmet)
        for change in (
            lambda r: r.write({"note": "Ours"}),
            lambda r: r.unlink(),
        ):
            with self.refused("Partner reference", AccessError):
                change(line.with_user(self.anna))
        # A colleague who sees the campaign, and only looks on there.
        activity = self.plan(campaign_id=self.campaign.id)
        line = self.enter(activity)
        self.assertEqual(line.with_user(self.jan).partner_id, self.paktech)
        with self.refused("not allowed to create 'Partner reference'", AccessError):
            self.enter(activity, self.stalmet, self.jan)

    def test_not_where_the_project_may_not_be_changed(self):
        kind = self.machine_deal.copy({"name": "Kept"})
        lead = self.new_lead(self.piotr, opportunity_type_id=kind.id)
        activity = self.plan(user=self.piotr, lead_id=lead.id)
        line = self.enter(activity, user=self.piotr)
        kind.use_group_ids = self.board
        self.env.invalidate_all()
        self.assertFalse(line.with_user(self.piotr).note)
        for attempt in (
            lambda: self.enter(activity, self.stalmet, self.piotr),
            lambda: line.with_user(self.piotr).write({"note": "No"}),
            lambda: line.with_user(self.piotr).unlink(),
        ):
            with self.refused("You may not change Packing line", AccessError):
                attempt()

    def test_of_a_hidden_activity_nobody_is_seen(self):
        kind = self.new_type("Board")
        line = self.enter(self.plan(type_id=kind.id))
        kind.write({"see_group_ids": self.board.ids, "use_group_ids": self.board.ids})
        self.env.invalidate_all()
        for user in (self.anna, self.piotr, self.jan):
            lines = self.env["relationship.reference"].with_user(user)
            self.assertFalse(lines.search([("id", "=", line.id)]))
            with self.refused("'read' access to", AccessError):
                line.with_user(user).read(["note"])

    def test_linked_companies_see_the_activity_alone(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        activity = self.plan(campaign_id=self.campaign.id)
        self.enter(activity)
        self.env.invalidate_all()
        theirs = activity.with_user(self.katrin)
        self.assertEqual(theirs.name, "Fair")
        self.assertFalse(theirs.reference_ids)

    def test_a_line_belongs_to_one_document(self):
        activity = self.plan()
        sentence = "one opportunity, one campaign or one activity: open that"
        with self.refused(sentence, ValidationError):
            self.enter(activity, campaign_id=self.campaign.id)
        with self.refused(sentence, ValidationError):
            self.enter(activity, lead_id=self.new_lead().id)

    def test_the_same_checks_hold(self):
        activity = self.plan()
        self.enter(activity)
        with self.refused("PakTech already plays the role", ValidationError):
            self.enter(activity)

    def test_outsiders_are_told_and_linked(self):
        self.stalmet.is_company = True
        person = self.env["res.partner"].create({"name": "Jerzy Lis"})
        activity = self.plan()
        line = self.enter(activity, person, type_id=self.decides.id)
        self.assertTrue(line.is_outsider)
        told = [relation["sentence"] for relation in activity.people_relations]
        self.assertEqual(told, ["Jerzy Lis is not linked to Stalmet S.A."])
        context = line.action_link_to_company()["context"]
        self.assertEqual(context["default_other_partner_id"], self.stalmet.id)

    def test_people_of_the_project_are_suggested_first(self):
        self.stalmet.is_company = True
        lead = self.new_lead(partner_id=self.stalmet.id)
        self.env["relationship.reference"].create(
            {
                "lead_id": lead.id,
                "partner_id": self.kranbau.id,
                "type_id": self.decides.id,
                "influence": "3",
            }
        )
        works_for = self.env.ref(
            "relationship_management.relationship_relation_type_works_for"
        )
        self.decides.relation_type_ids = works_for
        person = self.env["res.partner"].create({"name": "Tomasz Rek"})
        self.env["relationship.relation"].create(
            {
                "left_partner_id": person.id,
                "type_id": works_for.id,
                "right_partner_id": self.stalmet.id,
            }
        )
        former = self.plan(partner_id=self.stalmet.id)
        self.enter(former, self.paktech)
        activity = self.plan(lead_id=lead.id)
        first, related, second = activity.suggested_people
        self.assertEqual(related["name"], "Tomasz Rek")
        self.assertEqual(first["name"], self.kranbau.name)
        self.assertEqual(first["reason"], f"in {lead.display_name}")
        self.assertEqual(first["values"]["activity_id"], activity.id)
        self.assertEqual(first["values"]["influence"], "3")
        self.assertEqual(second["name"], "PakTech")
        activity.action_done()
        self.assertFalse(activity.suggested_people, "over")

    def test_no_suggestion_tells_of_people_one_may_not_see(self):
        secret = self.env["relationship.reference.type"].create(
            {"name": "Mole", "kind": "other", "see_group_ids": self.board.ids}
        )
        lead = self.new_lead()
        self.env["relationship.reference"].create(
            {"lead_id": lead.id, "partner_id": self.kranbau.id, "type_id": secret.id}
        )
        self.assertFalse(self.plan(lead_id=lead.id).suggested_people)

    def test_each_person_in_a_role_gets_a_task(self):
        kind = self.new_type(
            "Talk",
            {
                "summary": "Invite {partner}",
                "per": "role",
                "reference_type_id": self.speaks.id,
            },
        )
        person = [
            Command.create({"partner_id": p.id, "type_id": self.speaks.id})
            for p in (self.paktech, self.kranbau)
        ]
        activity = self.plan(type_id=kind.id, reference_ids=person)
        self.assertEqual(
            set(self.tasks(activity).mapped("summary")),
            {f"Invite {self.paktech.name}", f"Invite {self.kranbau.name}"},
        )

    def test_merged_partners(self):
        activity = self.plan(partner_id=self.paktech.id)
        self.enter(activity, self.stalmet, attitude="for", date_from="2026-01-01")
        self.enter(activity, self.double, attitude="against", date_from="2026-01-01")
        self.merge()
        self.assertEqual(activity.reference_ids.partner_id, self.stalmet)
        told = " ".join(activity.sudo().message_ids.mapped("body"))
        self.assertRegex(told, "Not taken over.*Speaker: Stalmet.*Against us")

    def test_a_merge_tells_linked_companies_of_nobody(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        activity = self.plan(campaign_id=self.campaign.id)
        self.enter(activity, self.stalmet, attitude="for", date_from="2026-01-01")
        self.enter(activity, self.double, attitude="against", date_from="2026-01-01")
        self.merge()
        told = " ".join(activity.sudo().message_ids.mapped("body"))
        self.assertNotIn("Stalmet", told)

    def test_they_go_with_the_activity_and_are_not_copied(self):
        activity = self.plan()
        line = self.enter(activity)
        self.assertFalse(activity.copy().reference_ids)
        activity.unlink()
        self.assertFalse(line.exists())

    def test_files_of_the_activity_are_among_theirs(self):
        activity = self.plan()
        self.enter(activity)
        file = self.env["ir.attachment"].create(
            {
                "name": "Slides.txt",
                "raw": b"slides",
                "res_model": activity._name,
                "res_id": activity.id,
            }
        )
        documents = self.env["relationship.document"].with_user(self.anna)
        found = documents.search([("partner_id", "in", self.paktech.ids)])
        self.assertEqual(found.attachment_id, file)

    def test_the_company_of_the_project_takes_nobody_along(self):
        ours = self.env["res.partner"].create(
            {"name": "Our agency", "company_id": self.company.id}
        )
        activity = self.plan(self.piotr, campaign_id=self.campaign.id)
        self.enter(activity, ours, self.piotr)
        boss = self.in_both_companies(self.piotr)
        campaign = self.campaign.with_user(self.piotr).with_context(**boss)
        with self.refused("company inconsistencies"):
            campaign.company_id = self.other_company

    def test_any_number_of_forms_costs_the_same(self):
        def ask(count):
            activities = self.env["relationship.activity"].browse()
            for _n in range(count):
                activity = self.plan()
                self.enter(activity)
                activities |= activity
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            activities.mapped("people_relations")
            activities.mapped("proposed_roles")
            return self.cr.sql_log_count - before

        ask(1)
        self.assertLessEqual(ask(8), ask(2) + 2)


@tagged("post_install", "-at_install")
class TestProposedRoles(PeopleCase):
    """A type of campaigns or activities says who usually plays a role."""

    def propose(self, kind, role=None, **values):
        field = f"{kind._name.split('.')[1]}_type_id"
        lines = self.env["relationship.planned.role"].with_user(self.ewa)
        return lines.create(
            {
                field: kind.id,
                "reference_type_id": (role or self.speaks).id,
                **values,
            }
        )

    def test_a_grey_line_until_somebody_is_entered(self):
        self.propose(self.visit)
        self.propose(self.fair_type)
        for document in (self.plan(), self.campaign):
            with self.subTest(document._name):
                [role] = document.proposed_roles
                self.assertEqual((role["name"], role["count"]), ("Speaker", 1))
                self.assertEqual(role["field"], document._people_field)
                document.reference_ids = [
                    Command.create(
                        {"partner_id": self.paktech.id, "type_id": self.speaks.id}
                    )
                ]
                self.assertFalse(document.proposed_roles)

    def test_so_many_different_people(self):
        self.propose(self.visit, minimum=3)
        activity = self.plan()
        self.enter(activity)
        [role] = activity.proposed_roles
        self.assertEqual(role["count"], 2)

    def test_a_form_shows_those_of_the_type_that_is_chosen(self):
        self.propose(self.visit)
        other = self.new_type("Other")
        form = Form(self.env["relationship.activity"].with_user(self.anna))
        form.partner_id = self.stalmet
        form.type_id = self.visit
        self.assertEqual(form.proposed_roles[0]["name"], "Speaker")
        form.type_id = other
        self.assertFalse(form.proposed_roles)

    def test_nothing_is_proposed_where_all_is_over(self):
        self.propose(self.visit)
        activity = self.plan()
        activity.action_cancel()
        self.assertFalse(activity.proposed_roles)

    def test_hidden_and_archived_roles_are_not_named(self):
        hidden, former = self.env["relationship.reference.type"].create(
            [
                {"name": "Mole", "kind": "other", "see_group_ids": self.board.ids},
                {"name": "Former", "kind": "other"},
            ]
        )
        for role in (hidden, former):
            lines = self.env["relationship.planned.role"]
            lines.create(
                {"activity_type_id": self.visit.id, "reference_type_id": role.id}
            )
        former.active = False
        self.assertFalse(self.plan().proposed_roles)

    def test_one_line_is_about_one_type(self):
        sentence = "belongs to one type: enter it at each type"
        with self.refused(sentence, ValidationError):
            self.propose(self.visit, campaign_type_id=self.fair_type.id)
        with self.refused(sentence, ValidationError):
            self.propose(self.visit, opportunity_type_id=self.machine_deal.id)
        with self.refused(sentence, ValidationError):
            self.propose(self.fair_type, stage_id=self.stages[0].id)
        for demand in ("warning", "block"):
            with self.refused("let campaigns and activities propose"):
                self.propose(self.visit, demand=demand)

    def test_deals_are_asked_for_nobody_by_other_types(self):
        self.propose(self.visit)
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertFalse(lead.proposed_roles)
        self.assertFalse(lead.missing_roles)

    def test_a_copied_type_proposes_the_same(self):
        self.propose(self.visit)
        copy = self.visit.with_user(self.ewa).copy()
        self.assertEqual(copy.planned_role_ids.reference_type_id, self.speaks)
        self.visit.with_user(self.ewa).copy_data()
        copy.unlink()
        self.assertEqual(self.visit.planned_role_ids.reference_type_id, self.speaks)

    def test_of_another_company_nothing_is_planned(self):
        role = self.env["relationship.reference.type"].create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        self.visit.company_id = self.company
        with self.refused("company inconsistencies|ompan"):
            self.propose(self.visit.sudo(), role.sudo())
