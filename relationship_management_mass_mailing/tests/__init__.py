from . import test_mailing_mailing
