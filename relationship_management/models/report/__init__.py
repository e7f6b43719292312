"""Lists and statistics over the records of all domains, as views in SQL."""

from . import document
from . import partner_report
from . import partner_report_facts
