"""Meetings: activities with a time of day stand in Odoo's calendar. Their types say so;
`when` has time and days, `keep` makes, moves and takes back the meeting, `moved` brings
back what people change in the calendar, `secret` says who is told what it is about,
`places` where one hangs, `left` what a task or the original leaves to it, and
`other_end` keeps partners and tasks from getting in.
"""

from . import activity_type
from . import when
from . import keep
from . import tasks
from . import calendar_event
from . import moved
from . import secret
from . import outlive
from . import left
from . import other_end
