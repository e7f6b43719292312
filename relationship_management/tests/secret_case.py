"""What the tests have in common that look for secrets in refusals."""

from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .campaign.campaign_case import CampaignCase

# What the names of all that is hidden begin with.
MARK = "Geheim"
NO_RIGHT = "top-secret records|records of the type "
HIDDEN = (
    "Something that you may not see stands against this|"
    f"that you may not see, entered for another company|{NO_RIGHT}"
)
CAMPAIGN = "The campaign, which you may not see, belongs to another company"


@tagged("post_install", "-at_install")
class SecretCase(CampaignCase):
    """Two companies and a confidential group; whatever is hidden bears one word.

    Anna, Piotr, Jan and Ewa work for the first company, Ewa as a manager, Katrin for
    the second one; Olga alone is in the confidential group.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company.name = f"{MARK} Leipzig"
        cls.secret_group = cls.env["res.groups"].create({"name": "Confidential"})
        cls.olga = cls._new_user("olga", "sales_team.group_sale_salesman_all_leads")
        cls.olga.group_ids += cls.secret_group
        cls.portal = cls.env["res.users"].create(
            {
                "name": "Client",
                "login": "test_client",
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )
        cls.client = cls.env["res.partner"].create(
            {"name": f"{MARK} client", "company_id": cls.other_company.id}
        )
        secret_type = cls.fair_type.copy(
            {
                "name": f"{MARK} type",
                "see_group_ids": [Command.set(cls.secret_group.ids)],
                "user_id": cls.olga.id,
            }
        )
        cls.secret_campaign = cls.new_campaign(
            cls.olga, title=f"{MARK} fair", type_id=secret_type.id
        )
        cls.foreign_campaign = cls.new_campaign(
            cls.katrin, title=f"{MARK} Leipzig fair", user_id=cls.katrin.id
        )

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.env.invalidate_all()

    @contextmanager
    def told(self, user=None):
        """Expect a refusal that tells no secret, and give its sentence in a list.

        What was written before it is taken back, as at the end of a request.
        """
        sentences = []
        self.env.flush_all()
        self.env.invalidate_all()
        with (
            mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"),
            self.assertRaises(UserError, msg=user and user.login) as caught,
            self.env.cr.savepoint(),
        ):
            yield sentences
            self.env.flush_all()
        sentences.append(str(caught.exception))
        self.assertNotIn(MARK, sentences[0])

    def assertTold(self, words, function, *arguments):
        """Assert that a call is refused with these words, and without a secret."""
        with self.told() as sentences:
            function(*arguments)
        self.assertRegex(sentences[0], words)

    def load(self, model, user, values):
        """Import a row and raise what the importer is told, as it is shown."""
        names = [
            f"{name}/.id" if self.env[model]._fields[name].type == "many2one" else name
            for name in values
        ]
        cells = [str(value or "") for value in values.values()]
        result = self.env[model].with_user(user).load(names, [cells])
        if result["messages"]:
            raise UserError("\n".join(m["message"] for m in result["messages"]))

    def try_all(self, model, user, values, *, words=None, own=None, parent=None):
        """Try to get values in on every way; return the sentences by way.

        :param words: what each refusal says at least
        :param own: a record of the user, which is written and copied
        :param parent: a record and the field of its lines
        """
        records = self.env[model].with_user(user)
        ways = {
            "create": lambda: records.create(values),
            "load": lambda: self.load(model, user, values),
        }
        if own:
            ways["write"] = lambda: own.with_user(user).write(values)
            ways["copy"] = lambda: own.with_user(user).copy(values)
        if parent:
            record, field = parent
            lines = {field: [Command.create(values)]}
            ways["parent"] = lambda: record.with_user(user).write(lines)
        everything = records.sudo().with_context(active_test=False)
        sentences = {}
        for way, attempt in ways.items():
            with self.subTest(model=model, way=way, user=user.login):
                before = everything.search_count([])
                with self.told() as told:
                    attempt()
                sentences[way] = told[0]
                self.assertRegex(told[0], words or ".")
                self.env.invalidate_all()
                self.assertEqual(everything.search_count([]), before)
        return sentences
