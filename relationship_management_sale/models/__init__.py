from . import account_move
from . import relationship_partner_report
from . import sale_order
from . import res_partner_sale_figure
from . import res_partner_credit_used
from . import res_partner_preferred_category
from . import res_partner_marketing
from . import utm_campaign
