"""The warehouse with real servers: databases of its own, faults, and how they end.

``warehouse_case`` makes a source with the tables that the export reads; nothing here
needs Odoo's models. What these do with targets is tested one folder up.
"""
