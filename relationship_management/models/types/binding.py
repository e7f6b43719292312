"""Rights on types bind managers, too, where the settings say so."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import str2bool

from ..shared.may_be_told import quote
from .remembered import forget

BINDING = "relationship_management.types_bind_managers"


class RelationshipTypeMixin(models.AbstractModel):
    _inherit = "relationship.type.mixin"

    @api.model
    def _binds_managers(self):
        """Tell whether managers may only what their groups may."""
        # sudo: a setting of administrators that decides about everybody's rights
        setting = self.env["ir.config_parameter"].sudo().get_param(BINDING)
        return str2bool(setting or "", default=False)

    def _check_own_sight(self):
        """Let nobody hide from themselves a type that they could not open again."""
        if self.env.su or not self._binds_managers():
            return
        hidden = self._get_forbidden_ids("see")
        # sudo: types that the user has just changed, and could see until then
        if lost := self.sudo().filtered(lambda kind: kind.id in hidden):
            raise UserError(
                self.env._(
                    "You would not see %(types)s any more yourself: add a group that"
                    " you are in, or let an administrator switch off “Rights on types"
                    " bind managers, too” in the settings while you change it.",
                    types=", ".join(quote(self.env, kind.name) for kind in lost),
                )
            )


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model_create_multi
    def create(self, vals_list):
        parameters = super().create(vals_list)
        parameters._forget_binding()
        return parameters

    def write(self, vals):
        self._forget_binding()
        result = super().write(vals)
        self._forget_binding()
        return result

    def unlink(self):
        self._forget_binding()
        return super().unlink()

    def _forget_binding(self):
        """Let the setting hold for the next question about rights."""
        # sudo: whoever may change parameters, asked by core; only whether it is ours
        if BINDING in self.sudo().mapped("key"):
            forget(self.env)
