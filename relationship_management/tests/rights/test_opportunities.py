from odoo.tests import tagged

from .people import OPEN, SECRET, SHOWN, RightsCase

RANGES = """
         clerk jan  anna piotr maria ewa  katrin bruno sven lena
open:    r     r    r    r     r     r    r      r     r    r
secret:  -     -    -    -     r     r    -      -     r    r
theirs:  -     -    -     -     -     -    r      -     -    -
"""


@tagged("post_install", "-at_install")
class TestRightsToOpportunities(RightsCase):
    """What the type of an opportunity hides in models of core."""

    tables = {
        "crm.lead": """
             anna piotr ewa  katrin bruno sven lena
open:        rwc  rwc   rwcu -      -     rwcu rwc
to look at:  r    r     rwcu -      -     r    rwc
secret:      -    -     rwcu -      -     r    rwc
        """,
        "crm.activity.report": """
             anna piotr ewa  katrin bruno sven lena
open:        r    r     r    -      -     r    r
to look at:  -    -     r    -      -     -    r
secret:      -    -     r    -      -     r    r
        """,
        "ir.sequence": RANGES,
        "ir.sequence.date_range": RANGES,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Of those who are no managers, core lets nobody delete.
        cls.env["ir.model.access"].create(
            {
                "name": "Sven deletes",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "group_id": cls.see_group.id,
                "perm_unlink": True,
            }
        )
        call = cls.env.ref("mail.mail_activity_data_call")
        for how in (OPEN, SHOWN, SECRET):
            kind = cls.machine_deal.copy({"name": how, **cls.restrict(how)})
            lead = cls.add_row(
                "crm.lead",
                how,
                {
                    "name": f"Crane {how}",
                    "type": "opportunity",
                    "user_id": False,
                    "company_id": cls.company.id,
                    "opportunity_type_id": kind.id,
                },
            )
            message = lead.message_post(mail_activity_type_id=call.id)
            cls.env.flush_all()
            report = cls.env["crm.activity.report"].browse(message.id)
            cls.add_row(report._name, how, record=report)
            if how != SHOWN:
                cls.add_ranges(how, kind)

        cls.add_ranges(
            "theirs", cls.machine_deal.copy({"company_id": cls.other_company.id})
        )

    @classmethod
    def add_ranges(cls, how, kind):
        numbers = cls.env["ir.sequence"].create({"name": how, "use_date_range": True})
        kind.number_sequence_id = numbers
        year = {"date_from": "2030-01-01", "date_to": "2030-12-31"}
        dated = cls.env["ir.sequence.date_range"].create(
            {"sequence_id": numbers.id, **year}
        )
        cls.add_row(numbers._name, how, record=numbers)
        cls.add_row(dated._name, how, record=dated)

    def test_every_cell_holds(self):
        self.assertTables()
