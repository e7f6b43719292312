"""The rights on all types in one list, why somebody does not see a record, and that
followers are told nothing of a hidden type (`followers`).
"""

from . import type_right
from . import explanation
from . import followers
