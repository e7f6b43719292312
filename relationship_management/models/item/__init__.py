"""The relationship list: all that happened and is planned with partners, in one table.

``mirror`` says what stands in it; ``triggers``, ``again``, ``comparison`` keep it so.
``access`` says who sees which row, also in counts, groups, search panel (``by_kind``:
of very many), ``hidden`` how many one does not see, ``about`` which are of a partner.
"""

from . import task
from . import member
from . import reference
from . import partner
from . import item
from . import mirror
from . import triggers
from . import again
from . import comparison
from . import translation
from . import access
from . import by_kind
from . import analysed
from . import about
from . import hidden
from . import timing
from . import actions
