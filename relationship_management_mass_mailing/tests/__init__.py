from . import test_blacklist
from . import test_mailing_mailing
