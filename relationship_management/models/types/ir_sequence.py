from odoo import models


class IrSequence(models.Model):
    """A range is called like its type, and begins its numbers with the type's mark."""

    _inherit = "ir.sequence"

    def next_by_id(self, sequence_date=None):
        """Give no number of a range of a hidden type, which core asks no rule for."""
        self._refuse_hidden_range()
        return super().next_by_id(sequence_date)

    def get_next_char(self, number_next):
        """Show no mark of a hidden type, whatever core remembers of the range."""
        self._refuse_hidden_range()
        return super().get_next_char(number_next)

    def _refuse_hidden_range(self):
        if self.env.su:
            return
        # Rules of others on ranges hold where core asks for them.
        ranges = self.env.user.relationship_hidden_ranges(self.env.companies.ids)
        self.filtered(lambda r: r.id in ranges).check_access("read")
