from odoo import fields, models
from odoo.tests import tagged

from ..activity.activity_case import ActivityCase

MIXIN = "relationship.server.fields.mixin"
SAMPLES = {
    "boolean": True,
    "date": fields.Date.to_date("2031-01-01"),
    "datetime": fields.Datetime.to_datetime("2031-01-01 00:00:00"),
    "float": 7.0,
    "integer": 7,
    "json": {"x": 1},
}


@tagged("post_install", "-at_install")
class TestServerFields(ActivityCase):
    """What only the server says of a record, no default says: sent or stored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.new_campaign()
        cls.add_members(cls.campaign, cls.kranbau)
        cls.plan()  # something to name in a default
        role_type = cls.env["relationship.role.type"].search(
            [("kind", "=", "supplier")], limit=1
        )
        cls.values = {
            "calendar.event": {
                "name": "Visit",
                "start": "2031-07-07 08:00:00",
                "stop": "2031-07-07 09:00:00",
            },
            "mail.activity": {
                "activity_type_id": cls.call.id,
                "res_model_id": cls.env["ir.model"]._get_id("res.partner"),
                "user_id": cls.anna.id,
            },
            "relationship.activity": {"type_id": cls.visit.id},
            "relationship.campaign.addressee": {"campaign_id": cls.campaign.id},
            "relationship.consent": {"channel": "letter", "action": "withdrawn"},
            "relationship.role": {"type_id": role_type.id},
        }

    def test_no_model_is_missed(self):
        found = {
            name
            for name, model in self.env.registry.items()
            if not model._abstract and issubclass(model, self.env.registry[MIXIN])
        }
        self.assertEqual(found, self.values.keys())

    def test_a_form_proposes_nothing_of_it(self):
        for model in self.values:
            records, kept = self.prepare(model)
            plain = records.default_get(kept)
            forged = {name: self.forge(records._fields[name], None) for name in kept}
            self.store(model, forged)
            self.assertEqual(self.sent(records, forged).default_get(kept), plain)

    def test_nobody_forges_it(self):
        for model in self.values:
            records, kept = self.prepare(model)
            plain = self.new_record(records)
            forged = {
                name: self.forge(records._fields[name], plain.sudo()[name])
                for name in kept
            }
            made = {"sent": self.new_record(self.sent(records, forged))}
            self.store(model, forged)
            made |= {
                "stored": self.new_record(records),
                "stored, and the system creates": self.new_record(records.sudo()),
            }
            for way, record in made.items():
                for name in kept:
                    value = record.sudo()[name]
                    value = value.id if isinstance(value, models.BaseModel) else value
                    with self.subTest(model=model, name=name, way=way):
                        self.assertTrue(not value or value != forged[name])

    def prepare(self, model):
        """Return a model as Jan or Anna have it, and what the server says of it."""
        jan = model in ("relationship.consent", "relationship.role")
        records = self.env[model].with_user(self.jan if jan else self.anna)
        kept = records._get_server_fields() - {*models.MAGIC_COLUMNS}
        found = (records._fields[name] for name in kept)
        # What nobody may read core itself refuses, from whomever it comes.
        return records, sorted(
            field.name
            for field in found
            if field.type != "one2many" and field.groups != fields.NO_ACCESS
        )

    def new_record(self, records):
        """Create a record about a partner of its own."""
        partner = self.env["res.partner"].create(
            {"name": "New partner", "email": "new@example.com", "city": "Poznań"}
        )
        values = dict(self.values[records._name])
        if records._name == "mail.activity":
            values["res_id"] = partner.id
        elif records._name != "calendar.event":
            values["partner_id"] = partner.id
        return records.create(values)

    def forge(self, field, said):
        """Return a value that a field could take, unlike what is said of a record."""
        if field.type == "many2one":
            known = self.env[field.comodel_name].with_context(active_test=False)
            unlike = [("id", "!=", said.id)] if said else []
            return known.search(unlike, limit=1).id
        if field.type == "selection":
            return next(v for v in field.get_values(self.env) if v != said)
        return SAMPLES.get(field.type, "forged")

    def sent(self, records, forged):
        return records.with_context(**{f"default_{n}": v for n, v in forged.items()})

    def store(self, model, forged):
        """Let everybody keep it as their own default, as a client may."""
        for user in (self.anna, self.jan):
            defaults = self.env["ir.default"].with_user(user)
            for name, value in forged.items():
                defaults.set(model, name, value, user_id=True)
