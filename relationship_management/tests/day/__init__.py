from . import test_day
from . import test_day_tour
from . import test_shelf
