from . import test_roles_at_event
