"""The demo story: who does what when (``anna``, ``piotr``, ``katrin``, ``sales``, …),
the clock, and the players who do it through Odoo.
"""
