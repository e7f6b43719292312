from datetime import timedelta

from odoo.tests import tagged

from ...models.shared import row_trigger
from .activity_people import PEOPLE_OF_ACTIVITIES, PeopleOfActivities
from .people import OPEN, SECRET, SHOWN, RightsCase

BY_COMPANY = """
              jan  anna piotr maria ewa  katrin bruno sven lena
everybody's:  rwcu rwcu rwcu  rwcu  rwcu rwcu   rwcu  rwcu rwcu
ours:         rwcu rwcu rwcu  rwcu  rwcu -      -     rwcu rwcu
Leipzig's:    -    -    -     -     -    rwcu   -     -    -
"""
BY_TYPE = f"""{BY_COMPANY}
to look at:   r    r    r     rwcu  rwcu r      r     r    rwcu
secret:       -    -    -     rwcu  rwcu -      -     r    rwcu
"""
# What is known of an opportunity is known to whoever sees it.
OPPORTUNITIES = """
               anna piotr ewa  katrin bruno sven lena
Anna's:        rwcu rwcu  rwcu -      -     -    rwcu
Piotr's:       -    rwcu  rwcu -      -     -    rwcu
nobody's:      rwcu rwcu  rwcu -      -     rwcu rwcu
Katrin's:      -    -     -    rwcu   -     -    -
no company's:  -    rwcu  rwcu rwcu   rwcu  -    rwcu
"""
# Those of opportunities, and of campaigns: owner and linked companies, and branches of
# the owner look on, unless it is somebody of the owner alone; the owner changes.
PEOPLE = """
                         jan  anna piotr maria ewa  katrin bruno sven lena
Anna's:                  -    rwcu rwcu  -     rwcu -      -     -    rwcu
Piotr's:                 -    -    rwcu  -     rwcu -      -     -    rwcu
nobody's:                -    rwcu rwcu  -     rwcu -      -     rwcu rwcu
Katrin's:                -    -    -     -     -    rwcu   -     -    -
no company's:            -    -    rwcu  -     rwcu rwcu   rwcu  -    rwcu
to look at:              -    r    r     -     rwcu -      -     r    rwcu
secret:                  -    -    -     -     rwcu -      -     r    rwcu
in a deal to look at:    -    r    r     -     rwcu -      -     r    rwcu
in a secret deal:        -    -    -     -     rwcu -      -     r    rwcu
campaign:                r    rwcu rwcu  rwcu  rwcu -      r     rwcu rwcu
campaign, linked:        r    rwcu rwcu  rwcu  rwcu r      r     rwcu rwcu
our partner, linked:     r    rwcu rwcu  rwcu  rwcu -      r     rwcu rwcu
a contact, linked:       r    rwcu rwcu  rwcu  rwcu r      r     rwcu rwcu
our contact, linked:     r    rwcu rwcu  rwcu  rwcu -      r     rwcu rwcu
Leipzig's campaign:      -    -    -     -     -    rwcu   -     -    -
Leipzig's, linked:       r    r    r     r     r    rwcu   -     r    r
campaign to look at:     r    r    r     rwcu  rwcu -      r     r    rwcu
in a secret campaign:    -    -    -     rwcu  rwcu -      -     r    rwcu
secret in a campaign:    -    -    -     rwcu  rwcu -      -     r    rwcu
"""


@tagged("post_install", "-at_install")
class TestRightsToPartners(PeopleOfActivities, RightsCase):
    """What is known of partners, by company, type and opportunity."""

    tables = {
        "relationship.role": BY_TYPE,
        "relationship.relation": BY_TYPE,
        "relationship.consent": BY_COMPANY.replace("rwcu", "rc"),
        "relationship.document": """
            jan  anna piotr maria ewa  katrin bruno sven lena
a file:     r    r    r     r     r    r      r     r    r
        """,
        "relationship.merged.partner": """
      adam
any:  r
        """,
        "relationship.reference": PEOPLE + PEOPLE_OF_ACTIVITIES.lstrip("\n"),
        # What the relationship list tells of them.
        "relationship.item": (
            PEOPLE
            + PEOPLE_OF_ACTIVITIES.lstrip("\n")
            # The clerk, who does it, has the task, and not the list.
            + "the clerk's task: - r r - r r r r r\n"
        ).replace("rwcu", "r"),
        # Nobody is asked any more whose it was.
        "relationship.opportunity.history": f"""
{OPPORTUNITIES.replace("rwcu", "r")}
deleted:       -    r     r    -      -     -    r
deleted, free: -    r     r    -      -     -    r
in a secret deal: - - r - - r r
once secret:   -    -     r    -      -     r    r
secret since:  -    -     r    -      -     r    r
        """,
        "relationship.partner.report": """
               anna piotr ewa  katrin bruno sven lena
ours:          r    r     r    -      -     -    r
Leipzig's:     -    -     -    r      -     -    -
no company's:  -    r     r    r      r     -    r
to analyse:    -    -     r    -      -     -    r
        """,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_partner_rows()
        cls.add_opportunity_rows()
        cls.add_people_of_campaigns()
        cls.add_people_of_activities()
        cls.env.flush_all()
        items = cls.env["relationship.item"]
        for name, row in cls.rows["relationship.reference"].items():
            line = row.record
            about = [("source", "=", line._name), ("source_id", "=", line.id)]
            cls.add_row(items._name, name, record=items.search(about))
        task = cls.kranbau.activity_schedule(
            "mail.mail_activity_data_call", user_id=cls.clerk.id
        )
        cls.env.flush_all()
        about = [("source", "=", task._name), ("source_id", "=", task.id)]
        cls.add_row(items._name, "the clerk's task", record=items.search(about))

    @classmethod
    def add_partner_rows(cls):
        for name, company in cls.get_companies().items():
            cls.add_partner_row(name, OPEN, company)
            cls.add_row(
                "relationship.consent",
                name,
                {
                    "partner_id": cls.kranbau.id,
                    "channel": "email",
                    "action": "withdrawn",
                    "company_id": company.id,
                },
            )
        for how in (SHOWN, SECRET):
            cls.add_partner_row(how, how, cls.env["res.company"])
        file = cls.env["ir.attachment"].create(
            {
                "name": "Hall.txt",
                "raw": b"text",
                "res_model": cls.kranbau._name,
                "res_id": cls.kranbau.id,
            }
        )
        documents = cls.env["relationship.document"]
        found = documents.search([("attachment_id", "=", file.id)])
        cls.add_row(documents._name, "a file", record=found)
        cls.add_row(
            "relationship.merged.partner",
            "any",
            {"source_id": 1, "destination_id": cls.kranbau.id},
        )

    @classmethod
    def add_partner_row(cls, name, how, company):
        restricted = cls.restrict(how)
        role_type = cls.env["relationship.role.type"].create(
            {"name": f"Role {name}", **restricted}
        )
        cls.add_row(
            "relationship.role",
            name,
            {
                "partner_id": cls.kranbau.id,
                "type_id": role_type.id,
                "company_id": company.id,
            },
            partner_id=cls.paktech.id,
        )
        relation_type = cls.env["relationship.relation.type"].create(
            {"name": f"knows {name}", "inverse_name": "is known by", **restricted}
        )
        cls.add_row(
            "relationship.relation",
            name,
            {
                "left_partner_id": cls.kranbau.id,
                "type_id": relation_type.id,
                "right_partner_id": cls.stalmet.id,
                "company_id": company.id,
            },
            left_partner_id=cls.paktech.id,
        )

    @classmethod
    def add_opportunity_rows(cls):
        # What happens at one moment is one row of the history.
        row_trigger.set_clock(cls.env.cr, cls.env.cr.now() - timedelta(days=40))
        leads = {
            "Anna's": cls.make_lead(cls.anna),
            "Piotr's": cls.make_lead(cls.piotr),
            "nobody's": cls.make_lead(cls.env["res.users"]),
            "Katrin's": cls.make_lead(cls.katrin, company_id=cls.other_company.id),
            "no company's": cls.make_lead(
                cls.piotr, name="Crane of no company", company_id=False
            ),
        }
        for name, lead in leads.items():
            cls.add_row(
                "relationship.reference",
                name,
                {
                    "lead_id": lead.id,
                    "type_id": cls.competitor_type.id,
                    "partner_id": cls.kranbau.id,
                },
                partner_id=cls.paktech.id,
            )
        cls.add_restricted_references(leads["nobody's"])
        secret = cls.rows["relationship.reference"]["in a secret deal"].record.lead_id
        deleted = cls.make_lead(cls.anna, name="Given up")
        free = cls.make_lead(cls.env["res.users"], name="Given up by nobody")
        cls.env.flush_all()
        about = {**leads, "deleted": deleted, "in a secret deal": secret}
        about["deleted, free"] = free
        for name, lead in about.items():
            cls.add_found("relationship.opportunity.history", name, lead)
        of_secret = secret.opportunity_type_id
        cls.add_first_row("once secret", of_secret, cls.machine_deal)
        cls.add_first_row("secret since", cls.machine_deal, of_secret)
        reported = {
            "ours": leads["Anna's"],
            "Leipzig's": leads["Katrin's"],
            "no company's": leads["no company's"],
            "to analyse": cls.make_lead(
                cls.anna,
                name="Crane to analyse",
                opportunity_type_id=cls.machine_deal.copy(cls.restrict(SHOWN)).id,
            ),
        }
        cls.env.flush_all()
        for name, lead in reported.items():
            cls.add_found("relationship.partner.report", name, lead)
        row_trigger.set_clock(cls.env.cr)
        (deleted | free).unlink()
        cls.env.flush_all()

    @classmethod
    def add_first_row(cls, name, before, after):
        """Let what is told of an opportunity under its former type be a row."""
        nobody = cls.env["res.users"]
        lead = cls.make_lead(nobody, name=name, opportunity_type_id=before.id)
        cls.env.flush_all()
        cls.add_found("relationship.opportunity.history", name, lead)
        row_trigger.set_clock(cls.env.cr, cls.env.cr.now() + timedelta(days=1))
        lead.opportunity_type_id = after
        cls.env.flush_all()

    @classmethod
    def add_restricted_references(cls, lead):
        """Add people in a role, and of a deal, that only some may use or see."""
        for how in (SHOWN, SECRET):
            role = cls.competitor_type.copy({"name": how, **cls.restrict(how)})
            kind = cls.machine_deal.copy({"name": how, **cls.restrict(how)})
            deal = cls.make_lead(cls.env["res.users"], opportunity_type_id=kind.id)
            in_deal = "in a secret deal" if how == SECRET else "in a deal to look at"
            for name, about, of in (
                (how, lead, role),
                (in_deal, deal, cls.competitor_type),
            ):
                cls.add_row(
                    "relationship.reference",
                    name,
                    {
                        "lead_id": about.id,
                        "type_id": of.id,
                        "partner_id": cls.kranbau.id,
                    },
                    partner_id=cls.paktech.id,
                )

    @classmethod
    def add_people_of_campaigns(cls):
        ours, leipzig = cls.company, cls.other_company
        linked = cls.make_campaign(linked=leipzig)
        own, theirs = cls.env["res.partner"].create(
            [
                {"name": "Our agency", "company_id": ours.id},
                {"name": "Our man there", "company_id": ours.id},
            ]
        )
        secret_role = cls.competitor_type.copy({"name": "S", **cls.restrict(SECRET)})
        for name, campaign, values in (
            ("campaign", cls.make_campaign(), {}),
            ("campaign, linked", linked, {}),
            ("our partner, linked", linked, {"partner_id": own.id}),
            ("our contact, linked", linked, {"contact_id": theirs.id}),
            ("a contact, linked", linked, {"contact_id": cls.stalmet.id}),
            ("Leipzig's campaign", cls.make_campaign(leipzig), {}),
            ("Leipzig's, linked", cls.make_campaign(leipzig, linked=ours), {}),
            ("campaign to look at", cls.make_campaign(how=SHOWN), {}),
            ("in a secret campaign", cls.make_campaign(how=SECRET), {}),
            ("secret in a campaign", linked, {"type_id": secret_role.id}),
        ):
            line = {
                "campaign_id": campaign.id,
                "type_id": cls.representative_type.id,
                "partner_id": cls.kranbau.id,
                **values,
            }
            again = {"type_id": cls.competitor_type.copy({"name": name}).id}
            if name == "secret in a campaign":
                again = {"partner_id": cls.paktech.id}
            cls.add_row("relationship.reference", name, line, **again)

    @classmethod
    def make_lead(cls, user, **values):
        return cls.env["crm.lead"].create(
            {
                "name": f"Crane for {user.name}",
                "type": "opportunity",
                "user_id": user.id,
                "partner_id": cls.stalmet.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def add_found(cls, model, name, lead):
        """Let the newest row that is about an opportunity be one of the table."""
        if model == "relationship.opportunity.history":
            domain = [("opportunity_id", "=", lead.id)]
        else:
            domain = [("name", "=", lead.name)]
        found = cls.env[model].search(domain, order="id desc", limit=1)
        cls.add_row(model, name, record=found)

    def test_every_cell_holds(self):
        self.assertTables()


@tagged("post_install", "-at_install")
class TestRightsToStatistics(TestRightsToPartners):
    """What the statistics of partners keep by themselves, whatever a source shows."""

    tables = {
        "relationship.partner.report": """
               anna piotr ewa  katrin bruno sven lena
ours:          r    r     r    -      -     -    r
Leipzig's:     -    -     -    r      -     -    -
no company's:  -    r     r    r      r     -    r
to analyse:    -    -     r    -      -     -    r
        """,
    }
    closed = {"relationship.partner.report": ("client", "clerk")}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("crm.crm_lead_company_rule").active = False
        cls.env.registry.clear_cache()
