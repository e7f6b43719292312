from . import test_campaigns
from . import test_consents
from . import test_conversations
from . import test_installation
from . import test_list
from . import test_sales
from . import test_story
from . import test_widths
