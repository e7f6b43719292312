"""The roles of partners: their types, who has which one when, and those that follow
from what happened.
"""

from . import role_type
from . import role
from . import contact
from . import derive
from . import event
from . import partner
from . import merge
