from contextlib import closing
from threading import Thread

from psycopg2 import errors

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import ValidationError
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import RefusalCase, RelationshipCase

TYPE = "relationship.opportunity.type"


@tagged("post_install", "-at_install")
class TestNumberRange(RelationshipCase):
    """Ranges by year and by company show, and give, the number that is next."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.machine_deal)
        cls.range = cls.machine_deal.number_sequence_id
        cls.range.write(
            {"use_date_range": True, "prefix": "TMD-%(range_year)s-", "padding": 4}
        )
        cls.year = f"TMD-{cls.today.year}-"

    def new_part(self, year, next_number=1):
        return self.env["ir.sequence.date_range"].create(
            {
                "sequence_id": self.range.id,
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
                "number_next_actual": next_number,
            }
        )

    def deal(self, user=None, **values):
        return self.new_lead(user, opportunity_type_id=self.machine_deal.id, **values)

    def shown(self, user=None):
        self.env.invalidate_all()
        return self.machine_deal.with_user(user or self.ewa).number_next

    def test_the_next_number_is_that_of_the_year(self):
        self.assertEqual(self.shown(), 1)
        self.assertEqual(self.deal().number, f"{self.year}0001")
        self.assertEqual(self.shown(), 2)
        self.new_part(self.today.year - 1, 900)
        self.assertEqual(self.shown(), 2)
        self.assertEqual(self.deal().number, f"{self.year}0002")

    def test_looking_begins_no_year(self):
        self.shown()
        self.assertFalse(self.range.date_range_ids)

    def test_a_later_number_of_the_year_is_set(self):
        self.machine_deal.with_user(self.ewa).number_next = 50
        self.env.flush_all()
        self.assertEqual(self.shown(), 50)
        self.assertEqual(self.deal().number, f"{self.year}0050")
        with self.refused("The next number of the type .* is 51", ValidationError):
            self.machine_deal.with_user(self.ewa).number_next = 7
        self.assertEqual(self.deal().number, f"{self.year}0051")

    def test_a_year_without_its_mark_gives_no_number_again(self):
        self.range.write({"use_date_range": False, "prefix": "TMD-"})
        numbers = [self.deal().number for _n in range(3)]
        self.range.use_date_range = True
        later = [self.deal().number for _n in range(3)]
        self.assertEqual(numbers, [f"TMD-{n:04}" for n in (1, 2, 3)])
        self.assertEqual(later, [f"TMD-{n:04}" for n in (4, 5, 6)])

    def test_the_last_number_is_that_of_the_year(self):
        self.machine_deal.number_last = 2
        self.new_part(self.today.year - 1, 900)
        self.assertEqual(self.deal().number, f"{self.year}0001")
        self.assertEqual(self.deal().number, f"{self.year}0002")
        with self.refused("used up: 2 was the last one"):
            self.deal()

    def test_a_client_does_not_choose_the_year(self):
        self.new_part(2019, 5)
        leads = self.env["crm.lead"].with_user(self.anna)
        lead = leads.with_context(
            ir_sequence_date="2019-06-01", ir_sequence_date_range="2019-01-01"
        ).create(
            {
                "name": "Old",
                "type": "opportunity",
                "opportunity_type_id": self.machine_deal.id,
            }
        )
        self.assertEqual(lead.number, f"{self.year}0001")

    def test_the_range_of_a_company_inherits_the_settings(self):
        self.range.write(
            {
                "number_increment": 10,
                "suffix": "/x",
                "implementation": "no_gap",
            }
        )
        self.machine_deal.numbers_per_company = True
        self.assertEqual(self.shown(self.katrin), 1)
        first, second = self.deal(self.katrin), self.deal(self.katrin)
        ours = self.machine_deal.with_company(self.other_company).company_sequence_id
        for name in ("padding", "suffix", "implementation", "number_increment"):
            self.assertEqual(ours[name], self.range[name], name)
        self.assertTrue(ours.use_date_range)
        self.assertEqual(
            [first.number, second.number],
            [f"{self.year}NL-0001/x", f"{self.year}NL-0011/x"],
        )
        self.assertEqual(self.shown(self.katrin), 21)
        self.assertFalse(self.range.date_range_ids)

    def test_any_number_range_can_be_deleted(self):
        """Core asks each field of this kind, and needs a table for it."""
        asked = self.env.registry.many2one_company_dependents["ir.sequence"]
        self.assertTrue(any(field.name == "company_sequence_id" for field in asked))
        for field in asked:
            self.assertFalse(self.env[field.model_name]._abstract, field)
        self.env["ir.sequence"].create({"name": "Somebody else's"}).unlink()

    def test_a_range_goes_with_its_type(self):
        self.machine_deal.numbers_per_company = True
        self.deal(self.katrin).sudo().unlink()
        self.env.flush_all()
        ours = self.machine_deal.with_company(self.other_company).company_sequence_id
        self.assertTrue(ours)
        taken = self.env["ir.sequence"].create({"name": "Orders", "code": "my.orders"})
        other = self.env[TYPE].create({"name": "By hand"})
        other.number_sequence_id = taken
        other.unlink()
        self.machine_deal.with_user(self.ewa).unlink()
        self.assertFalse((self.range | ours).exists())
        self.assertTrue(taken.exists())


@tagged("post_install", "-at_install")
class TestNumberRangeAtOnce(RefusalCase):
    """Two people begin a range at one moment: both get a number, nobody an error."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        with self.connection.cursor() as cr:
            env = self.in_env(cr)
            self.type_id = env[TYPE].create({"name": "At once", "code": "TAO"}).id
            self.company_id = env.ref("base.main_company").id
            self.range_id = env[TYPE].browse(self.type_id).number_sequence_id.id
            user = env["res.users"].create(
                {
                    "name": "At once",
                    "login": "test_at_once",
                    "company_id": self.company_id,
                    "company_ids": [Command.set([self.company_id])],
                    "group_ids": [
                        Command.link(env.ref("sales_team.group_sale_salesman").id)
                    ],
                }
            )
            self.user_id, self.partner_id = user.id, user.partner_id.id
        self.addCleanup(self.forget)

    def in_env(self, cr, uid=SUPERUSER_ID):
        return api.Environment(cr, uid, {"tracking_disable": True})

    def forget(self):
        with self.connection.cursor() as cr:
            env = self.in_env(cr)
            env["crm.lead"].with_context(active_test=False).search(
                [("opportunity_type_id", "=", self.type_id)]
            ).unlink()
            env.flush_all()
            env[TYPE].browse(self.type_id).unlink()
            env["res.users"].browse(self.user_id).unlink()
            env["res.partner"].browse(self.partner_id).exists().unlink()

    def set_up_range(self, **values):
        with self.connection.cursor() as cr:
            env = self.in_env(cr)
            sequence = {k: v for k, v in values.items() if k == "use_date_range"}
            env["ir.sequence"].browse(self.range_id).write(sequence)
            values = {k: v for k, v in values.items() if k not in sequence}
            env[TYPE].browse(self.type_id).write(values)

    def create_lead(self, env):
        lead = env["crm.lead"].create(
            {
                "name": "At once",
                "type": "opportunity",
                "opportunity_type_id": self.type_id,
                "company_id": self.company_id,
                "user_id": self.user_id,
            }
        )
        env.flush_all()
        return lead.number

    def create_twice(self):
        """Return what two get whose transactions do not see each other."""
        numbers = []
        with (
            closing(self.connection.cursor()) as first,
            closing(self.connection.cursor()) as second,
        ):
            second.execute("SELECT 1")  # its snapshot begins here
            numbers.append(self.create_lead(self.in_env(first, self.user_id)))

            def create():
                env = self.in_env(second, self.user_id)
                numbers.append(retrying(lambda: self.create_lead(env), env))

            # As a request of the web client: it waits, and is repeated unseen.
            thread = Thread(target=create)
            thread.start()
            thread.join(1)
            first.commit()
            thread.join(30)
        self.assertEqual(len(numbers), 2)
        return numbers

    def assertNumbers(self, numbers, prefix):
        self.assertRegex(" ".join(numbers), f"^{prefix}00001 {prefix}00002$")

    def test_the_first_opportunities_of_a_company(self):
        self.set_up_range(numbers_per_company=True)
        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            numbers = self.create_twice()
        self.assertNumbers(numbers, "TAO-\\w+-")

    def test_the_first_opportunities_of_a_year(self):
        self.set_up_range(use_date_range=True)
        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            numbers = self.create_twice()
        self.assertNumbers(numbers, "TAO-")

    def test_the_first_of_a_company_in_a_year(self):
        self.set_up_range(numbers_per_company=True, use_date_range=True)
        self.assertNumbers(self.create_twice(), "TAO-\\w+-")

    @mute_logger("odoo.sql_db")
    def test_the_later_one_is_told_to_repeat_not_refused(self):
        self.set_up_range(numbers_per_company=True)
        with (
            closing(self.connection.cursor()) as first,
            closing(self.connection.cursor()) as second,
        ):
            second.execute("SELECT 1")
            self.create_lead(self.in_env(first, self.user_id))
            first.commit()
            with self.assertRaises(errors.SerializationFailure):
                self.create_lead(self.in_env(second, self.user_id))
            second.rollback()
