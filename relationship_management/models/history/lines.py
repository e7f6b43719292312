from odoo import fields, models

IDS = ("partner_id", "contact_id", "type_id")
WORDS = ("kind", "influence", "attitude")
DAYS = ("date_from", "date_to")
LARGEST_ID = 2**31 - 1


class RelationshipOpportunityHistory(models.Model):
    """Read the partner references of a history row, whatever is in them.

    The rows never change: what an earlier version or a statement beside Odoo wrote
    stays. Once the last line was removed, that was JSON's null.
    """

    _inherit = "relationship.opportunity.history"

    def _get_lines(self):
        """Return the lines with all keys, a value that cannot be as None.

        A line without a number has its place as a negative number.
        """
        # sudo: whoever reads a row; whom it may name is asked where it is put in words.
        lines = self.sudo().reference_lines
        if not isinstance(lines, list):
            return []
        return [
            _read_line(line, place)
            for place, line in enumerate(lines, start=1)
            if isinstance(line, dict)
        ]


def _read_line(line, place):
    share = line.get("share")
    words = {name: line.get(name) for name in WORDS}
    return {
        "id": _read_id(line.get("id")) or -place,
        "share": share if type(share) in (int, float) else None,
        **{name: _read_id(line.get(name)) for name in IDS},
        **{
            name: word if isinstance(word, str) else None
            for name, word in words.items()
        },
        **{name: _read_day(line.get(name)) for name in DAYS},
    }


def _read_id(value):
    return value if type(value) is int and 0 < value <= LARGEST_ID else None


def _read_day(value):
    try:
        return fields.Date.to_date(value) if isinstance(value, str) else None
    except ValueError:
        # Infinite, or before Christ.
        return None
