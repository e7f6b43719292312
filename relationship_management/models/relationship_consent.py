from datetime import timedelta
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from . import row_trigger

SQL_FOLDER = Path(__file__).parent.parent / "sql"
CHANNELS = [
    ("letter", "Letter"),
    ("fax", "Fax"),
    ("email", "E-mail"),
    ("phone", "Phone call"),
    ("sms", "SMS"),
]
TRIGGERS = (
    row_trigger.Trigger(
        name="relationship_consent_guard",
        table="relationship_consent",
        function="relationship_consent_guard",
        timing="BEFORE",
        events="UPDATE OR DELETE",
    ),
)
# Clocks of two machines differ.
TOLERANCE = timedelta(minutes=5)


class RelationshipConsent(models.Model):
    """One entry of the ledger: somebody agreed, or objected, to be contacted.

    Entries are never changed or deleted; PostgreSQL refuses it. The newest entry for
    the channel and the purpose, or for every purpose, decides. A wrong entry is
    answered by a new one.
    """

    _name = "relationship.consent"
    _description = "Consent"
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="The consent concerns this company only. Empty: every company.",
    )
    purpose_id = fields.Many2one(
        "relationship.consent.purpose",
        ondelete="restrict",
        check_company=True,
        help="Empty: every purpose.",
    )
    channel = fields.Selection(CHANNELS, required=True)
    action = fields.Selection(
        [
            ("given", "Given"),
            ("withdrawn", "Withdrawn"),
            ("lifted", "Objection lifted"),
        ],
        required=True,
        default="given",
    )
    legal_basis = fields.Selection(
        [
            ("consent", "Consent"),
            ("contract", "Performance of a contract"),
            ("legal_obligation", "Legal obligation"),
            ("legitimate_interest", "Legitimate interest"),
        ],
        required=True,
        default="consent",
    )
    date = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    valid_until = fields.Date(help="Given until this day. Empty: until withdrawn.")
    user_id = fields.Many2one("res.users", string="Entered by", readonly=True)
    origin = fields.Selection(
        [
            ("person", "Entered by a person"),
            ("import", "Import"),
            ("blacklist", "Blacklist"),
            ("merge", "Merge of partners"),
        ],
        required=True,
        default="person",
        readonly=True,
    )
    evidence = fields.Text(help="Where and how it was said: form, letter, call …")
    attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        string="Files",
        domain=[("res_model", "=", "relationship.consent")],
    )
    address = fields.Char(
        string="Address at that time",
        readonly=True,
        help="The e-mail address, phone number or postal address it was said about.",
    )

    _partner_channel_idx = models.Index(
        "(partner_id, channel, date DESC, id DESC) INCLUDE (action)"
    )

    def init(self):
        self.pool.post_init(row_trigger.install, self.env.cr, SQL_FOLDER, TRIGGERS)

    @api.depends("partner_id.company_id")
    def _compute_company_id(self):
        for consent in self:
            consent.company_id = consent.partner_id.company_id or consent.company_id

    @api.constrains("date")
    def _check_date(self):
        if self.filtered(lambda c: c.date > fields.Datetime.now() + TOLERANCE):
            raise ValidationError(
                self.env._("Nobody can have agreed or objected in the future.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Record who enters it and the address it is about; tell the blacklists."""
        for vals in vals_list:
            if not self.env.su:
                is_import = self.env.context.get("import_file")
                vals["origin"] = "import" if is_import else "person"
            vals["user_id"] = self.env.uid
            partner = self.env["res.partner"].browse(vals.get("partner_id"))
            vals["address"] = partner._get_consent_address(vals.get("channel"))
        consents = super().create(vals_list)
        consents._tell_blacklists()
        return consents

    def write(self, vals):
        """Refuse: what was said stays said."""
        if vals.keys() - {"company_id"}:
            raise UserError(
                self.env._(
                    "Entries of the consent ledger are never changed. Record what is"
                    " true now as a new entry."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Entries of the consent ledger are never deleted: they are the proof."
                " Record what is true now as a new entry."
            )
        )

    # The newest entry decides

    @api.model
    def _get_newest_query(self, partner_domain, purpose=None, channels=None):
        """Return the SELECT of partner, channel and the newest action of each.

        :param partner_domain: domain on ``partner_id``, to narrow the search
        :param purpose: a purpose; empty: what was said about every purpose
        """
        domain = Domain(partner_domain) & Domain(
            "purpose_id", "in", [False, *(purpose.ids if purpose else ())]
        )
        if channels:
            domain &= Domain("channel", "in", list(channels))
        day = self.env["relationship.role"]._get_date()
        visible = self._search(domain)
        return SQL(
            """
            SELECT DISTINCT ON (partner_id, channel) partner_id, channel,
                CASE WHEN action = 'given' AND valid_until < %s THEN 'lifted'
                     ELSE action END AS action
            FROM %s WHERE %s ORDER BY partner_id, channel, date DESC, id DESC
            """,
            day,
            visible.from_clause,
            visible.where_clause or SQL("TRUE"),
        )

    # Blacklists

    def _tell_blacklists(self):
        """Bring Odoo's blacklists in step with what was said about every purpose.

        An entry about one purpose stops nothing else, so it changes no blacklist.
        """
        # sudo: whoever may record an objection makes it effective everywhere.
        general = self.sudo().filtered(lambda consent: not consent.purpose_id)
        for consent in general.sorted(lambda c: (c.date, c.id)):
            partner = consent.partner_id
            states = partner._get_consent_states(blacklists=False)[partner.id]
            if consent.channel == "email" and partner.email_normalized:
                blacklist = self.env["mail.blacklist"].sudo()
                consent._set_blacklisted(
                    blacklist, partner.email_normalized, states["email"] == "withdrawn"
                )
            elif consent.channel in {"phone", "sms"} and partner.phone_sanitized:
                blacklist = self.env["phone.blacklist"].sudo()
                refused = "withdrawn" in (states["phone"], states["sms"])
                consent._set_blacklisted(blacklist, [partner.phone_sanitized], refused)

    def _set_blacklisted(self, blacklist, address, refused):
        message = self.env._("Consent ledger: %(name)s", name=self.partner_id.name)
        column = "email" if blacklist._name == "mail.blacklist" else "number"
        known = blacklist.search_count(
            [(column, "=", address if isinstance(address, str) else address[0])],
            limit=1,
        )
        if refused and not known:
            blacklist._add(address, message=message)
        elif not refused and known:
            blacklist._remove(address, message=message)

    @api.model
    def _hear_blacklist(self, column, addresses, channels, refused):
        """Write into the ledger what a blacklist learned otherwise.

        Taking an address off lifts the objection; it is no consent.
        """
        # sudo: an unsubscribe link is used by nobody in particular.
        partners = self.env["res.partner"].sudo()
        partners = partners.search([(column, "in", addresses)])
        states = partners._get_consent_states(blacklists=False)
        self.sudo().create(
            [
                {
                    "partner_id": partner.id,
                    "channel": channel,
                    "action": "withdrawn" if refused else "lifted",
                    "origin": "blacklist",
                    "evidence": self.env._(
                        "Odoo's blacklist: %(address)s", address=partner[column]
                    ),
                }
                for partner in partners
                for channel in channels
                if (states[partner.id][channel] == "withdrawn") != refused
            ]
        )

    # Merge of partners

    @api.model
    def _fold_partners(self, sources, destination):
        """Let the stricter word win where the partners said different things."""
        everybody = sources | destination
        entries = self.search([("partner_id", "in", everybody.ids)])
        strict = []
        purposes = self.env["relationship.consent.purpose"]
        for purpose in [purposes, *entries.purpose_id]:
            states = everybody._get_consent_states(purpose=purpose, blacklists=False)
            for channel, _label in CHANNELS:
                said = {states[partner.id][channel] for partner in everybody}
                if {"given", "withdrawn"} <= said:
                    strict.append(
                        {
                            "partner_id": destination.id,
                            "purpose_id": purpose.id,
                            "channel": channel,
                            "action": "withdrawn",
                            "origin": "merge",
                            "evidence": self.env._(
                                "The merged partners had said different things."
                            ),
                        }
                    )
        self.create(strict)
        sentences = []
        if moved := entries.filtered(lambda c: c.partner_id in sources):
            sentences.append(
                self.env._("Consents taken over: %(count)s", count=len(moved))
            )
        return sentences

    @api.model
    def _settle_merge(self, _destination):
        return []

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import template for consents"),
                "template": "/relationship_management/static/import/consents.csv",
            }
        ]
