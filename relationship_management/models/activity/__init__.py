"""Activities: what is done with one partner, on an opportunity or on a campaign, with
the tasks that saving it generates, so many a day for each (`slots`); their types, which
hold the settings for that.
What lasts: `outlive` (the opportunity is deleted), `leaving` (a colleague is archived),
`shelf` (a record is lost or archived), `again` (reopened).
"""

from . import activity_type
from . import template
from . import activity
from . import history
from . import result
from . import checks
from . import defaults
from . import tasks
from . import waiting
from . import slots
from . import run
from . import run_batch
from . import preview
from . import duplicate
from . import follow
from . import status
from . import again
from . import mail_activity
from . import members
from . import joining
from . import outlive
from . import leaving
from . import shelf
from . import project
