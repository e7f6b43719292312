"""What is seen and touches what is hidden, and what is private to one person."""

from datetime import timedelta

from odoo import Command, fields

# In the name of everything that is hidden from somebody: people look for it.
MARK = "Geheim"


class Pool:
    """Records that are hidden from the same people, by model."""

    def __init__(self, name, company, user):
        self.name, self.company, self.user = name, company, user
        self.records = {}

    def add(self, records):
        known = self.records.get(records._name, records.browse())
        self.records[records._name] = known | records
        return records

    def get(self, model):
        return self.records[model][:1]

    def get_all(self, model):
        return self.records.get(model, ())


class Bridges:
    @classmethod
    def add_private(cls):
        """Add what is private to one person: a dialog.

        Private meetings are kept by core, which finds them by words all the same.
        """
        cls.pools["private"] = pool = Pool("private", cls.company, cls.olga)
        dialogs = cls.env["relationship.consent.record"].with_user(cls.olga)
        pool.add(
            dialogs.create(
                {
                    "partner_ids": [Command.set(cls.kranbau.ids)],
                    "action": "withdrawn",
                    "email": True,
                }
            ).with_env(cls.env)
        )

    @classmethod
    def add_bridges(cls):
        """Add what is seen and touches what is hidden."""
        secret, leipzig = cls.pools["secret"], cls.pools["leipzig"]
        ours = cls.pools["ours"]
        deals = {"type": "opportunity", "company_id": cls.company.id, "team_id": False}
        cls.pools["of anna"].add(
            cls.env["crm.lead"].create(
                {
                    **deals,
                    "name": f"{MARK} of anna, of a hidden campaign",
                    "user_id": cls.anna.id,
                    "partner_id": cls.stalmet.id,
                    "campaign_id": secret.get("utm.campaign").id,
                }
            )
        )
        # A campaign of ours in which Leipzig has members and deals of its own.
        shared = ours.get("relationship.campaign").copy(
            {"title": "Shared fair", "type_id": cls.fair_type.id, "user_id": cls.ewa.id}
        )
        cls.shared = shared
        shared.relationship_linked_company_ids = cls.other_company
        # By docs/decisions/0015-relationship-list.md who may read a partner sees that
        # it matters to projects, whichever these are: all of these do here.
        everybody = cls.stalmet | cls.kranbau | cls.paktech | cls.quiet | cls.silent
        cls.env["relationship.reference"].create(
            [
                {
                    "campaign_id": shared.id,
                    "partner_id": partner.id,
                    "type_id": cls.representative_type.id,
                }
                for partner in everybody
            ]
        )
        for pool, partner in ((ours, cls.kranbau), (leipzig, cls.paktech)):
            cls.make(
                pool,
                "relationship.campaign.addressee",
                campaign_id=shared.id,
                partner_id=partner.id,
                company_id=pool.company.id,
            )
        for pool in (leipzig, secret, cls.pools["of piotr"], cls.pools["of anna"]):
            pool.get("crm.lead").campaign_id = shared.utm_campaign_id
        # A part of it that is hidden, and one that is part of a hidden one.
        part = secret.get("relationship.campaign")
        part.parent_id = shared
        # Tasks at what is hidden from whoever has to do them.
        for pool in (leipzig, secret, cls.pools["of piotr"]):
            for user in (cls.anna, cls.jan):
                task = pool.get("crm.lead").activity_schedule(
                    "mail.mail_activity_data_todo", summary="Help", user_id=cls.ewa.id
                )
                cls.env.flush_all()
                cls.env.cr.execute(
                    "UPDATE mail_activity SET user_id = %s WHERE id = %s",
                    [user.id, task.id],
                )
        now = fields.Datetime.now().replace(microsecond=0)
        # Not of a deal of Piotr: core names that behind a many2one.
        cls.env["calendar.event"].create(
            {
                "name": "Visit together",
                "start": now + timedelta(days=3),
                "stop": now + timedelta(days=3, hours=1),
                "opportunity_id": secret.get("crm.lead").id,
                "user_id": cls.anna.id,
            }
        )
        # Two partners whom everybody sees, one beside whom somebody is hidden.
        cls.person = cls.env["res.partner"].create(
            {
                "name": "Tomasz Rek",
                "parent_id": cls.stalmet.id,
                "email": leipzig.get("res.partner").email,
            }
        )
        cls.env.invalidate_all()
