"""A sentence with a number is right for each number: "1 tasks" is none.

The translations have one form for all numbers, and Polish has three. A sentence says
"Tasks: 1", or has words of its own for one.
"""

import re

import polib

from tools.base import ADDONS, ROOT

NUMBERED = re.compile(
    r"%\((?:count|people|partners|relations|ready|total|done|left|more|minutes)"
    r"\)(?:s|d) (?:more |open |older |new |later )*(?:[a-z]+s|people)\b"
)
# These are said of two and more alone.
NEVER_ONE = {
    "%(count)s changes are waiting.": "one has a sentence of its own",
    "%(count)s members": "one has words of its own",
    "%(count)s partners are being entered in the background. The page Target group"
    " shows how far it is.": "few are entered at once",
    "%(count)s partners are chosen: choose at most %(most)s at once, or describe them"
    " by the target group of the campaign.": "more than are allowed",
    "%(role)s: %(count)s people missing": "one has a sentence of its own",
    "From %(partner)s to %(other)s in %(count)s steps:": "one has its own sentence",
    "Next transfer in %(minutes)s minutes.": "one has a sentence of its own",
    "No way of at most %(count)s steps leads from %(partner)s to %(other)s.": "4",
    "The steps of the target group have %(count)s conditions on relations, roles,"
    " consents or figures in all, and would take too long to find: leave at most"
    " %(most)s of them. A step can also take the members of another campaign, which has"
    " its own.": "more than are allowed",
    "The target group has %(count)s steps, and would take too long to find: leave at"
    " most %(most)s of them. A step can also take the members of another campaign,"
    " which has its own.": "more than are allowed",
    "This search has %(count)s conditions on relations, roles, consents or figures, and"
    " would take too long: leave at most %(most)s of them, and search in several"
    " steps.": "more than are allowed",
    "This search names %(count)s values of the field %(field)s, and would take too"
    " long: name at most %(most)s at once.": "more than are allowed",
    "Up to %(count)s tasks. Who may not be reached is left out while they are created,"
    " in the background.": "few are created at once",
}


def test_sentences_with_a_number_are_right_for_one():
    found = {
        entry.msgid
        for addon in ADDONS
        for entry in polib.pofile(str(ROOT / addon / "i18n" / "pl.po"))
        if NUMBERED.search(entry.msgid)
    }
    assert found == set(NEVER_ONE)
