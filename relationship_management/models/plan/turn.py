"""Who changes the same thing at the same moment comes second."""

from odoo.tools import SQL


def take_turn(records):
    """Let whoever else changes what hangs on these records come second.

    Two transactions that look at the same rows at once do not see what the other one
    does. Both write the records, so that PostgreSQL refuses the second one, and Odoo
    tries it again: then it sees what the first one did. Nothing of them changes.
    """
    if records.ids:
        records.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s SET id = id WHERE id IN (
                    SELECT id FROM %(table)s WHERE id = ANY(%(ids)s)
                     ORDER BY id FOR NO KEY UPDATE)
                """,
                table=SQL.identifier(records._table),
                ids=records.ids,
            )
        )
