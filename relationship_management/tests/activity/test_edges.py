from datetime import timedelta

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .activity_case import ActivityCase


@tagged("post_install", "-at_install")
class TestEdges(ActivityCase):
    """Days beyond the calendar are refused with a sentence, and asked for quickly."""

    def test_distances_that_are_slips_of_the_fingers(self):
        template = self.visit.template_ids[0]
        self.visit.result_ids = [Command.create({"name": "Sold"})]
        for record, field, values in (
            (template, "delay_count", (3651, -3651, 10**9)),
            (self.visit, "duration_days", (3651, 2**31 - 1)),
            (self.visit.result_ids, "next_days", (3651, 2**31 - 1)),
        ):
            for value in values:
                with (
                    self.subTest(field, value=value),
                    self.refused("” is at most 3650: enter a smaller number"),
                ):
                    record[field] = value
            record[field] = 3650

    def test_no_working_day_from_a_weekend_on(self):
        """The day itself, the next working day, or before it the last one."""
        template = self.visit.template_ids[0]
        template.write({"delay_unit": "working_days", "delay_count": 0})
        monday = self.today + timedelta(days=21 - self.today.weekday())
        for hours in ("with", "without"):
            if hours == "without":
                self.company.resource_calendar_id.attendance_ids.unlink()
            for direction, start, due in (
                *(("after_plan_date", day, day) for day in (0, 4)),
                *(("before_plan_date", day, day) for day in (0, 4)),
                *(("after_plan_date", day, 7) for day in (5, 6)),
                *(("before_plan_date", day, 4) for day in (5, 6)),
            ):
                with self.subTest(hours, direction=direction, start=start):
                    template.delay_from = direction
                    activity = self.plan(date_from=monday + timedelta(days=start))
                    self.assertEqual(
                        self.tasks(activity)[0].date_deadline,
                        monday + timedelta(days=due),
                    )

    def test_a_calendar_without_hours_is_not_searched(self):
        calendar = self.company.resource_calendar_id
        calendar.attendance_ids.unlink()
        searched = []
        self.patch(type(calendar), "plan_days", lambda *args, **kw: searched.append(1))
        self.visit.template_ids.write({"delay_unit": "working_days", "delay_count": 3})
        self.assertEqual(len(self.tasks(self.plan())), 2)
        self.assertFalse(searched)

    def test_days_that_are_asked_for_together_are_those_one_by_one(self):
        """Holidays, odd hours and zones, and a calendar that says nothing, too."""
        companies = self.env["res.company"].with_company(self.company)
        calendar = self.company.resource_calendar_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holidays",
                "calendar_id": calendar.id,
                "date_from": self.today + timedelta(days=20),
                "date_to": self.today + timedelta(days=47),
            }
        )
        for words, change in (
            ("with holidays", {}),
            ("far away", {"tz": "Pacific/Kiritimati"}),
            ("days from end to end", {"tz": "Pacific/Pago_Pago"}),
            ("without hours", {"attendance_ids": [Command.clear()]}),
        ):
            if words == "days from end to end":
                calendar.attendance_ids.write({"hour_from": 0, "hour_to": 24})
            calendar.write(change)
            for start in range(7):
                with self.subTest(words, start=start):
                    before = day = self.today + timedelta(days=start)
                    days = companies._list_working_days(day)
                    self.assertGreaterEqual(len(days), 1)
                    for found in days:
                        day = companies._move_working_days(day, 1)
                        self.assertEqual(found, day)
                    self.assertLess(before, days[0])

    def test_delivered_tasks_are_said_in_the_language_of_who_plans(self):
        kind = self.env.ref("relationship_management.relationship_activity_type_call")
        for lang, said in (
            ("pl_PL", "Zadzwonić: Stalmet S.A."),
            ("en_US", "Call Stalmet S.A."),
        ):
            self.env["res.lang"]._activate_lang(lang)
            activity = (
                self.env["relationship.activity"]
                .with_user(self.anna)
                .with_context(lang=lang)
                .create({"type_id": kind.id, "partner_id": self.stalmet.id})
            )
            self.assertEqual(self.tasks(activity).mapped("summary"), [said])

    def test_a_line_of_a_task_opens_no_form_of_core(self):
        """Its buttons do nothing there."""
        view = self.env["relationship.activity"].with_user(self.anna).get_view()
        tasks = etree.fromstring(view["arch"]).find(".//field[@name='task_ids']")
        self.assertEqual(tasks.find("list").get("no_open"), "1")
        self.assertEqual(tasks.find("kanban").get("can_open"), "0")
        for kind in ("list", "kanban"):
            self.assertIsNotNone(tasks.find(f"{kind}//button[@name='action_done']"))

    def test_colleagues_of_a_person_are_offered_as_contact_persons(self):
        """An opportunity mostly names a person, and not the company."""
        person, colleague = self.env["res.partner"].create(
            [{"name": name, "parent_id": self.stalmet.id} for name in ("Ola", "Jacek")]
        )
        alone = self.env["res.partner"].create({"name": "Zofia"})
        view = self.env["relationship.activity"].with_user(self.anna).get_view()
        node = etree.fromstring(view["arch"]).find(".//field[@name='contact_id']")
        for partner, offered in (
            (person, self.stalmet | person | colleague),
            (self.stalmet, self.stalmet | person | colleague),
            (alone, alone),
        ):
            with self.subTest(partner.name):
                activity = self.plan(partner_id=partner.id)
                values = activity.read(
                    ["partner_id", "commercial_partner_id"], load=None
                )[0]
                domain = safe_eval(node.get("domain"), values)
                found = self.env["res.partner"].with_user(self.anna).search(domain)
                self.assertEqual(found, offered)
                activity.contact_id = offered[-1]
                self.assertEqual(activity.contact_id, offered[-1])

    def test_no_new_work_for_a_campaign_that_is_over(self):
        campaign = self.new_campaign().sudo()
        for over in ("completed", "cancelled"):
            campaign.state = over
            with self.refused("is over: reopen it to plan activities", UserError):
                self.plan(campaign_id=campaign.id)
        campaign.state = "in_progress"
        self.assertTrue(self.plan(campaign_id=campaign.id))


@tagged("post_install", "-at_install")
class TestForms(ActivityCase):
    """What a form proposes, and what it may not be asked."""

    def test_another_opportunity_brings_its_own_partner_and_responsible(self):
        leads = self.new_lead() | self.new_lead(partner_id=self.paktech.id)
        leads = leads.sudo()  # one of them is not Anna's any more
        leads[0].user_id, leads[1].user_id = self.anna, self.ewa
        form = Form(self.env["relationship.activity"].with_user(self.ewa))
        form.type_id = self.visit
        for lead in leads:
            form.lead_id = lead
            self.assertEqual(form.partner_id, lead.partner_id)
            self.assertEqual(form.user_id, lead.user_id)
        self.visit.user_id = self.piotr
        form = Form(self.env["relationship.activity"].with_user(self.ewa))
        form.type_id = self.visit
        form.lead_id = leads[0]
        self.assertEqual(form.user_id, self.piotr)

    def test_a_task_names_the_partner_where_there_is_no_project(self):
        """A partner alone has none; whatever else there is goes by its own name."""
        talk = self.new_type("Talk", {"summary": "Prepare {project}"})
        lead = self.new_lead(partner_id=self.kranbau.id)
        alone = self.plan(type_id=talk.id, partner_id=self.stalmet.id)
        deal = self.plan(type_id=talk.id, lead_id=lead.id)
        self.assertEqual(
            self.tasks(alone | deal).mapped("summary"),
            ["Prepare Stalmet S.A.", "Prepare Packing line"],
        )

    def test_what_nobody_can_read_is_refused_in_words(self):
        showing = self.new_type("Test showing", is_meeting=True)
        for name, values in (
            ("meeting_start", ("abc", [1], {"x": 1})),
            ("date_from", ([1], "31.12.2026")),
            ("meeting_hours", ("x", [1])),
        ):
            for value in values:
                given = {"type_id": showing.id, "meeting_start": "2031-07-07 08:00:00"}
                with self.refused("cannot be read for the field", ValidationError):
                    self.plan(**{**given, name: value})
                activity = self.plan(**given)
                with self.refused("cannot be read for the field", ValidationError):
                    activity.write({name: value})


@tagged("post_install", "-at_install")
class TestDocuments(ActivityCase):
    """What a type hands out, at every activity of it, for who sees the type."""

    def new_document(self, user=None, **values):
        documents = self.env["ir.attachment"].with_user(user or self.ewa)
        return documents.create({"name": "report.txt", "raw": b"Who? When?", **values})

    def test_an_activity_offers_the_documents_of_its_type(self):
        document = self.new_document()
        self.visit.with_user(self.ewa).document_ids = document
        activity = self.plan()
        self.env.invalidate_all()
        (values,) = activity.web_read({"document_ids": {"fields": {"name": {}}}})
        self.assertEqual([d["name"] for d in values["document_ids"]], ["report.txt"])
        self.assertEqual(document.with_user(self.anna).raw, b"Who? When?")

    def test_a_document_of_another_record_stays_there(self):
        document = self.new_document(res_model="res.partner", res_id=self.stalmet.id)
        kind = self.new_type("Talk").with_user(self.ewa)
        kind.document_ids = document
        self.assertEqual(document.res_id, self.stalmet.id)
        self.assertNotIn(document, kind.document_ids)
        self.assertEqual(kind.document_ids.raw, b"Who? When?")

    def test_a_document_that_is_hidden_is_not_taken(self):
        hidden = self.new_document(user=self.piotr)
        with self.refused("not allowed to access", AccessError):
            self.visit.with_user(self.ewa).document_ids = hidden

    def test_a_copied_type_has_documents_of_its_own(self):
        kind = self.visit.with_user(self.ewa)
        kind.document_ids = self.new_document()
        copied = kind.copy()
        self.assertTrue(copied.document_ids)
        self.assertFalse(copied.document_ids & kind.document_ids)
        kind.document_ids.unlink()
        self.assertEqual(copied.document_ids.raw, b"Who? When?")

    def test_who_sees_the_activity_and_not_its_type_opens_it(self):
        self.visit.with_user(self.ewa).document_ids = self.new_document()
        campaign = self.new_campaign()
        campaign.sudo().relationship_linked_company_ids = self.other_company
        activity = self.plan(campaign_id=campaign.id)
        self.visit.sudo().company_id = self.company
        self.env.flush_all()
        self.env.invalidate_all()
        (values,) = activity.with_user(self.katrin).web_read(
            {"name": {}, "document_ids": {"fields": {"name": {}}}}
        )
        self.assertEqual((values["name"], values["document_ids"]), ("Fair", []))


@tagged("post_install", "-at_install")
class TestAnotherCompany(ActivityCase):
    """Nothing that belongs to one company alone is taken along to another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        both = cls.company | cls.other_company
        (cls.anna | cls.ewa).write({"company_ids": [(6, 0, both.ids)]})
        cls.ours = cls.new_type(
            "Poznań visit", {"summary": "Go"}, company_id=cls.company.id
        )

    def setUp(self):
        super().setUp()
        self.lead = self.new_lead()

    def move(self, record):
        record.with_user(self.ewa).company_id = self.other_company

    def test_an_opportunity_takes_no_type_along(self):
        activity = self.plan(lead_id=self.lead.id, type_id=self.ours.id)
        activity.action_cancel()
        activity.active = False
        with self.refused("“Activity type” .*'Poznań visit'.* another company"):
            self.move(self.lead)
        activity.active = True
        activity.type_id = self.visit
        self.move(self.lead)
        self.assertEqual(activity.company_id, self.other_company)

    def test_a_hidden_type_is_not_named(self):
        self.plan(lead_id=self.lead.id, type_id=self.ours.id)
        group = self.env["res.groups"].create({"name": "Few"})
        self.anna.group_ids |= group
        self.ours.see_group_ids = group
        self.piotr.company_ids |= self.other_company
        with self.refused("Something that you may not see stands") as caught:
            self.lead.with_user(self.piotr).company_id = self.other_company
        self.assertNotIn("Poznań visit", str(caught.exception))

    def test_an_opportunity_takes_no_partner_along(self):
        ours = self.kranbau.copy({"name": "Ours", "company_id": self.company.id})
        person = self.kranbau.copy({"name": "Jan", "parent_id": ours.id})
        for values in (
            {"partner_id": ours.id},
            {"partner_id": ours.id, "contact_id": person.id},
        ):
            activity = self.plan(lead_id=self.lead.id, **values)
            with self.refused("company inconsistencies"):
                self.move(self.lead)
            activity.unlink()
        self.move(self.lead)

    def test_a_campaign_takes_no_type_along(self):
        campaign = self.new_campaign(user_id=self.anna.id)
        self.plan(campaign_id=campaign.id, type_id=self.ours.id)
        with self.refused("“Activity type” .*'Poznań visit'.* another company"):
            self.move(campaign)

    def test_no_result_proposes_a_type_of_another_company(self):
        """Neither one that is hidden now, nor one that could not be saved here."""
        context = self.in_both_companies(self.anna)
        theirs = self.new_type("Secret visit", company_id=self.other_company.id)
        ours = self.new_type("Our visit", company_id=self.company.id)
        result = self.env["relationship.activity.result"].create(
            {"name": "Ordered", "type_id": self.visit.id, "next_type_id": theirs.id}
        )
        activity = self.plan(lead_id=self.new_lead().id)
        activity.action_done()
        activity.result_id = result
        both = activity.with_context(**context)
        alone = activity.with_context(allowed_company_ids=self.company.ids)
        for proposed in (theirs, ours):
            result.next_type_id = proposed
            activity.invalidate_recordset()
            for seen in (both, alone, both):
                expected = proposed & ours
                self.assertEqual(seen.next_type_id, expected)
        lead = self.new_lead().with_context(**context)
        lead.company_id = self.other_company
        there = self.plan(lead_id=lead.id)
        there.action_done()
        there.result_id = result
        result.next_type_id = theirs
        self.assertEqual(there.with_context(**context).next_type_id, theirs)
        here = there.with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(here.next_type_id)
