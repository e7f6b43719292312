"""The rights on all types in one list, and why somebody does not see a record."""

from . import type_right
from . import explanation
from . import followers
