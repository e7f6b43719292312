from odoo import api, models
from odoo.exceptions import UserError

from ..shared.may_be_told import name_of

PROTECTED = {
    "name",
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "checksum",
    "mimetype",
    "type",
    "url",
    "res_model",
    "res_id",
    "res_field",
}


class IrAttachment(models.Model):
    """Evidence of a consent is neither exchanged nor deleted, by nobody."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if PROTECTED & vals.keys():
            self._check_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._check_evidence()

    def _check_evidence(self):
        # sudo: evidence is protected from those who may not see it, too.
        for file in self.sudo():
            if file.res_model == "relationship.consent" and file.res_id:
                file.with_env(self.env).check_access("write")
                raise UserError(
                    self.env._(
                        "The file %(file)s is evidence of a consent and stays as it is."
                        " Record a correction with another file, if it is the wrong"
                        " one.",
                        file=name_of(file, after_noun=True),
                    )
                )
