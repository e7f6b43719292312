"""What the product has to know of a business model, told once by whoever owns it.

In SQL, ``s`` is the record: ``SQL("s.state = 'done'")``. What is a field by its name
may be SQL instead.
"""

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from odoo import fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

NOTHING, EVERYTHING = SQL(), SQL("TRUE")
# A column of the records ``s`` in SQL.
COLUMN = re.compile(r'(?<![\w".])(?:s|"s")\."?(\w+)')
# What most models have under the same name, and where it leads to.
USUAL = {
    "name": ("name", None),
    "number": ("number", None),
    "type": ("opportunity_type_id", "relationship.opportunity.type"),
    "stage": ("stage_id", "crm.stage"),
    "user": ("user_id", "res.users"),
    "team": ("team_id", "crm.team"),
    "company": ("company_id", "res.company"),
}


class Follow(NamedTuple):
    """A table whose rows the list tells of, too: when ``r`` of it changes, all ``s`` do
    for which ``where`` holds.

    ``columns`` are those of ``r`` that the list tells; none: whether ``r`` is there.
    """

    table: str
    where: str
    columns: tuple = ()


@dataclass(frozen=True, kw_only=True)
class Rows:
    """One row of the list for each record ``s`` that fits.

    ``values`` says what stands in the columns of ``relationship.item``, in SQL that may
    name tables of ``joins``; what is left out is empty. ``label`` and ``icon`` belong
    to the ``kind``; where that is SQL, the kinds are those of other models. ``opens``:
    the models that a row opens, if these are others than the source itself.
    ``because``: the models whose rows are why a partner has one; who sees none of these
    does not see it.
    """

    kind: str | SQL
    values: dict = field(default_factory=dict)
    label: str = ""
    icon: str = ""
    joins: SQL = NOTHING
    where: SQL = EVERYTHING
    follows: tuple = ()
    opens: tuple = ()
    because: tuple = ()


@dataclass(frozen=True)
class Fact:
    """Records that the statistics count as one kind of row.

    ``values`` has more columns of the statistics than the source tells: SQL or values.
    """

    kind: str
    label: str
    where: SQL = EVERYTHING
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Contact:
    """Records that show when somebody was in contact with a partner.

    Of several on one day the one with the first ``turn`` is named. ``rows`` names
    another method of ``res.partner`` for their statement, see ``contact_source``.
    """

    label: str
    turn: int = 100
    day: str | SQL = ""
    partner: str | SQL = ""
    where: SQL = EVERYTHING
    rows: str = "_get_contact_rows"


@dataclass(frozen=True)
class Figure:
    """Records that are counted for a partner, and opened from its page *Marketing*.

    With a ``label`` the page shows their number and amount. ``rows`` names another
    method of ``res.partner`` for their statement, see ``figure_source``.
    """

    key: str
    domain: Domain
    label: str = ""
    rows: str = "_get_amount_rows"


class GivenRole(NamedTuple):
    """Records whose partner has a kind of role from the first ``day`` on."""

    kind: str
    where: SQL
    day: SQL


@dataclass(frozen=True, kw_only=True)
class Source:
    """A description. ``None``: the model has it, if at all, under its usual name.

    ``label`` is what screens call its records, in the plural, if not like the model.
    ``partners`` are paths to the partners among whose files and notes those of the
    record are; the first one names the partner of the record, unless it starts at a
    list of lines. An ``amount`` is in the currency of the company. ``activities`` says
    whether its activities count as those of the partner. ``merge`` is its turn when
    partners are merged, see ``partner_merge``. ``rows`` are those of the relationship
    list, see ``Rows``.
    """

    label: str = ""
    partners: tuple = ()
    name: str | SQL | None = None
    number: str | SQL | None = None
    type: str | SQL | None = None
    stage: str | None = None
    user: str | SQL | None = None
    team: str | SQL | None = None
    company: str | None = None
    date: str | SQL = ""
    amount: str | SQL = ""
    activities: bool = False
    facts: tuple = ()
    contact: Contact | None = None
    figures: tuple = ()
    roles: tuple = ()
    merge: int | None = None
    rows: Rows | None = None
    records: models.BaseModel | None = None  # set by the registry

    def bind(self, records):
        """Return the description with its model, and with what is there as usual."""
        usual = {}
        for name, (column, comodel) in USUAL.items():
            if getattr(self, name) is None:
                fits = is_column(records, column)
                fits = fits and records._fields[column].comodel_name == comodel
                usual[name] = column if fits else ""
        return replace(self, records=records, **usual)

    @property
    def table(self):
        return SQL.identifier(self.records._table)

    @property
    def partner(self):
        return self.column(self.partners[0])

    def column(self, name, cast="text"):
        """Return SQL of a field of ``s``; of none, a NULL of a type of PostgreSQL."""
        if isinstance(name, SQL):
            return name
        if not name:
            return SQL("NULL::%s", SQL(cast))
        # sudo: whoever asks for a column shows by rules of its own what is in it.
        return self.records.sudo()._field_to_sql("s", name)

    def day(self, name):
        """Return SQL of the day of a date or, where the user is, of a time."""
        column = self.column(name, "date")
        is_time = isinstance(self.records._fields.get(name), fields.Datetime)
        return get_day(self.records.env, column) if is_time else column

    def flush_before(self, select):
        """Return a statement about ``s`` that first writes the fields it reads."""
        known = self.records._fields
        names = known.keys() & set(COLUMN.findall(select.code))
        return SQL("%s", select, to_flush=[known[name] for name in names])


def is_column(records, name):
    found = records._fields.get(name)
    return bool(found and found.store and found.column_type)


def get_day(env, moment):
    """Return SQL of the day, where the user is, of a moment in UTC."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, str(env.tz))


class RelationshipSource(models.AbstractModel):
    """The registry of business models; documents, statistics and so on read it.

    Whoever owns a model describes it there, in ``_describe_source()``; whoever knows
    more of it extends that::

        def _describe_source(self):
            return Source(label=self.env._("visits"), partners=("partner_id",))

    What it names has to exist: ``source_check`` asks when the registry is loaded.
    """

    _name = "relationship.source"
    _description = "Business models that concern partners"

    def _get_descriptions(self):
        """Return {model: its ``Source``}."""
        described = map(self.env.__getitem__, self._get_described_models())
        return {r._name: r._describe_source().bind(r) for r in described}

    @tools.ormcache()
    def _get_described_models(self):
        return [
            name
            for name, model in self.env.registry.items()
            if hasattr(model, "_describe_source") and not model._abstract
        ]

    def _get_paths(self):
        """Return the models with partners: {model: paths to them}."""
        sources = self._get_descriptions().items()
        return {model: source.partners for model, source in sources if source.partners}

    def _get_label(self, model):
        """Return what screens call the records of a model, described or not."""
        source = self._get_descriptions().get(model, Source())
        return source.label or self.env["ir.model"]._get(model).name
