"""What every domain may use and no domain owns: the registry of business models and who
may see lists of their records, triggers, groups, periods, what may be said about what
somebody may not see. Nothing in here knows a rule of ours; it imports from no other
folder.
"""

from . import context
from . import row_trigger
from . import may_be_told
from . import tracking_value
from . import search_limit
from . import discreet_mixin
from . import unique_mixin
from . import onchange_guard
from . import parent_guard_mixin
from . import server_fields_mixin
from . import export_names_mixin
from . import import_mixin
from . import period_mixin
from . import fold
from . import opinion_mixin
from . import figures_mixin
from . import source
from . import source_check
from . import source_access_mixin
from . import restricted_deletion
