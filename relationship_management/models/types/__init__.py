"""What types have in common: names and permissions, number ranges, what uses them, and
the records that carry a type. The types themselves live with what they are types of.
"""

from . import housekeeping
from . import remembered
from . import type_mixin
from . import binding
from . import number_range
from . import ir_sequence
from . import typed_mixin
from . import guarded_mixin
from . import analysed_mixin
from . import res_users
