"""Campaigns and their core side: companies, names, stages, costs, figures, evaluation.
Who is addressed lives in ``target_group``.
"""

from . import settings
from . import campaign_type
from . import response
from . import utm_mixin
from . import utm_campaign
from . import campaign
from . import core_side
from . import use
from . import company
from . import linking
from . import name
from . import status
from . import cost
from . import people
from . import figures
from . import evaluation
from . import plan
