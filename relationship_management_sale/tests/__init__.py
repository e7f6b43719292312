from . import test_relationship_partner_report
from . import test_res_partner_marketing
from . import test_roles_at_event
from . import test_sale_figures
from . import test_sale_order_campaign
from . import test_utm_campaign
from . import test_confirmed
from . import test_rights
