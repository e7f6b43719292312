"""Whom a campaign addresses: rules, freezing, reasons to leave out, contacting,
answers, control groups, and the opportunities that come out of it.
"""

from . import addressee
from . import freeze
from . import freeze_summary
from . import control
from . import freeze_background
from . import selection
from . import lost_records
from . import rule_limit
from . import group
from . import partner
from . import merge
from . import addressee_rules
from . import addressee_checks
from . import responsible
from . import contact
from . import opportunity
from . import comparison
