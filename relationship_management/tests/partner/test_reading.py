from odoo.tests import TransactionCase, tagged

# Whatever reads a partner goes through these; each list and form of Odoo would pay.
READING = {
    "_read_format",
    "browse",
    "read",
    "search_read",
    "web_read",
    "web_search_read",
}
OURS = ("relationship_management", "olap_export")


@tagged("post_install", "-at_install")
class TestPartnerReading(TransactionCase):
    """Partners are read by core alone: nothing of ours stands in between."""

    def find_overrides(self, classes):
        return [
            f"{cls.__module__}.{cls.__name__}.{name}"
            for cls in classes
            for name in sorted(READING & vars(cls).keys())
        ]

    def test_nothing_of_ours_stands_between_a_partner_and_its_reader(self):
        classes = type(self.env["res.partner"]).__mro__
        ours = [
            cls
            for cls in classes
            if cls.__module__.startswith(tuple(f"odoo.addons.{name}" for name in OURS))
        ]
        self.assertIn("_get_figure_makers", {n for c in ours for n in vars(c)})
        self.assertEqual(self.find_overrides(ours), [])
        # The same walk sees what core defines.
        found = {name.rsplit(".", 1)[1] for name in self.find_overrides(classes)}
        self.assertEqual(found, READING)
