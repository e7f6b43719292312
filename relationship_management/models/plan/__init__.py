"""What is to be done: task templates, which are core's lines of activity plans, the one
generator that makes tasks of them, and what types and stages plan. What a kind of
record plans lives with that record.
"""

from . import plan_mixin
from . import absence
from . import mail_activity
from . import hidden_name
from . import plan_template
from . import deadline
from . import responsible
from . import generator
from . import launch
