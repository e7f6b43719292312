"""The vocabulary of the story: deals, steps, people and days.

A story is a list of :class:`Deal`. Everything in it is relative to today, so that the
demo data never grow old; the day of a step counts working days since the deal began.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytz

# Poznań and Leipzig.
TIME_ZONE = pytz.timezone("Europe/Warsaw")
WORKING_DAYS = range(5)
OPENING_MINUTE, CLOSING_MINUTE = 8 * 60 + 15, 16 * 60 + 45


@dataclass(frozen=True)
class Person:
    """A partner in a role of a deal; the same partner and role again: a change."""

    role: str
    partner: str
    values: dict


@dataclass(frozen=True)
class Step:
    """What one person does with a deal at one moment.

    :param day: working days after the deal began
    :param who: login of the person
    :param event: "won", "lost", "reopen", "archive", "restore", "convert", "merge" or
        "delete"; empty for a mere change
    :param people: the :class:`Person` values that come or change
    :param note: a note in the chatter
    :param values: new values, see ``player.Player``
    """

    day: int
    who: str
    event: str = ""
    people: tuple = ()
    note: str = ""
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Deal:
    """One opportunity from its creation on.

    :param starts: function of today that returns the first day
    :param by: login of whoever creates it, the owner if empty
    :param steps: what happens later, the days ascending
    """

    code: str
    title: str
    customer: str
    owner: str
    kind: str
    revenue: float
    starts: object
    steps: tuple = ()
    by: str = ""
    people: tuple = ()
    values: dict = field(default_factory=dict)

    def schedule(self, today):
        """Yield the moment (UTC) and the step of everything that happens.

        :param today: date on which the demo data are installed
        """
        first = Step(0, self.by or self.owner, "create", self.people)
        chance = random.Random(self.code)  # noqa: S311 the same dates every time
        began = add_working_days(self.starts(today), chance.choice(WORKING_DAYS))
        for step in (first, *self.steps):
            minute = chance.randrange(OPENING_MINUTE, CLOSING_MINUTE)
            local = datetime.combine(
                add_working_days(began, step.day), time(minute // 60, minute % 60)
            )
            moment = TIME_ZONE.localize(local).astimezone(pytz.utc)
            yield moment.replace(tzinfo=None), step


def then(day, who, event="", people=(), note="", **values):
    """Return the step that ``who`` takes on that working day."""
    return Step(day, who, event, people, note, values)


def weeks_ago(weeks):
    """Let a deal begin in the week that begins that many weeks before today."""
    return lambda today: to_working_day(today - timedelta(weeks=weeks))


def before_may(weeks):
    """Let a deal begin that many weeks before the last tenth of May that is over."""
    return lambda today: to_working_day(
        tenth_of_may(today - timedelta(days=21)) - timedelta(weeks=weeks)
    )


def tenth_of_may(day, following=False):
    """Return the last tenth of May until that day, or the following one."""
    this_year = date(day.year, 5, 10)
    if following:
        return this_year if this_year > day else date(day.year + 1, 5, 10)
    return this_year if this_year <= day else date(day.year - 1, 5, 10)


def to_working_day(day):
    """Return the day itself, or the Monday after it."""
    return day if day.weekday() in WORKING_DAYS else day + timedelta(7 - day.weekday())


def add_working_days(day, count):
    """Return the working day that comes ``count`` working days after ``day``."""
    weeks, rest = divmod(day.weekday() + count, len(WORKING_DAYS))
    return day + timedelta(days=weeks * 7 + rest - day.weekday())


def sells(login, share):
    return Person("sales_representative", f"user_{login}", {"share": share})


def decides(partner, attitude="neutral"):
    return Person("decision_maker", partner, {"influence": "3", "attitude": attitude})


def advises(partner, attitude):
    return Person("influencer", partner, {"influence": "2", "attitude": attitude})


def answers(partner, attitude="neutral"):
    return Person("contact", partner, {"influence": "1", "attitude": attitude})


def competes(partner, share):
    return Person("competitor", partner, {"share": share, "attitude": "against"})
