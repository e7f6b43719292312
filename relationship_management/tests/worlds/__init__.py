"""Two worlds that differ only in what somebody may not see look the same to them.

``world.py`` and ``bridges.py`` build a database with what is hidden, for each reason,
beside what is seen; ``change.py`` makes the second world of it; ``channels.py`` and
``screens.py`` write down all that somebody gets. They ask the registry: a new model is
in by itself, and has to be hidden in ``world.py``.
"""

from . import test_planted
from . import test_worlds
