"""``crm.lead``: types, margin, forecast, stages, the people who play a role in it, and
what it does so that its history is complete.
"""

from . import source
from . import opportunity_type
from . import reference_type
from . import people
from . import reference
from . import forecast
from . import margin
from . import typed
from . import words
from . import stage
from . import stage_change
from . import plan
from . import planned_role
from . import missing_role
from . import reference_link
from . import lost_reason
from . import recorded
from . import merge
from . import settings
from . import core_parent_guard
