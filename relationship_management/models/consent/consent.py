"""The ledger of consents: what its entries say; see also ``…_ledger``."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..history.capture import SQL_FOLDER
from ..shared import row_trigger
from ..shared.may_be_told import name_of
from ..shared.partner_fields import company_field
from .channel import CHANNELS
from .guard import TRIGGERS

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
# Clocks of two machines differ.
TOLERANCE = timedelta(minutes=5)


def _kept(field_class, label):
    """Return a field that keeps how the partner could be reached."""
    return field_class(label, compute="_compute_addresses", store=True, precompute=True)


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
    _inherit = [
        "relationship.discreet.mixin",
        "relationship.import.mixin",
        "relationship.parent.guard.mixin",
        "relationship.server.fields.mixin",
        "relationship.unique.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _asks_right_first = True

    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="restrict", check_company=True
    )
    company_id = company_field(
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
        string="Legal basis",
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
    valid_until = fields.Date(
        string="Valid until", help="Given until this day. Empty: until withdrawn."
    )
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
    email = _kept(fields.Char, "E-mail at that time")
    phone = _kept(fields.Char, "Phone at that time")
    address = _kept(fields.Text, "Address at that time")

    # None on the partner: a constraint there would let core's merge delete entries.
    _corrects_unique = models.Constraint(
        "UNIQUE(corrects_id)",
        "This entry was corrected before: correct the correction.",
    )
    _partner_idx = models.Index("(partner_id, channel, date DESC, id DESC)")
    _refused_idx = models.Index("(channel, partner_id) WHERE action = 'withdrawn'")

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

    @api.depends("channel", "action", "purpose_id", "date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        channels, actions = self._get_labels("channel"), self._get_labels("action")
        for entry in self:
            if not entry.id:
                entry.display_name = False
                continue
            parts = [channels[entry.channel], entry.purpose_id.name]
            day = format_date(self.env, entry._get_day())
            entry.display_name = (
                f"{', '.join(filter(None, parts))}: {actions[entry.action]}, {day}"
            )

    def _get_day(self):
        """Return the day of the entry where the user is."""
        return fields.Datetime.context_timestamp(self, self.date).date()

    def _get_labels(self, name):
        """Return the values of a selection field in the language of the user."""
        return dict(self._fields[name]._description_selection(self.env))

    @api.constrains("date", "valid_until")
    def _check_date(self):
        for entry in self:
            if entry.date > fields.Datetime.now() + TOLERANCE:
                raise ValidationError(
                    self.env._(
                        "Nobody can have agreed or objected in the future: enter when"
                        " %(partner)s said it.",
                        partner=name_of(entry.partner_id),
                    )
                )
            if entry.valid_until and entry.valid_until < entry._get_day():
                raise ValidationError(
                    self.env._(
                        "What %(partner)s gave cannot end before it was given: enter a"
                        " later last day.",
                        partner=name_of(entry.partner_id),
                    )
                )

    @api.constrains("action", "valid_until", "legal_basis", "corrects_id")
    def _check_action(self):
        for entry in self:
            if entry.valid_until and entry.action != "given":
                raise ValidationError(
                    self.env._(
                        "Only what was given can end by itself: clear the last day."
                    )
                )
            if entry.action == "given" and not entry.legal_basis:
                raise ValidationError(
                    self.env._(
                        "Say on which legal basis the partner may be approached."
                    )
                )
            if entry.action == "void" and not entry.corrects_id:
                raise ValidationError(
                    self.env._(
                        "Open the wrong entry and choose Correct, to say that it was a"
                        " mistake."
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
