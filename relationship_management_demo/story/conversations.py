"""Plays what people talked about: calls, visits and e-mails, each done on its day."""

from datetime import datetime, time, timedelta

from .clock import MovedClock
from .player import MODULE, QUIET

KINDS = {
    "call": "mail.mail_activity_data_call",
    "visit": "mail.mail_activity_data_meeting",
    "email": "mail.mail_activity_data_email",
}
# Weeks ago, who, how, with whom, what came of it.
CONVERSATIONS = (
    (30, "anna", "visit", "stalmet", "Walked through the hall with Mrs Nowak."),
    (24, "jan", "call", "stalmet", "Frames come two weeks earlier."),
    (21, "anna", "call", "wolski", "The new hall is late; he stays interested."),
    (17, "piotr", "visit", "odra", "The blister line runs; one complaint about film."),
    (14, "katrin", "visit", "elbe", "Tasted the new lemonade, measured the crates."),
    (12, "anna", "email", "lewandowska", "Sent the list of spring parts."),
    (9, "anna", "visit", "warta", "Kegs: they want to see one running."),
    (8, "katrin", "call", "spreewald", "The jars arrive in March at the earliest."),
    (6, "piotr", "call", "odra", "Pays the last invoice this week."),
    (5, "anna", "call", "rek", "Asks what a service contract would cost."),
    (4, "katrin", "email", "elbe", "Sent references from two breweries."),
    (3, "jan", "email", "stalmet", "Asked for the prices of next year."),
    (2, "anna", "call", "lewandowska", "The board decides before Christmas."),
    (1, "anna", "email", "mazury", "Confirmed the date of the handover."),
)


class ConversationPlayer:
    """Plan each activity a week ahead and finish it with its feedback."""

    def __init__(self, env):
        self.env = env(context={})
        self.today = env.cr.now().date()

    def play(self):
        self.env.flush_all()
        names = []
        with MovedClock(self.env) as clock:
            for number, (weeks, *conversation) in enumerate(CONVERSATIONS, start=1):
                day = self.today - timedelta(weeks=weeks)
                # A Thursday, which is never after today.
                day -= timedelta(days=(day.weekday() - 3) % 7)
                activity = self._talk(clock, day, *conversation)
                names.append(
                    {
                        "xml_id": f"{MODULE}.conversation_{number}",
                        "record": activity.with_env(self.env),
                        "noupdate": True,
                    }
                )
        self.env["ir.model.data"]._update_xmlids(names)

    def _talk(self, clock, day, login, kind, partner, feedback):
        clock.move_to(datetime.combine(day - timedelta(weeks=1), time(9, 20)))
        user = self.env.ref(f"{MODULE}.user_{login}")
        context = {
            **QUIET,
            "mail_activity_quick_update": True,
            "lang": "en_US",
            "tz": user.tz,
            "allowed_company_ids": (user.company_id | user.company_ids).ids,
        }
        env = self.env(user=user.id, su=False, context=context)
        partner = self.env.ref(f"{MODULE}.partner_{partner}").with_env(env)
        activity = partner.activity_schedule(
            KINDS[kind], date_deadline=day, user_id=user.id
        )
        clock.move_to(datetime.combine(day, time(10, 40)))
        activity.action_feedback(feedback=feedback)
        self.env.flush_all()
        self.env.cr.flush()
        return activity
