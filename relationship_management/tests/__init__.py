from . import test_access
from . import test_crm_lead
from . import test_opportunity_history
from . import test_opportunity_history_transactions
from . import test_relationship_opportunity_type
from . import test_relationship_reference
from . import test_row_trigger
from . import test_tours
