"""A database in which much is hidden, for each reason, beside what is seen."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..campaign.campaign_case import CampaignCase
from .bridges import MARK, Bridges, Pool

OURS = "relationship_management.relationship_management_group"


@tagged("post_install", "-at_install")
class WorldCase(Bridges, CampaignCase):
    """What is hidden, in pools: whoever may not see one gets the same without it.

    ========== =============================================  ======================
    pool       what it holds                                  hidden from
    ========== =============================================  ======================
    leipzig    all of another company                         all but Katrin
    ours       all of our company                             Katrin
    secret     all of types that a group alone sees           all but Olga
    of piotr   an opportunity of Piotr, and what is about it  Anna, Jan, Katrin
    of anna    an opportunity of Anna, and what is about it   Jan, Katrin
    private    what is private, or somebody else's dialog     all but Olga
    unanalysed all of types that a group alone analyses       nobody, but from sums
    ========== =============================================  ======================

    Rights on types bind managers here, so that Ewa is no exception.
    """

    hidden_from = {
        "anna": ("leipzig", "secret", "of piotr", "private"),
        "piotr": ("leipzig", "secret", "private"),
        "ewa": ("leipzig", "secret", "private"),
        "jan": ("leipzig", "secret", "of piotr", "of anna", "private"),
        "katrin": ("ours", "secret", "of piotr", "of anna", "private"),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param(
            "relationship_management.types_bind_managers", "True"
        )
        cls.secret_group = cls.env["res.groups"].create({"name": "Confidential"})
        all_leads = "sales_team.group_sale_salesman_all_leads"
        leipzig = cls.other_company.ids
        cls.olga, cls.konrad = cls._new_users(
            ("olga", f"{all_leads},{OURS}_manager", {}),
            ("konrad", all_leads, {"company_id": leipzig[0], "company_ids": leipzig}),
        )
        cls.olga.group_ids += cls.secret_group
        everybody = cls.anna | cls.piotr | cls.ewa | cls.jan | cls.katrin
        export = cls.env.ref("base.group_allow_export")
        everybody.group_ids = [Command.link(export.id)]
        cls.secret_rights = {"see_group_ids": [Command.set(cls.secret_group.ids)]}
        cls.unanalysed = {"analyse_group_ids": [Command.set(cls.secret_group.ids)]}
        cls.day = fields.Date.context_today(cls.env.user)
        # Whose deals are all hidden from somebody.
        cls.quiet, cls.silent = cls.env["res.partner"].create(
            [{"name": "Quiet S.A."}, {"name": "Silent S.A."}]
        )
        cls.pools = {}
        for name, company, user, rights in (
            ("leipzig", cls.other_company, cls.katrin, {}),
            ("ours", cls.company, cls.ewa, {}),
            ("secret", cls.company, cls.olga, cls.secret_rights),
            ("unanalysed", cls.company, cls.anna, cls.unanalysed),
        ):
            cls.pools[name] = pool = Pool(name, company, user)
            cls.add_types(pool, rights)
            cls.add_all(pool, bool(rights))
        for name, user in (("of piotr", cls.piotr), ("of anna", cls.anna)):
            cls.pools[name] = pool = Pool(name, cls.company, user)
            cls.add_lead(pool, opportunity_type_id=cls.machine_deal.id)
        cls.add_private()
        cls.add_bridges()
        cls.env.flush_all()
        cls.env.cr.precommit.run()

    @classmethod
    def make(cls, pool, model, **values):
        """Create a record of a pool, as superuser in its company."""
        records = cls.env[model].with_company(pool.company)
        return pool.add(records.create(values).with_env(cls.env))

    @classmethod
    def add_types(cls, pool, rights):
        mark = f"{MARK} {pool.name}"
        shared = {} if rights else {"company_id": pool.company.id}
        kinds = {}
        for name in ("opportunity", "campaign", "activity", "role", "reference"):
            kinds[name] = cls.make(
                pool,
                f"relationship.{name}.type",
                **{"name": f"{mark} {name}", **shared, **rights},
            )
        kinds["relation"] = cls.make(
            pool,
            "relationship.relation.type",
            name=f"{mark} knows",
            inverse_name=f"{mark} is known by",
            **shared,
            **rights,
        )
        kinds["opportunity"].code = f"{pool.name[:3].upper()}G"
        cls.make(
            pool,
            "relationship.activity.result",
            name=f"{mark} result",
            type_id=kinds["activity"].id,
        )
        template = cls.make(
            pool,
            "mail.activity.plan.template",
            relationship_type_id=kinds["activity"].id,
            summary=f"{mark} task",
        )
        pool.add(template.plan_id)
        cls.make(
            pool,
            "relationship.planned.role",
            opportunity_type_id=kinds["opportunity"].id,
            reference_type_id=cls.competitor_type.id,
        )
        cls.make(
            pool,
            "relationship.campaign.response",
            name=f"{mark} response",
            type_id=kinds["campaign"].id,
        )
        if not rights:
            cls.make(pool, "crm.stage", name=f"{mark} stage", **shared)
            cls.make(
                pool, "relationship.consent.purpose", name=f"{mark} purpose", **shared
            )
        pool.kinds = kinds

    @classmethod
    def add_all(cls, pool, is_secret):
        mark = f"{MARK} {pool.name}"
        company = {"company_id": pool.company.id}
        kinds = pool.kinds
        if not is_secret:
            for number in (1, 2):
                cls.make(
                    pool,
                    "res.partner",
                    name=f"{mark} partner {number}",
                    email=f"{pool.name}{number}@example.com",
                    phone=f"+4861555000{number}",
                    **company,
                )
        for name, values in {
            "role": {"partner_id": cls.stalmet.id},
            "relation": {
                "left_partner_id": cls.stalmet.id,
                "right_partner_id": cls.kranbau.id,
            },
        }.items():
            cls.make(
                pool,
                f"relationship.{name}",
                type_id=kinds[name].id,
                **values,
                **company,
            )
        if not is_secret:
            cls.make(
                pool,
                "relationship.consent",
                partner_id=cls.stalmet.id,
                purpose_id=pool.get("relationship.consent.purpose").id,
                channel="letter",
                action="given",
                **company,
            )
        lead = cls.add_lead(pool, opportunity_type_id=kinds["opportunity"].id)
        campaign = cls.add_campaign(pool)
        lead.campaign_id = campaign.utm_campaign_id
        for values in (
            {"campaign_id": campaign.id},
            {"partner_id": cls.stalmet.id},
            *(
                {"partner_id": partner.id}
                for partner in pool.get_all("res.partner")[:1]
            ),
        ):
            cls.add_activity(pool, **values)

    @classmethod
    def add_lead(cls, pool, **values):
        """Add an opportunity of a visible partner, and what is about it."""
        mark = f"{MARK} {pool.name}"
        lead = cls.make(
            pool,
            "crm.lead",
            name=f"{mark} deal",
            type="opportunity",
            partner_id=(
                cls.stalmet if pool.name in ("ours", "of anna") else cls.quiet
            ).id,
            expected_revenue=777,
            user_id=pool.user.id,
            company_id=pool.company.id,
            team_id=False,
            stage_id=cls.stages[0].id,
            **values,
        )
        kinds = getattr(pool, "kinds", {"reference": cls.competitor_type})
        cls.make(
            pool,
            "relationship.reference",
            lead_id=lead.id,
            partner_id=cls.paktech.id,
            type_id=kinds["reference"].id,
        )
        cls.add_activity(pool, lead_id=lead.id)
        cls.add_talk(pool, lead)
        return lead

    @classmethod
    def add_campaign(cls, pool):
        mark = f"{MARK} {pool.name}"
        campaign = cls.make(
            pool,
            "relationship.campaign",
            title=f"{mark} fair",
            type_id=pool.kinds["campaign"].id,
            user_id=pool.user.id,
            company_id=pool.company.id,
            date_from=cls.day - timedelta(days=9),
            date_to=cls.day + timedelta(days=90),
        )
        pool.add(campaign.utm_campaign_id)
        about = {"campaign_id": campaign.id}
        cls.make(
            pool,
            "relationship.campaign.cost",
            name=f"{mark} stand",
            planned_amount=77,
            **about,
        )
        for partner in (cls.stalmet, cls.paktech):
            cls.make(
                pool,
                "relationship.campaign.addressee",
                partner_id=partner.id,
                company_id=pool.company.id,
                **about,
            )
        cls.make(pool, "relationship.campaign.selection", rule="[]", **about)
        cls.make(
            pool,
            "relationship.campaign.freeze",
            company_id=pool.company.id,
            addressing="person",
            user_id=pool.user.id,
            **about,
        )
        cls.make(
            pool,
            "relationship.reference",
            partner_id=cls.kranbau.id,
            type_id=pool.kinds["reference"].id,
            **about,
        )
        cls.add_talk(pool, campaign)
        return campaign

    @classmethod
    def add_activity(cls, pool, **about):
        kinds = getattr(pool, "kinds", None)
        if not kinds:
            cls.plain_kind = cls.env["relationship.activity.type"].search(
                [("name", "=", "Plain work")]
            ) or cls.env["relationship.activity.type"].create({"name": "Plain work"})
            kinds = {"activity": cls.plain_kind}
        activity = cls.make(
            pool,
            "relationship.activity",
            name=f"{MARK} {pool.name} work",
            type_id=kinds["activity"].id,
            user_id=pool.user.id,
            date_from=cls.day,
            date_to=cls.day + timedelta(days=5),
            **about,
        )
        cls.add_talk(pool, activity)
        return activity

    @classmethod
    def add_talk(cls, pool, record):
        """Add task, meeting, note and file of a record that is hidden."""
        mark = f"{MARK} {pool.name}"
        note = f"{mark} note"
        pool.add(
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=f"{mark} to do",
                user_id=pool.user.id,
            ).with_env(cls.env)
        )
        pool.add(record.message_post(body=note, message_type="comment"))
        cls.make(
            pool,
            "ir.attachment",
            name=f"{mark}.txt",
            raw=b"text",
            res_model=record._name,
            res_id=record.id,
        )
