from . import test_generation
from . import test_follow
from . import test_run
from . import test_waiting
from . import test_load
from . import test_edges
from . import test_leaving
