"""Which of many cases of the same kind a run of the tests takes."""

import os
from itertools import islice


def some(cases, share=4, place=0):
    """Return all cases, or where ``TEST_TURN`` says whose turn it is, a part of them.

    ``make test`` takes another part for each commit; ``make test ALL=1`` takes all, as
    Odoo's own runner does. One part has one case at least.

    :param share: of how many cases one is taken
    :param place: what to begin at, for several lists that are to differ in one run
    """
    cases = list(cases)
    turn = os.environ.get("TEST_TURN")
    if not turn or share < 2 or not cases:
        return cases
    return list(
        islice(cases, (int(turn) + place) % min(share, len(cases)), None, share)
    )
