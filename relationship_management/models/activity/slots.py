"""On which day somebody does the next of many tasks: so many a day, absences apart."""

from odoo.exceptions import UserError

from ..plan.found import open_tasks

# Nobody plans further than that.
MAX_DAYS = 2600


class Slots:
    """The days from the deadline of a template on, with room for some tasks each.

    What people have to do on a day already takes room: open tasks, and those that are
    still to appear.
    """

    def __init__(self, frame, template):
        self.frame, self.template = frame, template
        self.owner = None  # whose all of them are, once that is known
        self.cap = frame.bracket.type_id.sudo().tasks_per_day  # sudo: a setting
        self.first_day = template._get_task_deadline(frame)
        self.days = [self.first_day]
        self.used = frame.work.taken
        self.cursors, self.doers = {}, {}

    def take(self, owner, since=None):
        """Return the next day with room, and who does it: the owner or a stand-in.

        :param since: not before this day; later ones are asked for after earlier ones
        """
        number = self.cursors.get(owner.id, 0)
        while True:
            day = self._get_day(number)
            if since and day < since:
                number += 1
                continue
            doer = self._get_doer(owner, day)
            if self.used[doer.id, day] < self.cap:
                self.used[doer.id, day] += 1
                self.cursors[owner.id] = number
                return day, doer
            number += 1

    def _get_doer(self, owner, day):
        key = owner.id, day
        if key not in self.doers:
            doer = self.template._get_able_stand_in(self.frame, owner, day)
            self._learn(doer)
            self.doers[key] = doer
        return self.doers[key]

    def _get_day(self, number):
        try:
            while len(self.days) <= number < MAX_DAYS:
                companies = self.frame.bracket.env["res.company"]
                companies = companies.with_company(self.frame.company)
                self.days += companies._list_working_days(self.days[-1])
        except OverflowError:
            number = MAX_DAYS
        if number < MAX_DAYS:
            return self.days[number]
        raise UserError(
            self.template.env._(
                "The tasks would be due more than ten years from now: share them"
                " out among more people, or let each do more a day."
            )
        )

    def _learn(self, user):
        """Read what somebody has to do already, on each day, for all templates."""
        if user.id in self.frame.work.known:
            return
        self.frame.work.known.add(user.id)
        env = self.frame.bracket.env
        theirs, staying = ("user_id", "=", user.id), ("id", "not in", self.frame.moving)
        # sudo: tasks that whoever plans may not see take room just the same.
        todo = env["relationship.activity.todo"].sudo()
        for tasks, domain in (
            (open_tasks(env).sudo(), [theirs, staying]),
            (todo, [theirs]),
        ):
            for day, count in tasks._read_group(
                domain, ["date_deadline:day"], ["__count"]
            ):
                self.used[user.id, day] += count
