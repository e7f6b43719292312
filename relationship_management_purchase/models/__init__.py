from . import account_move
from . import relationship_partner_report
from . import purchase_order
