from . import relationship_partner_report
from . import purchase_order
