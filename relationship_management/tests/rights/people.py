"""Everybody whose rights differ, and types that are open or hidden."""

from odoo import Command
from odoo.tests import new_test_user

from ..campaign.campaign_case import CampaignCase
from .matrix import MatrixCase

OURS = "relationship_management.relationship_management_group"
# What types are like, by their groups: who sees, uses and analyses records of them.
OPEN, SHOWN, SECRET = "open", "to look at", "secret"


class RightsCase(MatrixCase, CampaignCase):
    """Three companies, and a person for each role in them.

    Client: has the portal. Clerk: an employee without any role here. Jan: user of
    relationships. Anna, Sven: sell, own opportunities. Piotr, Lena: all opportunities.
    Mona: as Piotr, and works for Leipzig too, which is not switched on. Maria: manages
    relationships, sells nothing. Ewa: manages both. Katrin: manages sales in Leipzig.
    Bruno: all opportunities of a branch of our company. Adam: administrator. The groups
    of types let Sven see, and Lena use and analyse, what others may not.
    """

    people = (
        *("client", "clerk", "jan", "anna", "piotr", "mona", "maria", "ewa"),
        *("katrin", "bruno", "sven", "lena", "adam"),
    )
    # What an administrator may do depends on the addons beside this one.
    sometimes = frozenset({"adam"})
    like = {"mona": "piotr"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Nordmark Gdynia", "parent_id": cls.company.id}
        )
        cls.see_group, cls.use_group = cls.env["res.groups"].create(
            [{"name": "Sees the secret"}, {"name": "Uses the secret"}]
        )
        branch = cls.branch.ids
        all_leads = "sales_team.group_sale_salesman_all_leads"
        cls.maria, cls.mona, cls.bruno, cls.sven, cls.lena = cls._new_users(
            ("maria", f"{OURS}_manager", {}),
            ("mona", all_leads, {}),
            (
                *("bruno", all_leads),
                {"company_id": branch[0], "company_ids": [Command.set(branch)]},
            ),
            ("sven", "sales_team.group_sale_salesman", {}),
            ("lena", all_leads, {}),
        )
        cls.sven.group_ids += cls.see_group
        cls.lena.group_ids += cls.use_group
        cls.mona.company_ids += cls.other_company
        cls.contexts["mona"] = {"allowed_company_ids": cls.company.ids}
        cls.client = new_test_user(cls.env, "client_t", groups="base.group_portal")
        cls.clerk = new_test_user(cls.env, "clerk_t", groups="base.group_user")
        cls.adam = new_test_user(cls.env, "adam_t", groups="base.group_system")

    @classmethod
    def restrict(cls, how):
        """Return the values of a type that is open, to look at, or secret."""
        use = [Command.set(cls.use_group.ids)]
        see = [Command.set(cls.see_group.ids)]
        return {
            OPEN: {},
            SHOWN: {"use_group_ids": use, "analyse_group_ids": use},
            SECRET: {"use_group_ids": use, "see_group_ids": see},
        }[how]

    @classmethod
    def make_campaign(cls, company=None, linked=None, how=OPEN):
        company = company or cls.company
        kind = cls.fair_type.copy({"user_id": False, **cls.restrict(how)})
        campaign = cls.env["relationship.campaign"].create(
            {
                "title": "Fair",
                "type_id": kind.id,
                "company_id": company.id,
                "user_id": (cls.ewa if company == cls.company else cls.katrin).id,
            }
        )
        campaign.relationship_linked_company_ids = linked
        return campaign

    @classmethod
    def get_companies(cls):
        return {
            "everybody's": cls.env["res.company"],
            "ours": cls.company,
            "Leipzig's": cls.other_company,
        }
