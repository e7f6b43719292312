from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..shared.context import get_marked
from ..shared.may_be_told import is_hidden, name_of, tell
from ..shared.partner_fields import company_field, partner_field

# In the context: no note in the chatter; roles of all companies are taken for one's.
SILENT = "relationship_role_silent"
ONE_COMPANY = "relationship_one_company"
# What the server alone says of a new role: where it comes from.
SERVER_FIELDS = frozenset({"origin", "state", "source"})
WHAT_COUNTS = ("partner_id", "type_id", "company_id", "date_from", "date_to", "state")


class RelationshipRole(models.Model):
    """A role that a partner holds, from one day to another, in one or every company.

    A derived role comes from business data. Somebody may confirm it, or refuse it: a
    refused one is kept, so that it is not derived again, and counts nowhere.
    """

    _name = "relationship.role"
    _description = "Role of a partner"
    _inherit = [
        "relationship.period.mixin",
        "relationship.import.mixin",
        "relationship.type.guard.mixin",
        "relationship.analysed.mixin",
        "relationship.parent.guard.mixin",
        "relationship.server.fields.mixin",
    ]
    _order = "partner_id, type_sequence, date_from desc, id"
    _not_offered = frozenset({"type_sequence"})
    _rec_name = "type_id"
    _check_company_auto = True
    _type_paths = ("type_id",)

    partner_id = partner_field()
    type_id = fields.Many2one(
        "relationship.role.type",
        string="Role",
        required=True,
        ondelete="restrict",
        domain="[('can_use', '=', True)]",
        check_company=True,
    )
    type_sequence = fields.Integer(related="type_id.sequence", store=True)
    kind = fields.Selection(related="type_id.kind", store=True)
    color = fields.Integer(related="type_id.color")
    company_id = company_field(
        help="The partner holds the role for this company. Empty: for every company.",
    )
    date_from = fields.Date(default=fields.Date.context_today)
    origin = fields.Selection(
        [("manual", "Entered"), ("derived", "Derived")],
        required=True,
        default="manual",
        readonly=True,
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("confirmed", "Confirmed"),
            ("refused", "Refused"),
        ],
        required=True,
        default="confirmed",
        readonly=True,
    )
    source = fields.Char(
        readonly=True, help="The records from which the role was derived."
    )
    note = fields.Char()

    _type_partner_idx = models.Index("(type_id, partner_id) WHERE state != 'refused'")

    @api.depends("partner_id.company_id")
    def _compute_company_id(self):
        for role in self:
            role.company_id = role.partner_id.company_id or role.company_id

    @api.depends("partner_id", "type_id")
    def _compute_display_name(self):
        for role in self:
            role.display_name = f"{role.partner_id.name or ''}: {role.type_id.name}"

    @api.constrains(*WHAT_COUNTS)
    def _check_overlap(self):
        self.partner_id._refuse_concurrent_change()
        for role, other in self._get_pairs():
            if other.type_id == role.type_id and role._overlaps(other):
                role._refuse_if_hidden(other)
                raise ValidationError(
                    self.env._(
                        "%(partner)s already holds the role %(role)s in this time:"
                        " change the existing one, or choose other days.",
                        partner=name_of(role.partner_id),
                        role=name_of(role.type_id, after_noun=True),
                    )
                )

    def _refuse_if_hidden(self, other):
        """Refuse without a word of a role that the person may not see."""
        if is_hidden(self | other):
            raise ValidationError(
                self.env._(
                    "%(partner)s: a role that you may not see stands against this."
                    " Choose other days or one company, or ask a manager.",
                    partner=name_of(self.partner_id),
                )
            )

    def _get_pairs(self):
        """Yield each role that counts with each other one of its partner."""
        # sudo: roles of other companies and hidden types count just the same.
        others = defaultdict(self.sudo().browse)
        for other in self.sudo().search(
            [("partner_id", "in", self.partner_id.ids), ("state", "!=", "refused")]
        ):
            others[other.partner_id] |= other
        for role in self.sudo().filtered(lambda r: r.state != "refused"):
            for other in others[role.partner_id] - role:
                if role._shares_company(other):
                    yield role, other

    def _shares_company(self, other):
        return (
            get_marked(self.env, ONE_COMPANY)
            or not self.company_id
            or not other.company_id
            or self.company_id == other.company_id
        )

    @api.model
    def _get_server_fields(self):
        return SERVER_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        self._ask_for_named(vals_list, "partner_id")
        kept = frozenset() if self.env.su else SERVER_FIELDS
        vals_list = [{k: v for k, v in v.items() if k not in kept} for v in vals_list]
        roles = super().create(vals_list)
        sentences = {
            role: self.env._("Role given: %(role)s", role=role._get_sentence())
            for role in roles.filtered(lambda r: r.origin == "manual")
        }
        roles._log(sentences, also=roles._end_contact())
        return roles

    def write(self, vals):
        if not set(WHAT_COUNTS) & vals.keys():
            return super().write(vals)
        self.check_access("write")
        if vals.get("partner_id"):
            self._ask_for_named([vals], "partner_id")
        before = {role: role._get_sentence() for role in self if role._tell(True)}
        result = super().write(vals)
        sentences = {
            role: self.env._(
                "Role changed: %(before)s → %(after)s",
                before=sentence,
                after=role._get_sentence(),
            )
            for role, sentence in before.items()
            if role._get_sentence() != sentence
        }
        self._log(sentences, also=self._end_contact())
        return result

    def unlink(self):
        """Delete, with a note in the chatter of the partner."""
        self._log(
            {
                role: self.env._("Role removed: %(role)s", role=role._get_sentence())
                for role in self
            }
        )
        partners = self.partner_id
        result = super().unlink()
        partners._check_relations()
        return result

    # The chatter of the partner

    def _get_sentence(self):
        """Return the role in words: “Customer, 01/01/2024 – 12/31/2025”.

        Without the company: who reads the chatter may belong to another one.
        """
        self.ensure_one()
        words = [self.sudo().type_id.name]
        first, last = (
            day and format_date(self.env, day) for day in (self.date_from, self.date_to)
        )
        if first and last:
            words.append(f"{first} – {last}")
        elif first:
            words.append(self.env._("from %(day)s", day=first))
        elif last:
            words.append(self.env._("until %(day)s", day=last))
        if self.state != "confirmed":
            states = dict(self._fields["state"]._description_selection(self.env))
            words.append(states[self.state])
        return ", ".join(words)

    def _tell(self, sentence):
        """Return the sentence, or None if not all who see the partner see the role."""
        return tell(self.partner_id, sentence, self.company_id, self.type_id)

    def _log(self, sentences, also=None):
        """Write sentences into the chatter of the partners, one note for each partner.

        What only some may see stays out of the chatter, which all may read.

        :param sentences: {role: sentence}
        :param also: {partner: [sentence]}, as of :meth:`_end_contact`
        """
        if get_marked(self.env, SILENT):
            return
        bodies = defaultdict(list)
        for role, sentence in sentences.items():
            bodies[role.partner_id.id].append(role._tell(sentence))
        for partner, lines in (also or {}).items():
            bodies[partner.id] += lines
        # sudo: whoever may change the roles of a partner leaves a note there, also
        # without the right to change the partner.
        bodies = {
            partner_id: "; ".join(told)
            for partner_id, lines in bodies.items()
            if (told := list(filter(None, lines)))
        }
        if bodies:
            partners = self.env["res.partner"].sudo().browse(bodies)
            partners._message_log_batch(bodies)

    # Actions

    def action_confirm(self):
        self.filtered(lambda r: r.state != "confirmed").write({"state": "confirmed"})

    def action_refuse(self):
        """Refuse what was derived: it counts nowhere, and is not derived again."""
        if entered := self.filtered(lambda r: r.origin == "manual"):
            raise UserError(
                self.env._(
                    "Only a derived role can be refused. End or delete what somebody"
                    " entered: %(roles)s.",
                    roles=", ".join(entered[:5].mapped("display_name")),
                )
            )
        had_counted = self.filtered(lambda r: r.state == "confirmed")
        self.filtered(lambda r: r.state != "refused").write({"state": "refused"})
        had_counted._reopen_contact()

    def action_end(self):
        """End the roles today."""
        today = fields.Date.context_today(self)
        self.filtered(lambda r: r._is_valid(today)).write({"date_to": today})

    # For others

    @api.model
    def _get_holding_domain(self, day=None):
        """Return the domain of the roles that are held on ``day``."""
        companies = [False, *self.env.companies.ids]
        return (
            self._get_valid_domain(day)
            & Domain("state", "!=", "refused")
            & Domain("company_id", "in", companies)
        )

    def _is_like(self, row):
        company = self.partner_id.company_id
        return super()._is_like({"company_id": company.id, **row}) and (
            self.state != "refused"
        )

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import template for roles"),
                "template": "/relationship_management/static/import/roles.csv",
            }
        ]
