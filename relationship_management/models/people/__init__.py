"""Partners who play a role in activities, and the roles that types of campaigns and of
activities propose. What all people have in common lives in ``opportunity``.
"""

from . import activity
from . import merge
from . import planned
