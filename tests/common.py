"""What the tests across both addons have in common."""

from odoo.tests import TransactionCase, tagged


@tagged("standard", "post_install", "-at_install")
class JourneyCase(TransactionCase):
    """Base of the tests that cross both addons.

    Odoo tags test classes by itself only under ``odoo.addons``; without ``standard``
    it would not block calls to the network either.
    """
