from . import test_generation
from . import test_follow
from . import test_run
from . import test_secrets
from . import test_days
from . import test_absence
