"""What partners allowed and refused, by channel and purpose: the ledger, its guards,
the questions to it, and Odoo's blacklists.
"""

from . import purpose
from . import consent
from . import ledger
from . import query
from . import partner
from . import page
from . import blacklist
from . import evidence
from . import merge
