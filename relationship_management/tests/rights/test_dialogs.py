from odoo.tests import tagged

from .people import RightsCase

# A dialog is that of whoever has opened it.
USERS = """
          jan  anna maria
Jan's:    rwcu -    -
Anna's:   -    rwcu -
Maria's:  -    -    rwcu
"""
SALES_AND_MANAGERS = USERS.replace("rwcu", "-", 1)
SALES = """
          anna
Jan's:    -
Anna's:   rwcu
Maria's:  -
"""
# What would change belongs to whoever asked for it.
REFRESH = """
          anna maria
Anna's:   rwc  -
Maria's:  -    rwc
Jan's:    -    -
"""


@tagged("post_install", "-at_install")
class TestRightsToDialogs(RightsCase):
    """Who may open which dialog."""

    tables = {
        "relationship.relation.create": USERS,
        "relationship.consent.record": USERS,
        "relationship.campaign.answer": USERS,
        "relationship.campaign.complete": USERS,
        "relationship.campaign.assign": USERS.replace("rwcu", "rwc"),
        "relationship.campaign.adopt": SALES_AND_MANAGERS,
        "relationship.campaign.linking": SALES_AND_MANAGERS,
        "relationship.campaign.opportunity": SALES,
        "relationship.campaign.refresh": REFRESH,
        "relationship.task.done": """
          jan anna maria
Jan's:    rwc -    -
Anna's:   -   rwc  -
Maria's:  -   -    rwc
        """,
        "relationship.item.change": """
          jan anna maria
Jan's:    rwc -    -
Anna's:   -   rwc  -
Maria's:  -    -   rwc
        """,
        "relationship.right.question": """
          maria
Jan's:    -
Anna's:   -
Maria's:  rwc
        """,
        "crm.lead.lost": SALES.replace("rwcu", "rwc"),
        "relationship.campaign.refresh.line": f"""{REFRESH}
Anna's in Maria's:  - -
Maria's in Anna's:  - -
        """,
    }
    closed = dict.fromkeys(tables, ("client", "clerk"))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.new_campaign()
        kind = cls.env["relationship.relation.type"].create(
            {"name": "knows", "inverse_name": "is known by"}
        )
        directions = cls.env["relationship.relation.direction"]
        partners = [(6, 0, cls.kranbau.ids)]
        plain = cls.env["utm.campaign"].create({"title": "Newsletter"})
        for name, values in {
            "relation.create": {
                "partner_ids": partners,
                "direction_id": directions._get_direction(kind, False).id,
                "other_partner_id": cls.stalmet.id,
            },
            "consent.record": {
                "partner_ids": partners,
                "action": "withdrawn",
                "email": True,
            },
            "campaign.assign": {"partner_refs": cls.kranbau.ids},
            "right.question": {"res_model": "res.partner", "res_id": cls.kranbau.id},
        }.items():
            cls.add_dialogs(f"relationship.{name}", values)
        # What belongs to a company, which not everybody here works for.
        for name, values in {
            "adopt": {
                "utm_campaign_ids": [(6, 0, plain.ids)],
                "company_id": cls.company.id,
                "type_id": cls.fair_type.id,
                "date_to": "2030-01-01",
            },
            "complete": {
                "campaign_ids": [(6, 0, cls.campaign.ids)],
                "state": "completed",
            },
            "linking": {"campaign_id": cls.campaign.id},
        }.items():
            cls.add_dialogs(f"relationship.campaign.{name}", values)
        addressee = cls.env["relationship.campaign.addressee"].create(
            {"campaign_id": cls.campaign.id, "partner_id": cls.kranbau.id}
        )
        response = cls.env["relationship.campaign.response"].create({"name": "Comes"})
        answer = {"addressee_ids": addressee.ids, "response_id": response.id}
        cls.add_dialogs("relationship.campaign.answer", answer)
        marked = {"active_model": addressee._name, "active_ids": addressee.ids}
        cls.add_dialogs("relationship.campaign.opportunity", {"name": "Crane"}, marked)
        cls.add_dialogs("crm.lead.lost", {"winner_id": cls.paktech.id})
        cls.add_refreshes()
        cls.add_tasks()

    @classmethod
    def add_tasks(cls):
        makers = {"Anna's": cls.anna, "Maria's": cls.maria, "Jan's": cls.jan}
        for name, maker in makers.items():
            task = cls.kranbau.activity_schedule(summary="Call", user_id=maker.id)
            dialog = cls.env["relationship.task.done"].create({"task_id": task.id})
            cls.add_row(dialog._name, name, record=cls.give(dialog, maker))
            dialog = cls.env["relationship.item.change"].create(
                {"task_ids": task.ids, "date_deadline": "2030-01-01"}
            )
            cls.add_row(dialog._name, name, record=cls.give(dialog, maker))

    @classmethod
    def get_makers(cls):
        return {"Anna's": cls.anna, "Maria's": cls.maria, "Jan's": cls.jan}

    @classmethod
    def add_dialogs(cls, model, values, context=None):
        for name, maker in cls.get_makers().items():
            dialog = cls.env[model].with_context(**context or {}).create(values)
            cls.add_row(model, name, record=cls.give(dialog.with_env(cls.env), maker))

    @classmethod
    def add_refreshes(cls):
        model = "relationship.campaign.refresh"
        makers = cls.get_makers()
        for name, maker in makers.items():
            freeze = cls.env["relationship.campaign.freeze"].create(
                {
                    "campaign_id": cls.campaign.id,
                    "company_id": cls.company.id,
                    "addressing": "person",
                }
            )
            refresh = cls.env[model].create(
                {"campaign_id": cls.campaign.id, "freeze_id": freeze.id}
            )
            cls.add_row(model, name, record=cls.give(refresh, maker))
        for name in cls.tables[f"{model}.line"].split("\n"):
            cls.add_line(name.partition(":")[0], makers)

    @classmethod
    def add_line(cls, name, makers):
        line_of, _in, refresh_of = name.partition(" in ")
        if line_of not in makers:
            return
        model = "relationship.campaign.refresh"
        refresh = cls.rows[model][refresh_of or line_of].record
        line = cls.env[f"{model}.line"].create(
            {"refresh_id": refresh.id, "kind": "join", "partner_id": cls.kranbau.id}
        )
        cls.add_row(line._name, name, record=cls.give(line, makers[line_of]))

    def test_every_cell_holds(self):
        self.assertTables()
