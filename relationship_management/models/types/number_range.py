import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.may_be_told import name_of
from .remembered import forget

# What the range of a company takes over from the one of all.
INHERITED = (
    "suffix",
    "padding",
    "implementation",
    "number_increment",
    "use_date_range",
)


def company_range():
    """Return the field ``company_sequence_id`` of a type.

    Every type has one of its own: of a mixin's, core would look into the table that a
    mixin has not, and nobody could delete a number range any more.
    """
    return fields.Many2one(
        "ir.sequence",
        string="Number range of the company",
        company_dependent=True,
        copy=False,
        groups="base.group_system",
    )


class RelationshipNumberingMixin(models.AbstractModel):
    """A type that numbers its records: in one range, or in one of each company.

    An inheriting model declares ``company_sequence_id = company_range()``.
    """

    _name = "relationship.numbering.mixin"
    _description = "Type with a number range"
    _inherit = ["relationship.type.mixin", "relationship.unique.mixin"]

    number_sequence_id = fields.Many2one(
        "ir.sequence",
        string="Number range",
        copy=False,
        ondelete="restrict",
        help="Gives each new record its number. A number once given never comes back.",
    )
    number_next = fields.Integer(
        compute="_compute_number_next",
        inverse="_inverse_number_next",
        string="Next number",
    )
    numbers_per_company = fields.Boolean(
        string="Numbers by company",
        help="Each company numbers its records by itself, from 1 on. Its range begins"
        " with the first record, and has a mark of the company in its numbers.",
    )
    number_last = fields.Integer(
        string="Last number", help="The range ends with this number. 0: it never ends."
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code <> ''",
        "Another type has this code: choose a different one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        types = super().create(vals_list)
        types._create_number_sequences()
        return types

    def write(self, vals):
        result = super().write(vals)
        if "code" in vals:
            self._create_number_sequences()
        return result

    def unlink(self):
        """Let the number ranges go with their types: nothing counts with them."""
        ranges = self._get_own_ranges()
        result = super().unlink()
        ranges.unlink()
        return result

    def _get_own_ranges(self):
        """Return the ranges of these types that nothing but they use."""
        # sudo: as where they are created
        types = self.sudo()
        ranges = types.number_sequence_id
        # Read from the database: each user reads that of one company.
        types.flush_recordset(["company_sequence_id"])
        self.env.cr.execute(
            SQL(
                """SELECT value::int FROM %s, jsonb_each_text(company_sequence_id)
                    WHERE id = ANY(%s)""",
                SQL.identifier(self._table),
                self.ids,
            )
        )
        ranges |= ranges.browse(id_ for (id_,) in self.env.cr.fetchall()).exists()
        others = types.with_context(active_test=False).search(
            [("number_sequence_id", "in", ranges.ids), ("id", "not in", self.ids)]
        )
        # An administrator may have taken one that another program counts with.
        shared = ranges.filtered("code") | ranges.browse(
            id_ for id_, names in ranges.get_external_id().items() if names
        )
        return ranges - others.number_sequence_id - shared

    def _forget_rights(self, *vals_list):
        """Let a range that a type gets be as hidden as the type from then on."""
        asked = {"number_sequence_id", "company_sequence_id", "company_id"}
        if any(asked & vals.keys() for vals in vals_list):
            forget(self.env)
        return super()._forget_rights(*vals_list)

    @api.model
    def _get_hidden_ranges(self, company_ids):
        """Return the number ranges, also by company, of types that are hidden."""
        # sudo: the record rules ask, whoever looks at number ranges.
        types = self.sudo().with_context(active_test=False)
        hidden = types.search(
            Domain("id", "in", self._get_forbidden_ids("see"))
            | Domain("company_id", "not in", [*company_ids, False])
        )
        by_company = self.env.execute_query(
            SQL(
                "SELECT v.value::int FROM %s t, jsonb_each_text(%s) v"
                " WHERE t.id = ANY(%s) AND v.value IS NOT NULL",
                SQL.identifier(self._table),
                SQL.identifier("t", "company_sequence_id"),
                hidden.ids,
                to_flush=self._fields["company_sequence_id"],
            )
        )
        ranges = hidden.number_sequence_id
        return ranges | ranges.browse(id_ for (id_,) in by_company)

    def _create_number_sequences(self):
        """Give each type with a code, but without a number range, one of its own.

        An existing range is left alone when the code changes: numbers given so far
        stay valid, and an administrator may have set a range by hand.
        """
        lacking = self.filtered(lambda t: t.code and not t.number_sequence_id)
        for record in lacking:
            # sudo: a manager of types may set up their number ranges, although
            # only administrators may touch sequences in general.
            record.number_sequence_id = (
                self.env["ir.sequence"].sudo().create(record._prepare_number_sequence())
            )

    def _prepare_number_sequence(self):
        self.ensure_one()
        return {
            "name": self.env._("Numbers of %(type)s", type=self.name),
            "prefix": f"{self.code}-",
            "padding": 5,
            "company_id": self.company_id.id,
        }

    @api.depends(
        "number_sequence_id.number_next_actual",
        "number_sequence_id.date_range_ids.number_next_actual",
        "numbers_per_company",
        "company_sequence_id.number_next_actual",
        "company_sequence_id.date_range_ids.number_next_actual",
    )
    @api.depends_context("company")
    def _compute_number_next(self):
        for record in self:
            sequence = record._get_number_range(record.env.company)
            counter = record._get_counter(sequence)
            started = counter or not (record.numbers_per_company or sequence)
            record.number_next = counter.number_next_actual if started else 1

    def _inverse_number_next(self):
        """Let the range go on with a later number: none comes back."""
        for record in self.filtered("number_sequence_id"):
            wanted = record.number_next
            sequence = record._get_number_range(
                record.env.company
            ) or record._start_company_range(record.env.company)
            self._start_date_range(sequence)
            counter = record._get_counter(sequence)
            # Colleagues may have taken numbers since it was read.
            counter.invalidate_recordset(["number_next_actual"])
            if wanted < counter.number_next_actual:
                raise ValidationError(
                    self.env._(
                        "The next number of the type %(type)s is %(next)s: lower ones"
                        " may have been given already and never come back. Choose"
                        " %(next)s or a higher one.",
                        type=name_of(record, after_noun=True),
                        next=counter.number_next_actual,
                    )
                )
            if wanted != counter.number_next_actual:
                counter.number_next_actual = wanted

    def _get_number_range(self, company):
        """Return the range that numbers records of a company: empty if not begun.

        Records without a company are numbered by the range of all companies.
        """
        self.ensure_one()
        # sudo: whoever may read the type may know its numbers, and a manager of types
        # may set them up, although only administrators may touch sequences in general.
        record = self.sudo()
        if record.numbers_per_company and record.number_sequence_id and company:
            return record.with_company(company).company_sequence_id
        return record.number_sequence_id

    def _get_counter(self, sequence):
        """Return what counts on: the range, or its part for today, empty if not begun.

        A range by years and the like begins anew with each of its parts.
        """
        if not sequence.use_date_range:
            return sequence
        today = fields.Date.context_today(self)
        return sequence.date_range_ids.filtered(
            lambda part: part.date_from <= today <= part.date_to
        )[:1]

    def _start_date_range(self, sequence):
        """Begin the part of a range for today, if there is none."""
        if sequence.use_date_range and not self._get_counter(sequence):
            self._lock_row(sequence)
            # Changed, so that whoever waits for the row does not begin the part, too.
            self.env.cr.execute(
                "UPDATE ir_sequence SET write_date = write_date WHERE id = %s",
                [sequence.id],
            )
            sequence._create_date_range_seq(fields.Date.context_today(self))
            sequence.invalidate_recordset(["date_range_ids"])

    @api.model
    def _lock_row(self, record):
        """Wait for others who begin the same range, before anybody takes a number.

        Two people do so with the first record of a company, or of a year. The later one
        does not see what the earlier one began: PostgreSQL says so here, and Odoo
        repeats the request of the later one, who then finds it. Otherwise both would
        take the first number, and the later one be refused. No error for the log.
        """
        self.env.cr.execute(
            SQL(
                "SELECT FROM %s WHERE id = %s FOR NO KEY UPDATE",
                SQL.identifier(record._table),
                record.id,
            ),
            log_exceptions=False,
        )

    def _start_company_range(self, company):
        """Create the range of a company like the one of all, with a mark of its own."""
        self._lock_row(self)
        # sudo: the first record of a company begins its range, whoever creates it.
        record = self.sudo()
        shared = record.number_sequence_id
        sequence = shared.create(
            {
                **{name: shared[name] for name in INHERITED},
                "name": f"{shared.name} · {company.name}",
                "prefix": self._get_company_prefix(shared, company),
                "company_id": company.id,
            }
        )
        record.with_company(company).company_sequence_id = sequence
        return sequence

    def _get_company_prefix(self, shared, company):
        """Return the prefix with the initials of a company, if they are still free."""
        initials = "".join(word[0] for word in re.findall(r"\w+", company.name))
        prefix = f"{shared.prefix or ''}{initials[:3].upper()}-"
        if shared.search_count([("prefix", "=", prefix)], limit=1):
            return f"{prefix[:-1]}{company.id}-"
        return prefix

    def _next_number(self, company=None):
        """Take the next number of the range, or False without a range.

        :param company: the company of the record, for a type with ranges by company
        """
        self.ensure_one()
        company = company or self.env["res.company"]
        sequence = self._get_number_range(company)
        # sudo: whoever creates a record of the type takes a number, nothing more.
        if not sequence and self.sudo().number_sequence_id:
            sequence = self._start_company_range(company)
        if not sequence:
            return False
        number = self._take_next(sequence)
        while sequence.use_date_range and self._is_given(number):
            number = self._take_next(sequence)
        return number

    def _take_next(self, sequence):
        self._start_date_range(sequence)
        # Whatever a client says about the day.
        sequence = sequence.with_context(
            ir_sequence_date=None, ir_sequence_date_range=None
        )
        number = sequence.next_by_id(fields.Date.context_today(self))
        self._check_range_end(sequence, number)
        return number

    def _is_given(self, number):
        """Tell whether a record has the number: a year without its mark begins anew."""
        model, field = next(iter(self._used_by.items()))
        domain = [(field, "=", self.id), ("number", "=", number)]
        return bool(self._get_users(model).search_count(domain, limit=1))

    def _check_range_end(self, sequence, number):
        last = self.sudo().number_last  # sudo: as for the number itself
        if not last:
            return
        part = sequence.use_date_range and self._get_counter(sequence)
        prefix, suffix = sequence._get_prefix_suffix(date_range=part and part.date_from)
        if int(number[len(prefix) : len(number) - len(suffix)]) > last:
            raise UserError(
                self.env._(
                    "The numbers of the type %(type)s are used up: %(last)s was the"
                    " last one. Ask a manager to raise the last number of the type, or"
                    " choose another type.",
                    type=name_of(self, after_noun=True),
                    last=last,
                )
            )
