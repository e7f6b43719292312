from odoo import fields
from odoo.tests import tagged

from .people import OPEN, SECRET, SHOWN, RightsCase

# On campaigns: whoever may change the campaign. On opportunities: those who see them,
# and may change them. With a partner alone: whoever may change partners.
ACTIVITIES = """
                         jan  anna piotr maria ewa  katrin bruno sven lena
on our campaign:         r    rwcu rwcu  rwcu  rwcu -      r     rwcu rwcu
linked to Leipzig:       r    rwcu rwcu  rwcu  rwcu r      r     rwcu rwcu
about ours, linked:      r    rwcu rwcu  rwcu  rwcu -      r     rwcu rwcu
for ours, linked:        r    rwcu rwcu  rwcu  rwcu -      r     rwcu rwcu
for ours alone, linked:  r    rwcu rwcu  rwcu  rwcu -      r     rwcu rwcu
for anybody, linked:     r    rwcu rwcu  rwcu  rwcu r      r     rwcu rwcu
on Leipzig's:            -    -    -     -     -    rwcu   -     -    -
on Leipzig's, linked:    r    r    r     r     r    rwcu   -     r    r
on a secret campaign:    -    -    -     rwcu  rwcu -      -     r    rwcu
on Anna's opportunity:   -    rwcu rwcu  -     rwcu -      -     -    rwcu
on nobody's opportunity: -    rwcu rwcu  -     rwcu -      -     rwcu rwcu
on a secret opportunity: -    -    -     -     rwcu -      -     r    rwcu
on a campaign to see:    r    r    r     rwcu  rwcu -      r     r    rwcu
on a deal to see:        -    r    r     -     rwcu -      -     r    rwcu
of Anna's deleted deal:  -    rwcu rwcu  -     rwcu -      -     -    rwcu
of a secret one deleted: -    -    -     -     rwcu -      -     -    rwcu
of one to see, deleted:  -    -    r     -     rwcu -      -     -    rwcu
on no company's deal:    -    -    rwcu  -     rwcu rwcu   rwcu  -    rwcu
with a partner:          r    rwcu rwcu  r     rwcu -      -     rwcu rwcu
with one, in Leipzig:    -    -    -     -     -    rwcu   -     -    -
to look at:              r    r    r     rwcu  rwcu -      r     r    rwcu
secret:                  -    -    -     rwcu  rwcu -      -     r    rwcu
"""


@tagged("post_install", "-at_install")
class TestRightsToActivities(RightsCase):
    """Activities by their type and by what they belong to."""

    tables = {
        "relationship.activity": ACTIVITIES,
        "relationship.activity.todo": """
      adam
any:  r
        """,
        "relationship.day.item": """
               jan anna ewa
Jan's task:    r   -    -
Anna's task:   -   r    -
Ewa's visit:   -   -    r
        """,
    }
    closed = {"relationship.day.item": ("client", "clerk")}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ours, leipzig = cls.company, cls.other_company
        cls.kinds = {
            how: cls.env["relationship.activity.type"].create(
                {"name": how, **cls.restrict(how)}
            )
            for how in (OPEN, SHOWN, SECRET)
        }
        for name, values in {
            "on our campaign": {},
            "linked to Leipzig": {"linked": leipzig},
            "on Leipzig's": {"company": leipzig},
            "on Leipzig's, linked": {"company": leipzig, "linked": ours},
            "on a secret campaign": {"how": SECRET},
            "on a campaign to see": {"how": SHOWN},
        }.items():
            campaign = cls.make_campaign(**values)
            cls.add_activity(name, campaign_id=campaign.id, user_id=campaign.user_id.id)
        hidden, shown = (
            cls.machine_deal.copy({"name": how, **cls.restrict(how)})
            for how in (SECRET, SHOWN)
        )
        for name, values in {
            "on Anna's opportunity": {"user_id": cls.anna.id},
            "on nobody's opportunity": {"user_id": False},
            "on a secret opportunity": {
                "user_id": False,
                "opportunity_type_id": hidden.id,
            },
            "on a deal to see": {"user_id": False, "opportunity_type_id": shown.id},
            "on no company's deal": {"user_id": cls.piotr.id, "company_id": False},
        }.items():
            lead = cls.env["crm.lead"].create(
                {
                    "name": name,
                    "type": "opportunity",
                    "company_id": ours.id,
                    "opportunity_type_id": cls.machine_deal.id,
                    **values,
                }
            )
            cls.add_activity(name, lead_id=lead.id)
        rows = cls.rows["relationship.activity"]
        for gone, user, kind in (
            ("of Anna's deleted deal", cls.anna, cls.machine_deal),
            ("of a secret one deleted", cls.ewa, hidden),
            ("of one to see, deleted", cls.ewa, shown),
        ):
            deal = lead.copy({"user_id": user.id, "company_id": ours.id})
            deal.opportunity_type_id = kind
            cls.add_activity(gone, lead_id=deal.id, user_id=user.id)
            deal.unlink()
            cls.env.invalidate_all()
            rows[gone] = rows[gone]._replace(values=None)
        campaign = cls.make_campaign(linked=leipzig)
        firms = cls.stalmet.copy({"company_id": ours.id})
        firms += cls.stalmet.copy({"company_id": False})
        person, anybody = (
            cls.stalmet.copy({"parent_id": firm.id, "company_id": firm.company_id.id})
            for firm in firms
        )
        for name, partner, contact in (
            ("about ours", firms[0], None),
            ("for ours", firms[0], person),
            ("for ours alone", None, person),
            ("for anybody", firms[1], anybody),
        ):
            cls.add_activity(
                f"{name}, linked",
                campaign_id=campaign.id,
                partner_id=partner and partner.id,
                contact_id=contact and contact.id,
                user_id=campaign.user_id.id,
            )
        cls.add_activity("with a partner", partner_id=cls.stalmet.id)
        cls.add_activity(
            "with one, in Leipzig",
            leipzig,
            partner_id=cls.stalmet.copy({"company_id": False}).id,
            user_id=cls.katrin.id,
        )
        campaign = cls.make_campaign()
        for how in (SHOWN, SECRET):
            cls.add_activity(
                how,
                campaign_id=campaign.id,
                type_id=cls.kinds[how].id,
                user_id=campaign.user_id.id,
            )

        template = cls.env["mail.activity.plan.template"].create(
            {"relationship_type_id": cls.kinds[OPEN].id, "summary": "Call"}
        )
        cls.add_row(
            "relationship.activity.todo",
            "any",
            {
                "activity_id": cls.rows["relationship.activity"][SHOWN].record.id,
                "template_id": template.id,
                "task_key": "one",
                "user_id": cls.ewa.id,
                "date_deadline": "2030-01-01",
            },
            task_key="two",
        )

        cls.add_days()

    @classmethod
    def add_days(cls):
        """Let each look once: nobody has the rows of somebody else."""
        for user in (cls.jan, cls.anna):
            cls.stalmet.activity_schedule(summary="Call", user_id=user.id)
        cls.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": fields.Datetime.now(),
                "stop": fields.Datetime.now(),
                "user_id": cls.ewa.id,
            }
        )
        for name, user, domain in (
            ("Jan's task", cls.jan, [("name", "=", "Call")]),
            ("Anna's task", cls.anna, [("name", "=", "Call")]),
            ("Ewa's visit", cls.ewa, [("name", "=", "Visit")]),
        ):
            items = cls.env["relationship.day.item"].with_user(user)
            record = items.search(domain, limit=1).sudo()
            cls.add_row(items._name, name, record=record)

    @classmethod
    def add_activity(cls, name, company=None, **values):
        values = {"name": name, "type_id": cls.kinds[OPEN].id, **values}
        activities = cls.env["relationship.activity"]
        record = activities.with_company(company or cls.company).create(
            {"user_id": cls.ewa.id, **values}
        )

        def another(user):
            return {**values, "user_id": user.id}

        # With a partner of every company anybody may plan in a company of their own.
        again = None if "partner_id" in values else another
        record = record.with_env(cls.env)
        cls.add_row("relationship.activity", name, again, record=record)

    def test_every_cell_holds(self):
        self.assertTables()
