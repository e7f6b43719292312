from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestDocumentTour(TourCase):
    """A file and a note are added to the documents of a partner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.new_anna("anna_document")
        cls.partner = cls.env["res.partner"].create(
            {"name": "A Tour mill", "is_company": True}
        )

    def test_a_file_and_a_note_are_added(self):
        self.start_tour(
            f"/odoo/res.partner/{self.partner.id}",
            "relationship_document_tour",
            login="anna_document",
        )
        documents = self.env["relationship.document"].search(
            [("partner_id", "in", self.partner.ids), ("author_id.name", "like", "Anna")]
        )
        self.assertEqual(
            {(d.kind, d.name) for d in documents},
            {("file", "Layout.txt"), ("note", "Call back in May")},
        )
        self.assertEqual(documents.author_id, self.anna.partner_id)
        self.assertEqual(documents.attachment_id.raw, b"a layout")


@tagged("post_install", "-at_install")
class TestDocumentTourOnPhone(TestDocumentTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
