from . import test_about
from . import test_access
from . import test_actions
from . import test_at_once
from . import test_mirror
from . import test_source
from . import test_timing
from . import test_tour
