from . import test_generation
from . import test_follow
from . import test_run
from . import test_outlive
from . import test_day
from . import test_day_tour
