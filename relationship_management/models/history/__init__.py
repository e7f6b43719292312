"""The history of opportunities: its table and triggers, what changed from row to row,
and the names that were valid. Only what records or reads history belongs here; what
an opportunity does to be recorded lives in ``opportunity``.
"""

from . import former_name
from . import merged_partner
from . import history
from . import changes
from . import dropped_column
from . import lines
