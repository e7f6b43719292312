"""What the tests of activities have in common."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..campaign.campaign_case import CampaignCase


@tagged("post_install", "-at_install")
class ActivityCase(CampaignCase):
    """A type with tasks, a campaign with members, an opportunity; Anna plans."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env["res.users"])
        cls.call, cls.letter = (
            cls.env.ref(f"mail.mail_activity_data_{name}") for name in ("call", "todo")
        )
        cls.visit = cls.new_type(
            "Test visit",
            {"summary": "Prepare {subject}", "delay_count": 0},
            {"summary": "Call {partner}", "delay_count": 2},
            code="TV",
        )

    @classmethod
    def new_type(cls, name, *templates, **values):
        return cls.env["relationship.activity.type"].create(
            {
                "name": name,
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": cls.call.id,
                            "delay_from": "after_plan_date",
                            "responsible_type": "on_demand",
                            **template,
                        }
                    )
                    for template in templates
                ],
                **values,
            }
        )

    @classmethod
    def plan(cls, user=None, **values):
        """Plan an activity as ``user`` (Anna), by default with Stalmet."""
        activities = cls.env["relationship.activity"].with_user(user or cls.anna)
        if not {"lead_id", "campaign_id", "partner_id"} & values.keys():
            values["partner_id"] = cls.stalmet.id
        return activities.create(
            {"name": "Fair", "type_id": cls.visit.id, "date_from": cls.today, **values}
        )

    @classmethod
    def tasks(cls, activity, **values):
        """Return all tasks of an activity in the order of their creation."""
        tasks = cls.env["mail.activity"].with_context(active_test=False)
        domain = [("relationship_activity_id", "in", activity.ids)]
        return tasks.search(
            [*domain, *((name, "=", value) for name, value in values.items())],
            order="id",
        )

    @classmethod
    def day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def add_members(cls, campaign, *partners):
        return (
            cls.env["relationship.campaign.addressee"]
            .with_user(cls.anna)
            .create(
                [
                    {"campaign_id": campaign.id, "partner_id": partner.id}
                    for partner in partners
                ]
            )
        )

    def is_written(self, record, action):
        """Tell whether an action writes the row of a record, whatever is in it."""
        places = []
        for step in (lambda: None, action):
            step()
            self.env.flush_all()
            table = record._table
            self.env.cr.execute(
                f"SELECT ctid FROM {table} WHERE id = %s",
                [record.id],
            )
            places += self.env.cr.fetchone()
        return places[0] != places[1]
