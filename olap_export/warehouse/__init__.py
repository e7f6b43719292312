"""The warehouse: from the history in Odoo's database to a star schema elsewhere.

Plain Python and SQL files; never imports odoo. Start reading at ``transfer.run``.
"""
