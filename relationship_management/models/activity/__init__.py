"""Activities that types and stages plan, by core's plans. What a kind of record plans
lives with that record.
"""

from . import plan_mixin
from . import mail_activity
from . import plan_template
