"""Relations between partners: types, both directions, rules, search, and what is drawn
or found over them: map, path, competitors, the people of a project, and who might be.
"""

from . import relation_type
from . import direction
from . import relation
from . import rules
from . import ownership
from . import partner
from . import merge
from . import search
from . import network
from . import map_view
from . import path
from . import competitor
from . import people
from . import suggestion
