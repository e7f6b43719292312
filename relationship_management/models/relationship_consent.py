"""The ledger of consents: its entries, and what keeps them as they are."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from . import row_trigger
from .consent_guard import TRIGGERS
from .opportunity_history_capture import SQL_FOLDER

CHANNELS = [
    ("letter", "Letter"),
    ("fax", "Fax"),
    ("email", "E-mail"),
    ("phone", "Phone call"),
    ("sms", "SMS"),
]
ACTIONS = [
    ("given", "Given"),
    ("withdrawn", "Withdrawn"),
    ("lifted", "Objection lifted"),
    ("void", "Entered by mistake"),
]
LEGAL_BASES = [
    ("consent", "Consent"),
    ("contract", "Performance of a contract"),
    ("legal_obligation", "Legal obligation"),
    ("vital_interests", "Vital interests"),
    ("public_task", "Public task"),
    ("legitimate_interest", "Legitimate interest"),
]
ORIGINS = [
    ("person", "Entered by a person"),
    ("form", "Form"),
    ("import", "Import"),
    ("blacklist", "Blacklist"),
    ("unsubscribe", "Link in a message"),
    ("merge", "Merge of partners"),
]
# What a user may choose; the others are written by the system that they name.
USER_ORIGINS = ("person", "form")
SERVER_FIELDS = ("user_id", "email", "phone", "address")
# Clocks of two machines differ.
TOLERANCE = timedelta(minutes=5)


class RelationshipConsent(models.Model):
    """What a partner said about being approached: for what, through which channel.

    The entries are never changed or deleted. A wrong one is answered by another entry
    that corrects it: from then on only the correction counts, or none of both when it
    says *entered by mistake*.

    Of the entries that count on a day, the newest by date, then by id, decides for a
    partner, company, purpose and channel. An entry for every purpose counts for each of
    them, one for every company likewise. *Objection lifted* answers what was withdrawn
    before and says nothing else: what was given before that withdrawal is not given
    again. What the blacklist withdrew is about an address: it counts as long as the
    partner has the address. See ``res.partner._get_consent_states``.
    """

    _name = "relationship.consent"
    _description = "Consent"
    _order = "date desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who may, or may not, approach the partner. Empty: every company.",
    )
    purpose_id = fields.Many2one(
        "relationship.consent.purpose",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: every purpose.",
    )
    channel = fields.Selection(CHANNELS, required=True)
    action = fields.Selection(
        ACTIONS,
        string="What",
        required=True,
        default="given",
        help="Objection lifted: what was withdrawn no longer counts; that is not yet"
        " a consent. Entered by mistake: a correction, the corrected entry never was.",
    )
    legal_basis = fields.Selection(
        LEGAL_BASES,
        compute="_compute_legal_basis",
        store=True,
        readonly=False,
        precompute=True,
        help="Why the partner may be approached: GDPR, article 6 (1).",
    )
    date = fields.Datetime(
        string="When",
        required=True,
        default=fields.Datetime.now,
        index=True,
        help="When it was said; not when it is entered.",
    )
    valid_until = fields.Date(help="Given until this day. Empty: until withdrawn.")
    user_id = fields.Many2one(
        "res.users",
        string="Entered by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    origin = fields.Selection(ORIGINS, required=True, default="person")
    evidence = fields.Text(help="What proves it: the words, where, in whose presence.")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        help="A signed form, a letter. Cannot be changed or deleted afterwards.",
    )
    corrects_id = fields.Many2one(
        "relationship.consent", ondelete="restrict", index=True
    )
    correction_ids = fields.One2many(
        "relationship.consent", "corrects_id", string="Corrected by"
    )
    email = fields.Char(
        string="E-mail at that time",
        compute="_compute_addresses",
        store=True,
        precompute=True,
    )
    phone = fields.Char(
        string="Phone at that time",
        compute="_compute_addresses",
        store=True,
        precompute=True,
    )
    address = fields.Text(
        string="Address at that time",
        compute="_compute_addresses",
        store=True,
        precompute=True,
    )

    # None on the partner: a constraint there would let core's merge delete entries.
    _valid_until_given = models.Constraint(
        "CHECK(valid_until IS NULL OR action = 'given')",
        "Only what was given can end by itself: clear the last day.",
    )
    _legal_basis_given = models.Constraint(
        "CHECK(action <> 'given' OR legal_basis IS NOT NULL)",
        "Say on which legal basis the partner may be approached.",
    )
    _void_corrects = models.Constraint(
        "CHECK(action <> 'void' OR corrects_id IS NOT NULL)",
        "Open the wrong entry and choose Correct, to say that it was a mistake.",
    )
    _corrects_unique = models.Constraint(
        "UNIQUE(corrects_id)",
        "This entry was corrected before: correct the correction.",
    )
    _partner_idx = models.Index("(partner_id, channel, date DESC, id DESC)")

    def init(self):
        self.pool.post_init(row_trigger.install, self.env.cr, SQL_FOLDER, TRIGGERS)

    @api.depends("partner_id")
    def _compute_company_id(self):
        for entry in self:
            entry.company_id = entry.partner_id.company_id or entry.company_id

    @api.depends("action")
    def _compute_legal_basis(self):
        for entry in self:
            if entry.action == "given":
                entry.legal_basis = entry.legal_basis or "consent"
            else:
                entry.legal_basis = False

    @api.depends("partner_id")
    def _compute_addresses(self):
        """Keep how the partner could be reached when the entry was made."""
        for entry in self:
            # sudo: create() has checked that the user may read the partner.
            partner = entry.partner_id.sudo()
            entry.email = partner.email_normalized or partner.email
            entry.phone = partner.phone_sanitized or partner.phone
            lines = partner._display_address(without_company=True).splitlines()
            entry.address = "\n".join(line for line in lines if line.strip())

    @api.depends("channel", "action", "purpose_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        channels, actions = self._get_labels("channel"), self._get_labels("action")
        for entry in self:
            parts = [channels.get(entry.channel), entry.purpose_id.name]
            entry.display_name = (
                f"{', '.join(filter(None, parts))}: {actions.get(entry.action, '')}"
            )

    def _get_labels(self, name):
        """Return the values of a selection field in the language of the user."""
        return dict(self._fields[name]._description_selection(self.env))

    @api.constrains("date", "valid_until")
    def _check_date(self):
        for entry in self:
            day = fields.Datetime.context_timestamp(entry, entry.date).date()
            if entry.date > fields.Datetime.now() + TOLERANCE:
                raise ValidationError(
                    self.env._(
                        "Nobody can have agreed or objected in the future: enter when"
                        " %(partner)s said it.",
                        partner=entry.partner_id.display_name,
                    )
                )
            if entry.valid_until and entry.valid_until < day:
                raise ValidationError(
                    self.env._(
                        "What %(partner)s gave cannot end before it was given: enter a"
                        " later last day.",
                        partner=entry.partner_id.display_name,
                    )
                )

    @api.constrains("corrects_id", "partner_id")
    def _check_correction(self):
        for entry in self.filtered("corrects_id"):
            if entry.partner_id != entry.corrects_id.partner_id:
                raise ValidationError(
                    self.env._(
                        "A correction speaks of the same partner. For an entry at the"
                        " wrong partner choose “Entered by mistake”, then enter it at"
                        " the right one."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create([self._prepare_entry(vals) for vals in vals_list])
        entries.partner_id.check_access("read")
        entries._seal_evidence()
        entries._sync_blacklists()
        entries.partner_id._forget_consent_states()
        return entries

    def _prepare_entry(self, vals):
        """Return the values with what only the server says: who, from where, when."""
        entry = {name: vals[name] for name in vals if name not in SERVER_FIELDS}
        entry["user_id"] = self.env.uid
        if self.env.su:
            return entry
        origin = entry.get("origin") or "person"
        if self.env.context.get("import_file"):
            origin = "import"
        elif origin not in USER_ORIGINS:
            raise ValidationError(
                self.env._(
                    "Only the system itself writes entries of the origin “%(origin)s”:"
                    " choose “%(person)s” or “%(form)s”.",
                    origin=self._get_labels("origin").get(origin, origin),
                    person=self._get_labels("origin")["person"],
                    form=self._get_labels("origin")["form"],
                )
            )
        return {**entry, "origin": origin}

    def _seal_evidence(self):
        """Attach the files to their entry, after which nobody changes them."""
        files = self.attachment_ids
        files.check_access("read")
        for file in files.filtered("res_id"):
            raise ValidationError(
                self.env._(
                    "The file %(file)s belongs to something else: upload it again as"
                    " evidence of this consent.",
                    file=file.name,
                )
            )
        for entry in self:
            own = entry.attachment_ids & files
            # sudo: whoever records the consent uploaded the files; see above.
            own.sudo().write({"res_model": self._name, "res_id": entry.id})
            files -= own

    def write(self, vals):
        """Refuse: what was recorded stays as it is."""
        if vals:
            raise UserError(
                self.env._(
                    "An entry of the consent ledger is never changed. Open it and"
                    " choose Correct: the new entry then counts in its place."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "An entry of the consent ledger is never deleted: it proves what was"
                " said. Open it and choose Correct, if it is wrong."
            )
        )

    def _sync_blacklists(self):
        """Bring the blacklists in step with what was said about every purpose.

        The core lists know no purposes. What they said themselves is on them already.
        """
        # sudo: whoever may record a consent changes the blacklists by that.
        entries = self.sudo()
        said = entries.filtered(lambda e: e.origin not in ("blacklist", "unsubscribe"))
        said |= said.corrects_id
        general = said.filtered(lambda e: not e.purpose_id)
        for channel, same in general.grouped("channel").items():
            same.partner_id._sync_blacklists([channel])

    def action_correct(self):
        """Open a new entry that corrects this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct an entry"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_corrects_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_purpose_id": self.purpose_id.id,
                "default_channel": self.channel,
                "default_action": self.action,
                "default_legal_basis": self.legal_basis,
                "default_date": fields.Datetime.to_string(self.date),
                "default_valid_until": fields.Date.to_string(self.valid_until),
            },
        }

    @api.model
    def get_import_templates(self):
        """Offer the file that shows which columns an import takes."""
        return [
            {
                "label": self.env._("Import template for consents"),
                "template": "/relationship_management/static/import/consents.csv",
            }
        ]
