from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.context import get_marked
from ..shared.may_be_told import name_of

ABSENCE = ["substitute_id", "absent_from", "absent_until"]
# In the context while people are archived: their ids.
LEAVING = "relationship_leaving"


class ResUsers(models.Model):
    """Who is away, and who takes the tasks that fall due meanwhile."""

    _inherit = "res.users"

    substitute_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('id', '!=', id)]",
        index="btree_not_null",
        ondelete="set null",
        help="Gets the tasks that are planned from now on for the days of the absence.",
    )
    absent_from = fields.Date(string="Absent from")
    absent_until = fields.Date(string="Absent until")

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802  core's name
        return [*super().SELF_WRITEABLE_FIELDS, *ABSENCE]

    def write(self, vals):
        """Ask for the right of a customer: core writes fields of oneself past it."""
        if not self.env.user._is_internal() and vals.keys() & set(ABSENCE):
            self.check_access("write")
        return super().write(vals)

    @api.constrains(*ABSENCE)
    def _check_absence(self):
        for user in self:
            if user.substitute_id == user:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot be the substitute of the same person: choose"
                        " a colleague, or nobody.",
                        user=name_of(user),
                    )
                )
            # sudo: whoever it is, a customer is no colleague
            if user.substitute_id.sudo().share:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work here: choose a colleague, or nobody.",
                        user=name_of(user.substitute_id),
                    )
                )
            start, end = user.absent_from, user.absent_until
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "The absence of %(user)s would end before it begins: change one"
                        " of its dates.",
                        user=name_of(user),
                    )
                )

    def _is_absent(self, day):
        self.ensure_one()
        user = self.sudo()  # sudo: whoever plans for a colleague; only yes or no
        if not (user.absent_from or user.absent_until):
            return False
        return (user.absent_from or day) <= day <= (user.absent_until or day)

    def _get_stand_in(self, day):
        """Return who does on a day what is this user's: the user, or a substitute.

        Of several who stand in for each other the first one who is there; if none is,
        the work stays with whom it belongs to. Who is leaving stands in for nobody.
        """
        self.ensure_one()
        user, passed = self, self.browse()
        leaving = get_marked(self.env, LEAVING, ())
        while user and user not in passed:
            is_here = user.sudo().active and user.id not in leaving  # sudo: as above
            if is_here and not user._is_absent(day):
                return user
            passed |= user
            user = user.sudo().substitute_id.sudo(self.env.su)  # sudo: as above
        return self
