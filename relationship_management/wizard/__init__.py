from . import base_partner_merge
from . import relationship_relation_create
from . import relationship_consent_record
from . import relationship_relation_import
from . import relationship_campaign_opportunity
from . import relationship_campaign_refresh
from . import relationship_campaign_complete
from . import relationship_campaign_adopt
