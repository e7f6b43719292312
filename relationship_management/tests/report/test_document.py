import base64
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.shared.source import Source
from ..common import RelationshipCase

# A picture of one pixel.
PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    b"AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestDocuments(RelationshipCase):
    """All files and notes of a partner; access to the source decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create(
            {"name": "Anna Nowak", "parent_id": cls.stalmet.id}
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Packing line",
                "partner_id": cls.stalmet.id,
                "user_id": cls.anna.id,
                "type": "opportunity",
            }
        )
        cls.files = cls.env["ir.attachment"].create(
            [
                {
                    "name": f"{record.display_name}.txt",
                    "raw": b"text",
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for record in (cls.stalmet, cls.contact, cls.lead, cls.kranbau)
            ]
        )

    def documents(self, user, partner=None, **context):
        partner = partner or self.stalmet
        action = partner.with_user(user).action_view_documents()
        documents = self.env["relationship.document"].with_user(user)
        return documents.with_context(**context).search(action["domain"])

    def test_files_of_the_partner_its_contact_and_opportunity(self):
        found = self.documents(self.anna)
        self.assertEqual(found.attachment_id, self.files[:3])
        self.assertEqual(
            self.documents(self.anna, only_this_partner=True).attachment_id,
            self.files[0] | self.files[2],
        )

    def test_who_may_not_see_the_opportunity_sees_two(self):
        self.assertEqual(self.documents(self.jan).attachment_id, self.files[:2])
        self.lead.user_id = self.piotr
        self.assertEqual(self.documents(self.anna).attachment_id, self.files[:2])
        self.assertEqual(self.documents(self.piotr).attachment_id, self.files[:3])

    def test_a_note_appears_and_opens_its_record(self):
        self.stalmet.message_post(  # pylint: disable=translation-required
            body="Wants a new line",
            subtype_xmlid="mail.mt_note",
            message_type="comment",
        )
        note = self.documents(self.jan).filtered(lambda d: d.kind == "note")
        self.assertEqual(note.name, "Wants a new line")
        self.assertEqual(note.source_name, "Stalmet S.A.")
        self.assertEqual(note.action_open()["res_id"], self.stalmet.id)

    def attach(self, record):
        return self.env["ir.attachment"].create(
            {
                "name": f"About {record.display_name}.txt",
                "raw": b"text",
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def new_campaign(self, addressees, **values):
        """Create a campaign of Anna that turns to some partners, with a file."""
        if "type_id" not in values:
            fair = self.env["relationship.campaign.type"].create(
                {"name": "Test fair", "code": "TF"}
            )
            values["type_id"] = fair.id
        campaign = (
            self.env["relationship.campaign"]
            .with_user(self.anna)
            .create({"title": "Autumn fair", **values})
        )
        campaign.with_user(self.anna).write(
            {"addressee_ids": [(0, 0, addressee) for addressee in addressees]}
        )
        return campaign, self.attach(campaign)

    def test_a_campaign_counts_for_whom_it_addresses(self):
        _campaign, file = self.new_campaign(
            [
                {"partner_id": self.stalmet.id, "contact_id": self.contact.id},
                {"partner_id": self.paktech.id},
            ]
        )
        for partner in (self.stalmet, self.contact, self.paktech):
            found = self.documents(self.anna, partner)
            self.assertIn(file, found.attachment_id, partner.name)
        self.assertNotIn(file, self.documents(self.anna, self.kranbau).attachment_id)
        document = self.documents(self.anna).filtered(
            lambda row: row.attachment_id == file
        )
        self.assertEqual(document.source_name, "Autumn fair")
        self.assertFalse(document.partner_id)
        typed = self.env["relationship.document"].with_user(self.anna)
        self.assertIn(
            file, typed.search([("partner_id", "ilike", "PakTech")]).attachment_id
        )

    def test_a_campaign_is_shown_to_whom_its_type_is(self):
        """Ewa's group may see the type, Jan's may not."""
        managers = self.env.ref(
            "relationship_management.relationship_management_group_manager"
        )
        secret = self.env["relationship.campaign.type"].create(
            {"name": "Test secret", "code": "TS"}
        )
        campaign, file = self.new_campaign(
            [{"partner_id": self.stalmet.id}], type_id=secret.id
        )
        self.assertIn(file, self.documents(self.jan).attachment_id)
        secret.see_group_ids = managers
        self.env.invalidate_all()
        self.assertNotIn(file, self.documents(self.jan).attachment_id)
        self.assertIn(file, self.documents(self.ewa).attachment_id)
        document = self.documents(self.ewa).filtered(
            lambda row: row.attachment_id == file
        )
        with self.refused(r"'read' access to:\n- Document or note \(", AccessError):
            document.with_user(self.jan).read(["name"])
        self.assertEqual(document.action_open_source()["res_id"], campaign.id)

    def test_many_addressees_cost_no_query_each(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Brewery {number}"} for number in range(60)]
        )
        addressees = [{"partner_id": partner.id} for partner in partners]
        fair = self.env["relationship.campaign.type"].create(
            {"name": "Test fair", "code": "TF"}
        )
        files = [
            self.new_campaign(some, type_id=fair.id)[1]
            for some in (addressees, addressees[:2])
        ]
        documents = self.env["relationship.document"].with_user(self.anna)
        many, few = (documents.search([("attachment_id", "=", f.id)]) for f in files)
        shown = {name: {} for name in ("name", "source_name", "partner_id")}
        for read in (
            lambda rows, _partners: rows.web_read(shown),
            lambda _rows, some: self.documents(self.anna, some).mapped("name"),
        ):
            read(few, partners[:2])  # fills the caches of the server
            counts = []
            for rows, some in ((few, partners[:2]), (many, partners)):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                read(rows, some)
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(*counts)

    def test_a_partner_in_a_role_of_an_opportunity_finds_its_files(self):
        """Kranbau competes for Anna's opportunity with Stalmet."""
        clerk = self.env["res.partner"].create(
            {"name": "Wolff junior", "parent_id": self.kranbau.id}
        )
        self.env["relationship.reference"].create(
            {
                "lead_id": self.lead.id,
                "partner_id": self.kranbau.id,
                "contact_id": clerk.id,
                "type_id": self.competitor_type.id,
            }
        )
        file = self.files[2]
        for partner in (self.kranbau, clerk):
            found = self.documents(self.anna, partner)
            self.assertIn(file, found.attachment_id)
            row = found.filtered(lambda row: row.attachment_id == file)
            self.assertEqual(row.partner_id, self.stalmet)
        self.assertNotIn(file, self.documents(self.jan, self.kranbau).attachment_id)
        self.lead.user_id = self.piotr
        self.assertNotIn(file, self.documents(self.anna, self.kranbau).attachment_id)

    def test_an_id_opens_no_door(self):
        document = self.documents(self.anna).filtered(
            lambda d: d.res_model == "crm.lead"
        )
        with self.refused(r"'read' access to:\n- Document or note \(", AccessError):
            document.with_user(self.jan).read(["name"])
        with self.refused("may not read the record this belongs to", AccessError):
            document.with_user(self.jan).action_open()

    def test_counting_and_grouping_obey(self):
        documents = self.env["relationship.document"].with_user(self.jan)
        domain = [("partner_id", "in", self.stalmet.ids)]
        self.assertEqual(documents.search_count(domain), 2)
        self.assertEqual(
            documents._read_group(domain, ["res_model"], ["__count"]),
            [("res.partner", 2)],
        )

    def test_other_companies_keep_theirs(self):
        self.lead.write({"company_id": self.other_company.id, "user_id": False})
        self.assertEqual(self.documents(self.piotr).attachment_id, self.files[:2])

    def test_a_note_just_written_is_found(self):
        note = self.stalmet.message_post(  # pylint: disable=translation-required
            body="<p>Called back</p>", message_type="comment"
        )
        self.assertIn(note, self.documents(self.anna).message_id)
        note.body = "<p>Called back at noon</p>"
        document = self.documents(self.anna).filtered("message_id")
        document.invalidate_recordset()
        self.assertEqual(document.name, "Called back at noon")

    def test_a_file_of_a_model_that_is_gone_has_no_record(self):
        """An attachment of an uninstalled addon; only the superuser comes across it."""
        gone = self.env["ir.attachment"].create({"name": "Old", "raw": b"text"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET res_model = %s, res_id = 7 WHERE id = %s",
            ["gone.model", gone.id],
        )
        documents = self.env["relationship.document"]
        document = documents.search([("attachment_id", "=", gone.id)])
        self.assertFalse(document.source_name)
        self.assertEqual(document.source_kind, "gone.model")
        self.assertFalse(document.partner_id)
        for user in (self.anna, self.ewa):
            self.assertFalse(
                documents.with_user(user).search([("attachment_id", "=", gone.id)])
            )
        with self.refused(r"'read' access to:\n- Document or note \(", AccessError):
            document.with_user(self.ewa).read(["name"])

    def test_pictures_and_pdf_show_what_they_are(self):
        picture, paper = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": base64.b64decode(PIXEL) if mimetype == "image/png" else b"x",
                    "mimetype": mimetype,
                    "res_model": "res.partner",
                    "res_id": self.stalmet.id,
                }
                for name, mimetype in (
                    ("Plan.png", "image/png"),
                    ("Offer.pdf", "application/pdf"),
                )
            ]
        )
        urls = {d.name: d.thumbnail_url for d in self.documents(self.anna)}
        self.assertEqual(urls["Plan.png"], f"/web/image/{picture.id}/256x256")
        self.assertFalse(urls["Offer.pdf"])
        self.assertFalse(urls["Stalmet S.A..txt"])
        paper.thumbnail = PIXEL
        self.env.invalidate_all()
        urls = {d.name: d.thumbnail_url for d in self.documents(self.anna)}
        self.assertEqual(
            urls["Offer.pdf"], f"/web/image/ir.attachment/{paper.id}/thumbnail"
        )

    def test_only_who_may_change_the_partner_adds_to_its_list(self):
        action = self.stalmet.with_user(self.anna).action_view_documents()
        self.assertEqual(
            action["context"], {"relationship_partner_id": self.stalmet.id}
        )
        action = self.stalmet.with_user(self.jan).action_view_documents()
        self.assertEqual(action["context"], {})
        both = (self.stalmet | self.kranbau).with_user(self.anna)
        self.assertEqual(both.action_view_documents()["context"], {})

    def test_a_new_note_is_a_note(self):
        action = self.stalmet.with_user(self.anna).action_new_note()
        composer = (
            self.env[action["res_model"]]
            .with_user(self.anna)
            .with_context(**action["context"])
            .create({"body": "<p>Wants a second head</p>"})
        )
        composer.action_send_mail()
        note = self.documents(self.anna).filtered("message_id")
        self.assertEqual(note.name, "Wants a second head")
        self.assertEqual(note.author_id, self.anna.partner_id)
        self.assertEqual(note.message_id.subtype_id, self.env.ref("mail.mt_note"))

    def test_a_private_meeting_tells_only_who_was_invited(self):
        meeting = self.env["calendar.event"].create(
            {
                "name": "Takeover",
                "start": "2026-01-01 10:00:00",
                "stop": "2026-01-01 11:00:00",
                "user_id": self.piotr.id,
                "partner_ids": [(6, 0, (self.stalmet | self.anna.partner_id).ids)],
            }
        )
        file = self.attach(meeting)
        meeting.message_post(  # pylint: disable=translation-required
            body="We buy them", subtype_xmlid="mail.mt_note", message_type="comment"
        )
        self.env.flush_all()
        rows = self.documents(self.jan).filtered(lambda d: d.res_id == meeting.id)
        self.assertEqual(rows.attachment_id, file)
        self.assertEqual(len(rows), 2)
        for privacy, own in (("private", "public"), (False, "private")):
            meeting.privacy = privacy
            self.piotr.with_user(self.piotr).calendar_default_privacy = own
            self.env.flush_all()
            for user, may in ((self.jan, 0), (self.piotr, 2), (self.anna, 2)):
                self.env.invalidate_all()
                theirs = rows.with_user(user)
                with self.subTest(privacy=privacy, user=user.login):
                    self.assertEqual(len(theirs.search([("id", "in", rows.ids)])), may)
                    self.assertEqual(theirs.has_access("read"), bool(may))
        meeting.privacy = "confidential"
        self.assertEqual(
            len(rows.with_user(self.jan).search([("id", "in", rows.ids)])), 2
        )

    def test_core_keeps_no_other_messages_by_code(self):
        """A source that asks for more than the right to read needs its domain."""
        method = "_mail_get_operation_for_mail_message_operation"
        core = getattr(self.env.registry["mail.thread"], method)
        for model in self.env["relationship.source"]._get_paths():
            records = self.env[model]
            if getattr(self.env.registry[model], method) is not core:
                with self.subTest(model):
                    self.assertTrue(hasattr(records, "_get_told_domain"))

    def test_a_partner_is_found_by_index(self):
        """The ids of the sources stand in the statement; their files come by index."""
        documents = self.env["relationship.document"].with_user(self.anna)
        query = documents._search([("partner_id", "in", self.stalmet.ids)])
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(
            line
            for (line,) in self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        )
        for table, index in (
            ("ir_attachment", "ir_attachment_res_idx"),
            ("mail_message", "mail_message_model_res_id"),
        ):
            self.assertNotIn(f"Seq Scan on {table}", plan)
            self.assertIn(index, plan)

    def test_a_model_is_taken_in_by_one_description(self):
        team_file = self.env["ir.attachment"].create(
            {
                "name": "Team",
                "raw": b"text",
                "res_model": "crm.team",
                "res_id": self.team.id,
            }
        )
        self.team.user_id = self.piotr
        self.addCleanup(self.env.registry.clear_cache)
        with patch.object(
            self.env.registry["crm.team"],
            "_describe_source",
            lambda _team: Source(partners=("user_id.partner_id",)),
            create=True,
        ):
            self.env.registry.clear_cache()
            found = (
                self.env["relationship.document"]
                .with_user(self.piotr)
                .search([("partner_id", "in", self.piotr.partner_id.ids)])
            )
            self.assertIn(team_file, found.attachment_id)
