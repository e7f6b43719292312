"""Tables of who may do what with which row and sees what: the specification of rights.

They are written from the requirements and compared with what the ORM really does.
``make mutate`` changes every rule, access line and ``groups=`` in turn, and each change
has to contradict a table.
"""

from . import test_activities
