from functools import partial

from odoo.tests import tagged

from ...models.types.binding import BINDING
from .matrix import NOBODY
from .people import OPEN, OURS, SECRET, SHOWN, RightsCase

KEPT_BY_MANAGERS = """
              jan  anna piotr maria ewa  katrin bruno sven lena
everybody's:  r    r    r     rwcu  rwcu r      r     r    r
ours:         r    r    r     rwcu  rwcu -      -     r    r
Leipzig's:    -    -    -     -     -    r      -     -    -
"""
# Types whose name is hidden from those who may not see its records.
HIDDEN_TYPES = f"""{KEPT_BY_MANAGERS}
to look at:   r    r    r     rwcu  rwcu r      r     r    r
secret:       -    -    -     rwcu  rwcu -      -     r    r
"""
PLANS = """
                   clerk jan  anna piotr maria ewa  katrin bruno sven lena adam
of opportunities:  r     r    r    r     rwcu  rwcu rwcu   r     r    r    rwcu
of campaigns:      r     r    r    r     rwcu  rwcu r      r     r    r    rwcu
of partners:       r     r    r    r     r     r    r      r     r    r    rwcu
of activities:     r     r    r    r     rwcu  rwcu r      r     r    r    rwcu
ours:              r     r    r    r     rwcu  rwcu -      -     r    r    rwcu
Leipzig's:         -     -    -    -     -     -    r      -     -    -    -
to look at:        r     r    r    r     rwcu  rwcu r      r     r    r    r
secret:            -     -    -    -     rwcu  rwcu -      -     r    r    -
"""
SYSTEM = """
      adam
any:  r
"""


@tagged("post_install", "-at_install")
class TestRightsToTypes(RightsCase):
    """What managers keep, others choose from, and only some may know of.

    Gesa is as Maria, and manages Leipzig too, which is not switched on.
    """

    people = (*RightsCase.people, "gesa")
    like = {**RightsCase.like, "gesa": "maria"}
    tables = {
        "relationship.opportunity.type": HIDDEN_TYPES,
        "relationship.reference.type": HIDDEN_TYPES,
        "relationship.relation.type": HIDDEN_TYPES,
        "relationship.role.type": HIDDEN_TYPES,
        "relationship.campaign.type": HIDDEN_TYPES,
        "relationship.activity.type": HIDDEN_TYPES,
        "relationship.consent.purpose": KEPT_BY_MANAGERS,
        "relationship.planned.role": f"""{KEPT_BY_MANAGERS}
secret:           -    -    -     rwcu  rwcu -      -     r    r
of secret people: -    -    -     rwcu  rwcu -      -     r    r
of campaigns:     -    -    -     rwcu  rwcu -      -     r    r
of activities:    -    -    -     rwcu  rwcu -      -     r    r
        """,
        "relationship.relation.direction": """
              jan  anna piotr maria ewa  katrin bruno sven lena
everybody's:  r    r    r     r     r    r      r     r    r
ours:         r    r    r     r     r    -      -     r    r
Leipzig's:    -    -    -     -     -    r      -     -    -
secret:       -    -    -     r     r    -      -     r    r
        """,
        "relationship.interest": """
      jan  anna piotr maria ewa  katrin bruno sven lena
any:  r    r    r     rwcu  rwcu r      r     r    r
        """,
        "relationship.campaign.response": f"""{KEPT_BY_MANAGERS}
of every type:  r r r     rwcu  rwcu r      r     r    r
secret:         - - -     rwcu  rwcu -      -     r    r
        """,
        "relationship.activity.result": f"""{KEPT_BY_MANAGERS}
secret:       -    -    -     rwcu  rwcu -      -     r    r
        """,
        # Managers of sales keep the stages, too.
        "crm.stage": """
              clerk jan  anna piotr maria ewa  katrin bruno sven lena
everybody's:  r     r    r    r     rwcu  rwcu rwcu   r     r    r
ours:         r     r    r    r     rwcu  rwcu -      -     r    r
Leipzig's:    -     -    -    -     -     -    rwcu   -     -    -
        """,
        "mail.activity.plan": PLANS,
        "mail.activity.plan.template": PLANS,
        "relationship.former.name": SYSTEM,
        # All types in one list, for whoever gives the rights.
        "relationship.type.right": """
              maria ewa
everybody's:  rw    rw
ours:         rw    rw
Leipzig's:    -     -
secret:       rw    rw
        """,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.gesa,) = cls._new_users(("gesa", f"{OURS}_manager", {}))
        cls.gesa.company_ids += cls.other_company
        cls.contexts["gesa"] = {"allowed_company_ids": cls.company.ids}
        for name in cls.tables:
            if name.endswith((".type", ".purpose")):
                cls.add_types(name)
        for model in ("crm.stage", "relationship.planned.role"):
            for name, company in cls.get_companies().items():
                cls.add_for_company(model, name, company)
        cls.add_planned_role(SECRET, SECRET, cls.competitor_type)
        people = cls.competitor_type.copy({"name": SECRET, **cls.restrict(SECRET)})
        # Of a type of its own, which nobody deletes who cannot see these people.
        deals = cls.env["relationship.opportunity.type"].create({"name": "With people"})
        cls.add_row(
            "relationship.planned.role",
            "of secret people",
            {"opportunity_type_id": deals.id, "reference_type_id": people.id},
        )
        cls.add_planned_role("of campaigns", SECRET, cls.competitor_type, "campaign")
        cls.add_planned_role("of activities", SECRET, cls.competitor_type, "activity")
        for name in (*cls.get_companies(), SECRET):
            kind = cls.rows["relationship.relation.type"][name].record
            cls.add_row(
                "relationship.relation.direction",
                name,
                record=cls.env["relationship.relation.direction"]._get_direction(
                    kind, False
                ),
            )
        cls.add_rights()
        cls.add_responses()
        cls.add_results()
        cls.add_plans()
        cls.add_row("relationship.interest", "any", {"name": "Cranes"})
        cls.add_row("relationship.former.name", "any", record=cls.make_former_name())

    @classmethod
    def add_types(cls, model):
        for name, company in cls.get_companies().items():
            cls.add_row(
                model, name, {**cls.name(model, name), "company_id": company.id}
            )
        if "secret" in cls.tables[model]:
            for how in (SHOWN, SECRET):
                values = {**cls.name(model, how), **cls.restrict(how)}
                # Nobody makes one that they would not see themselves.
                cls.add_row(model, how, values, see_group_ids=[])

    @classmethod
    def name(cls, model, words):
        both = model == "relationship.relation.type"
        return {"name": words, **({"inverse_name": f"{words} too"} if both else {})}

    @classmethod
    def add_for_company(cls, model, name, company):
        if model == "crm.stage":
            cls.add_row(model, name, {"name": name, "company_id": company.id})
            return
        cls.add_planned_role(name, name, cls.competitor_type)

    @classmethod
    def add_planned_role(cls, name, kind, reference_type, of="opportunity"):
        cls.add_row(
            "relationship.planned.role",
            name,
            {
                f"{of}_type_id": cls.rows[f"relationship.{of}.type"][kind].record.id,
                "reference_type_id": reference_type.id,
            },
        )

    @classmethod
    def add_rights(cls):
        rights = cls.env["relationship.type.right"]
        for name in (*cls.get_companies(), SECRET):
            kind = cls.rows["relationship.opportunity.type"][name].record
            about = [("res_model", "=", kind._name), ("res_id", "=", kind.id)]
            cls.add_row(rights._name, name, record=rights.search(about))
            row = cls.rows[rights._name][name]
            # Nothing else is written there.
            cls.rows[rights._name][name] = row._replace(touched="see_group_ids")

    @classmethod
    def add_responses(cls):
        model = "relationship.campaign.response"
        types = cls.rows["relationship.campaign.type"]
        for name in (*cls.get_companies(), SECRET):
            cls.add_row(model, name, {"name": name, "type_id": types[name].record.id})
        cls.add_row(model, "of every type", {"name": OPEN})

    @classmethod
    def add_results(cls):
        types = cls.rows["relationship.activity.type"]
        for name in (*cls.get_companies(), SECRET):
            cls.add_row(
                "relationship.activity.result",
                name,
                {"name": name, "type_id": types[name].record.id},
            )

    @classmethod
    def add_plans(cls):
        cls.add_plans_of_types()
        call = cls.env.ref("mail.mail_activity_data_call").id
        for name, model in (
            ("of opportunities", "crm.lead"),
            ("of campaigns", "relationship.campaign"),
            ("of partners", "res.partner"),
        ):
            plan = cls.add_row(
                "mail.activity.plan",
                name,
                {"name": name, "res_model": model},
            )
            cls.add_row(
                "mail.activity.plan.template",
                name,
                {"plan_id": plan.id, "activity_type_id": call, "summary": name},
            )

    @classmethod
    def add_plans_of_types(cls):
        types = cls.rows["relationship.activity.type"]
        for name, kind in (
            ("of activities", "everybody's"),
            ("ours", "ours"),
            ("Leipzig's", "Leipzig's"),
            (SHOWN, SHOWN),
            (SECRET, SECRET),
        ):
            values = {"relationship_type_id": types[kind].record.id, "summary": name}
            template = cls.add_row("mail.activity.plan.template", name, values)
            cls.add_row(
                "mail.activity.plan",
                name,
                partial(cls.prepare_plan, types[kind].record),
                record=template.plan_id,
            )

    @classmethod
    def prepare_plan(cls, kind, _user):
        """Return the values of a plan: of a type of its own, since each has one."""
        twin = kind.copy({"template_ids": []})
        return {
            "name": twin.name,
            "res_model": "relationship.activity",
            "relationship_type_id": twin.id,
        }

    @classmethod
    def make_former_name(cls):
        names = cls.env["relationship.former.name"]
        return names.create(
            {
                "res_model": "crm.stage",
                "res_id": cls.stages[0].id,
                "name": {"en_US": "Earlier"},
                "valid_until": cls.env.cr.now(),
            }
        )

    def test_every_cell_holds(self):
        self.assertTables()


def bind(table, *rows, letters=NOBODY):
    """Return a table in which Maria may no more than that with some rows."""
    people, *lines = [line for line in table.splitlines() if line.strip()]
    place = people.split().index("maria")
    for number, line in enumerate(lines):
        name, cells = line.split(":")
        if name.strip() in rows:
            cells = cells.split()
            cells[place] = letters
            lines[number] = f"{name}: {' '.join(cells)}"
    return "\n".join([people, *lines])


@tagged("post_install", "-at_install")
class TestRightsOfBoundManagers(TestRightsToTypes):
    """The settings bind managers, too: Ewa is in the group that sees, Maria is not."""

    where = ", managers bound"
    tables = {
        name: bind(
            TestRightsToTypes.tables[name],
            *(SECRET, "of secret people"),
            *(("of campaigns", "of activities") if "planned" in name else ()),
            letters="c" if name.endswith(".type") else NOBODY,
        )
        for name in (
            "relationship.opportunity.type",
            "relationship.reference.type",
            "relationship.relation.type",
            "relationship.role.type",
            "relationship.campaign.type",
            "relationship.activity.type",
            "relationship.planned.role",
            "relationship.type.right",
        )
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param(BINDING, "True")
        cls.ewa.group_ids += cls.see_group
