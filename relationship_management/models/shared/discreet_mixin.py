from odoo import models
from odoo.exceptions import AccessError, UserError

from .may_be_told import get_hidden_sentence, is_hidden

ASKING = "relationship_asking_for_a_right"


class RelationshipDiscreetMixin(models.AbstractModel):
    """Refuse without telling what the person may not know.

    Core asks for the right to create a record when all its constraints have been met,
    and names in its own check of companies whatever collides. A model that sets
    ``_asks_right_first`` never says why a record cannot be to somebody who may not have
    it, whose answer is then the same whatever else there is.
    """

    _name = "relationship.discreet.mixin"
    _description = "Refusals that tell no secrets"
    _asks_right_first = False

    def _validate_fields(self, field_names, excluded_names=()):
        """Let the right to have such a record be asked before a constraint speaks.

        Only when one does: the rules see the record as it has become, and a question
        for every record would cost each of them.
        """
        if self.env.cr.cache.get(ASKING):
            return None
        try:
            return super()._validate_fields(field_names, excluded_names)
        except AccessError:
            raise
        except UserError:
            if self._asks_right_first:
                self._ask_for_right()
            raise

    def _ask_for_right(self):
        """Ask for the right to have what a constraint has just refused.

        The rules may compute a field, whose constraint would refuse the record again
        and leave the question open.
        """
        self.env.cr.cache[ASKING] = True
        try:
            self.check_access("create")
        finally:
            self.env.cr.cache.pop(ASKING, None)

    def _check_company(self, fnames=None):
        """Leave the names out of core's sentence if one of them is hidden."""
        try:
            return super()._check_company(fnames)
        except UserError:
            if self._is_company_check_hidden(fnames):
                raise UserError(get_hidden_sentence(self.env)) from None
            raise

    def _is_company_check_hidden(self, fnames):
        names = set(fnames or self._fields)
        if names & {"company_id", "company_ids"}:
            names = set(self._fields)
        # sudo: whether these are hidden is asked in the next line.
        records = self.sudo()
        concerned = [records, records.company_id] if "company_id" in self else [records]
        concerned += [
            records[name]
            for name in names
            if self._fields[name].relational and self._fields[name].check_company
        ]
        return any(map(is_hidden, concerned))
