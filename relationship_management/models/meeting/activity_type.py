from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Longer ones are a slip of the fingers.
MOST_HOURS = 240


def is_length(hours):
    """Tell whether a meeting may take so many hours; NaN is no number of them."""
    return 0 < hours <= MOST_HOURS


def check_hours(records):
    """Refuse a length that no meeting has."""
    if not all(is_length(record.meeting_hours) for record in records):
        raise ValidationError(
            records.env._(
                "A meeting takes some time, and %(most)s hours at most: enter how many"
                " hours it takes.",
                most=MOST_HOURS,
            )
        )


class RelationshipActivityType(models.Model):
    _inherit = "relationship.activity.type"

    is_meeting = fields.Boolean(
        string="With a time, in the calendar",
        help="Activities of this type are meetings: one with a time stands in the"
        " calendar of its responsible and of everybody who takes part.",
    )
    meeting_hours = fields.Float(
        string="Length",
        default=1,
        help="How many hours such a meeting is proposed to take.",
    )
    invites_contact = fields.Boolean(
        string="Invite the contact person",
        help="The contact person of the activity is invited by mail, and is told by"
        " mail when the meeting is moved or called off.",
    )

    @api.constrains("is_meeting", "meeting_hours")
    def _check_meeting_hours(self):
        check_hours(self.filtered("is_meeting"))

    def _get_record_defaults(self):
        values = super()._get_record_defaults()
        if self.is_meeting:
            values["meeting_hours"] = self.meeting_hours
        return values
