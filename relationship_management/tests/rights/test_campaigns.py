from odoo.tests import tagged

from .people import SECRET, SHOWN, RightsCase

# Owner and linked companies look on, branches of the owner, too; the owner changes.
CAMPAIGNS = """
                    jan  anna piotr maria ewa  katrin bruno sven lena
ours:               r    rwcu rwcu  rwcu  rwcu -      r     rwcu rwcu
linked to Leipzig:  r    rwcu rwcu  rwcu  rwcu r      r     rwcu rwcu
Leipzig's:          -    -    -     -     -    rwcu   -     -    -
Leipzig's, linked:  r    r    r     r     r    rwcu   -     r    r
to look at:         r    r    r     rwcu  rwcu -      r     r    rwcu
secret:             -    -    -     rwcu  rwcu -      -     r    rwcu
"""
# The core side: who may create a plain campaign is asked here, too.
CORE_SIDES = """
                    clerk jan  anna piotr maria ewa  katrin bruno sven lena
core's own:         rwc   rwc  rwc  rwc   rwc   rwc  rwc    rwc   rwc  rwc
ours:               rc    rc   rwc  rwc   rwc   rwc  -      r     rwc  rwc
linked to Leipzig:  rc    rc   rwc  rwc   rwc   rwc  r      r     rwc  rwc
Leipzig's:          -     -    -    -     -     -    rwc    -     -    -
Leipzig's, linked:  r     r    r    r     r     r    rwc    -     r    r
to look at:         rc    rc   rc   rc    rwc   rwc  -      r     rc   rwc
secret:             c     c    c    c     rwc   rwc  -      -     rc   rwc
"""
# Each company sees its own, wherever the campaign is open to it.
ADDRESSEES = """
                         jan  anna piotr maria ewa  katrin bruno sven lena
ours:                    rwcu rwcu rwcu  rwcu  rwcu -      -     rwcu rwcu
of a branch in ours:     -    -    -     -     -    -      rwcu  -    -
Leipzig's in ours:       -    -    -     -     -    rwcu   -     -    -
Leipzig's:               -    -    -     -     -    rwcu   -     -    -
ours in Leipzig's:       rwcu rwcu rwcu  rwcu  rwcu -      -     rwcu rwcu
ours, no longer linked:  -    -    -     -     -    -      -     -    -
to look at:              r    r    r     rwcu  rwcu -      -     r    rwcu
secret:                  -    -    -     rwcu  rwcu -      -     r    rwcu
"""
FREEZES = """
                    jan  anna piotr maria ewa  katrin bruno sven lena
ours:               r    r    r     r     r    -      -     r    r
Leipzig's in ours:  -    -    -     -     -    r      -     -    -
secret:             -    -    -     r     r    -      -     r    r
"""


@tagged("post_install", "-at_install")
class TestRightsToCampaigns(RightsCase):
    """Campaigns and what belongs to them, by owner, linked company and type."""

    tables = {
        "utm.campaign": CORE_SIDES,
        "relationship.campaign": CAMPAIGNS,
        "relationship.campaign.cost": CAMPAIGNS,
        "relationship.campaign.selection": CAMPAIGNS,
        "relationship.campaign.addressee": ADDRESSEES,
        "relationship.campaign.freeze": FREEZES,
        "relationship.campaign.freeze.item": """
      adam
any:  r
        """,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ours, leipzig = cls.company, cls.other_company
        cls.campaigns = {}
        for name, values in {
            "ours": {},
            "linked to Leipzig": {"linked": leipzig},
            "Leipzig's": {"company": leipzig},
            "Leipzig's, linked": {"company": leipzig, "linked": ours},
            SHOWN: {"how": SHOWN},
            SECRET: {"how": SECRET},
        }.items():
            # One with addressees cannot be deleted.
            cls.add_campaign(name, cls.make_campaign(**values))
            cls.campaigns[name] = cls.make_campaign(**values)
        cls.add_row("utm.campaign", "core's own", {"title": "Newsletter"})
        cls.add_addressees()
        cls.add_freezes()

    @classmethod
    def add_campaign(cls, name, campaign):
        def another(user):
            return {
                "title": "Another fair",
                "type_id": campaign.type_id.id,
                "company_id": campaign.company_id.id,
                "user_id": user.id,
            }

        cls.add_row("relationship.campaign", name, another, record=campaign)
        cls.add_row("utm.campaign", name, record=campaign.utm_campaign_id)
        for line, field in (("cost", "name"), ("selection", "rule")):
            values = {"campaign_id": campaign.id, field: "[]"}
            cls.add_row(f"relationship.campaign.{line}", name, values)

    @classmethod
    def add_addressees(cls):
        unlinked = cls.make_campaign(cls.other_company, linked=cls.company)
        partners = {"of a branch in ours": cls.stalmet}
        for name, campaign, company in (
            ("ours", cls.campaigns["ours"], cls.company),
            ("of a branch in ours", cls.campaigns["ours"], cls.branch),
            (
                "Leipzig's in ours",
                cls.campaigns["linked to Leipzig"],
                cls.other_company,
            ),
            ("Leipzig's", cls.campaigns["Leipzig's"], cls.other_company),
            ("ours in Leipzig's", cls.campaigns["Leipzig's, linked"], cls.company),
            ("ours, no longer linked", unlinked, cls.company),
            (SHOWN, cls.campaigns[SHOWN], cls.company),
            (SECRET, cls.campaigns[SECRET], cls.company),
        ):
            cls.add_row(
                "relationship.campaign.addressee",
                name,
                {
                    "campaign_id": campaign.id,
                    "company_id": company.id,
                    "partner_id": partners.get(name, cls.kranbau).id,
                },
                partner_id=cls.paktech.id,
            )
        cls.env.flush_all()
        # However that came about: no record tells any more that it was linked.
        cls.env.cr.execute(
            """DELETE FROM relationship_campaign_linked_company_rel
               WHERE utm_campaign_id = %s""",
            [unlinked.utm_campaign_id.id],
        )
        cls.env.invalidate_all()

    @classmethod
    def add_freezes(cls):
        for name, campaign, company in (
            ("ours", "ours", cls.company),
            ("Leipzig's in ours", "linked to Leipzig", cls.other_company),
            (SECRET, SECRET, cls.company),
        ):
            freeze = cls.add_row(
                "relationship.campaign.freeze",
                name,
                {
                    "campaign_id": cls.campaigns[campaign].id,
                    "company_id": company.id,
                    "addressing": "company_contact",
                },
            )
        cls.add_row(
            "relationship.campaign.freeze.item",
            "any",
            {"freeze_id": freeze.id, "partner_id": cls.kranbau.id},
        )

    def test_every_cell_holds(self):
        self.assertTables()
