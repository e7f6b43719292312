from . import test_planned
from . import test_followed
from . import test_moved
from . import test_told
from . import test_busy
from . import test_busy_left
