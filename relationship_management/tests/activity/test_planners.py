"""Two who share out tasks to the same people at one moment keep to the cap a day."""

from contextlib import closing
from threading import Thread

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

MEMBERS = 3


@tagged("post_install", "-at_install")
class TestPlannersAtOnce(TransactionCase):
    """Real transactions that commit, on connections of their own."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        with self.connection.cursor() as cr:
            env = self.in_env(cr)
            salesman = env.ref("sales_team.group_sale_salesman")
            user = env["res.users"].create(
                {
                    "name": "At once",
                    "login": "test_planners_at_once",
                    "group_ids": [Command.link(salesman.id)],
                }
            )
            people = env["res.partner"].create(
                [{"name": f"At once {n}"} for n in range(MEMBERS)]
            )
            campaign_type = env["relationship.campaign.type"].create({"name": "A"})
            campaign = env["relationship.campaign"].create(
                {
                    "title": "At once",
                    "type_id": campaign_type.id,
                    "user_id": user.id,
                    "channel": False,
                }
            )
            members = env["relationship.campaign.addressee"].create(
                [{"campaign_id": campaign.id, "partner_id": p.id} for p in people]
            )
            kind = env["relationship.activity.type"].create(
                {
                    "name": "At once",
                    "tasks_per_day": 1,
                    "template_ids": [
                        Command.create(
                            {
                                "activity_type_id": env.ref(
                                    "mail.mail_activity_data_call"
                                ).id,
                                "per": "addressee",
                                "responsible_type": "on_demand",
                            }
                        )
                    ],
                }
            )
            env.flush_all()
            self.user_id, self.kind_id, self.campaign_id = user.id, kind.id, campaign.id
            self.member_id = members[0].id
            # In the order in which they can go.
            self.made = [
                (record._name, record.ids)
                for record in (
                    *(members, campaign, campaign_type, kind, user),
                    *(people, user.partner_id),
                )
            ]
        self.addCleanup(self.forget)

    def in_env(self, cr, uid=SUPERUSER_ID):
        # All on one day, also in the hour that begins it in some time zones only.
        return api.Environment(cr, uid, {"tracking_disable": True, "tz": "UTC"})

    def forget(self):
        with self.connection.cursor() as cr:
            env = self.in_env(cr)
            domain = [("type_id", "=", self.kind_id)]
            env["relationship.activity"].search(domain).unlink()
            for model, ids in self.made:
                env[model].browse(ids).exists().unlink()
                env.flush_all()

    def plan(self, cr):
        """Plan an activity in a transaction that is left open."""
        env = self.in_env(cr, self.user_id)
        activity = env["relationship.activity"].create(
            {
                "name": "At once",
                "type_id": self.kind_id,
                "campaign_id": self.campaign_id,
                "date_from": fields.Date.context_today(env.user),
            }
        )
        env.flush_all()
        return activity.id

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def at_once(self, first_step, second_step):
        """Do two things in transactions that do not see each other."""
        with (
            closing(self.connection.cursor()) as first,
            closing(self.connection.cursor()) as second,
        ):
            second.execute("SELECT 1")  # its snapshot begins here
            first_step(first)
            env = self.in_env(second, self.user_id)
            # As a request of the web client: it waits, and is repeated unseen.
            thread = Thread(target=retrying, args=(lambda: second_step(second), env))
            thread.start()
            thread.join(1)
            first.commit()
            thread.join(300)
        with self.connection.cursor() as cr:
            tasks = self.in_env(cr)["mail.activity"].search(
                [("user_id", "=", self.user_id)]
            )
            return tasks.mapped("date_deadline")

    def assertNobodyHasTwo(self, days, number):
        self.assertEqual((len(days), len(set(days))), (number, number))

    def test_two_activities(self):
        days = self.at_once(self.plan, self.plan)
        self.assertNobodyHasTwo(days, 2 * MEMBERS)

    def test_another_day(self):
        with self.connection.cursor() as cr:
            activity_id = self.plan(cr)

        def move(cr):
            env = self.in_env(cr, self.user_id)
            activity = env["relationship.activity"].browse(activity_id)
            activity.date_from = fields.Date.add(activity.date_from, days=30)
            env.flush_all()

        def plan_then(cr):
            env = self.in_env(cr, self.user_id)
            activity = env["relationship.activity"].browse(self.plan(cr))
            activity.date_from = fields.Date.add(activity.date_from, days=30)
            env.flush_all()

        self.assertNobodyHasTwo(self.at_once(move, plan_then), 2 * MEMBERS)

    # Who goes while somebody plans for them

    def exclude(self, cr):
        env = self.in_env(cr)
        member = env["relationship.campaign.addressee"].browse(self.member_id)
        member.action_leave_out()
        env.flush_all()

    def archive_partner(self, cr):
        env = self.in_env(cr)
        member = env["relationship.campaign.addressee"].browse(self.member_id)
        member.target_id.action_archive()
        env.flush_all()

    def test_who_is_excluded_at_this_moment_is_not_called(self):
        for go in (self.exclude, self.archive_partner):
            for steps in ((self.plan, go), (go, self.plan)):
                with self.subTest(go.__name__, planned_first=steps[0] == self.plan):
                    self.at_once(*steps)
                    with self.connection.cursor() as cr:
                        env = self.in_env(cr)
                        tasks = env["mail.activity"].search(
                            [("addressee_id", "=", self.member_id)]
                        )
                        self.assertFalse(tasks)
                        member = env["relationship.campaign.addressee"].browse(
                            self.member_id
                        )
                        member.target_id.active = True
                        member.action_take_in()
                        domain = [("type_id", "=", self.kind_id)]
                        env["relationship.activity"].search(domain).unlink()

    def join(self, cr):
        env = self.in_env(cr)
        partner = env["res.partner"].create({"name": "Joins"})
        member = env["relationship.campaign.addressee"].create(
            {"campaign_id": self.campaign_id, "partner_id": partner.id}
        )
        env.flush_all()
        self.joined = member, partner

    def test_who_joins_at_this_moment_has_a_task(self):
        with self.connection.cursor() as cr:
            kind = self.in_env(cr)["relationship.activity.type"].browse(self.kind_id)
            kind.includes_joining = True
        for steps in ((self.plan, self.join), (self.join, self.plan)):
            with self.subTest(planned_first=steps[0] == self.plan):
                self.at_once(*steps)
                with self.connection.cursor() as cr:
                    env = self.in_env(cr)
                    member, partner = (record.with_env(env) for record in self.joined)
                    tasks = env["mail.activity"].search(
                        [("addressee_id", "=", member.id)]
                    )
                    self.assertEqual(len(tasks), 1)
                    domain = [("type_id", "=", self.kind_id)]
                    env["relationship.activity"].search(domain).unlink()
                    member.unlink()
                    partner.unlink()

    def archive_user(self, cr):
        env = self.in_env(cr, self.env.ref("base.user_admin").id)
        env["res.users"].browse(self.user_id).action_archive()
        env.flush_all()

    def give(self, cr):
        env = self.in_env(cr)
        kind = env["relationship.activity.type"].browse(self.kind_id)
        kind.template_ids.per = "one"
        partner = env["res.partner"].browse(self.partner_id)
        env["relationship.activity"].create(
            {
                "type_id": kind.id,
                "partner_id": partner.id,
                "user_id": self.user_id,
                "date_from": fields.Date.context_today(env.user),
            }
        )
        env.flush_all()

    def test_who_leaves_at_this_moment_keeps_nothing(self):
        with self.connection.cursor() as cr:
            member = self.in_env(cr)["relationship.campaign.addressee"]
            self.partner_id = member.browse(self.member_id).target_id.id
        self.at_once(self.give, self.archive_user)
        with self.connection.cursor() as cr:
            env = self.in_env(cr)
            activity = env["relationship.activity"].search(
                [("type_id", "=", self.kind_id)]
            )
            admin = self.env.ref("base.user_admin").id
            self.assertEqual(activity.user_id.id, admin)
            tasks = env["mail.activity"].search(
                [("relationship_activity_id", "=", activity.id)]
            )
            self.assertEqual(tasks.user_id.id, admin)
            env["res.users"].browse(self.user_id).action_unarchive()
