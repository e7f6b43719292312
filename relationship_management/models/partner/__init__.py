"""The partner as a whole: overview, marketing data and figures, duplicates.
What one domain alone gives to a partner lives in that domain.
"""

from . import overview
from . import duplicate
from . import interest
from . import figure_source
from . import contact_source
from . import figure
from . import marketing
from . import foreign_rows
from . import opportunity_address
from . import opportunity_role
from . import picker
