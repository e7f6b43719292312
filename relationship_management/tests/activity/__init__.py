from . import test_generation
from . import test_follow
from . import test_run
from . import test_outlive
from . import test_share
from . import test_end
