from . import test_explanation
from . import test_followers
from . import test_tour
from . import test_type_right
