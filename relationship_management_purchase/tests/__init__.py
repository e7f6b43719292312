from . import test_relationship_partner_report
from . import test_roles_at_event
