from . import test_activity_history
