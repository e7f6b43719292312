"""What the history keeps of an opportunity: one line a column.

The table, the triggers, the row of a deletion, the baseline and what the timeline tells
are made from this list; the export takes the columns from the table. An addon that
tracks a column of its own extends ``relationship.opportunity.history._get_columns``.
"""

from dataclasses import dataclass

EXACT = "OLD.{column} IS DISTINCT FROM NEW.{column}"


@dataclass(frozen=True)
class Kind:
    """What a column of the history holds.

    :param type: in PostgreSQL
    :param value: what is kept of ``{column}`` of the opportunity ``{row}``
    :param changed: what counts as a change of ``{column}``
    """

    type: str
    value: str = "{row}.{column}"
    changed: str = EXACT


TEXT = Kind("varchar")
RECORD = Kind("integer")
NUMBER = Kind("integer")
DAY = Kind("date")
MOMENT = Kind("timestamp")
LINES = Kind("jsonb")
FLAG = Kind(
    "boolean",
    value="coalesce({row}.{column}, false)",
    changed="coalesce(OLD.{column}, false) <> coalesce(NEW.{column}, false)",
)
# An empty amount equals 0.
AMOUNT = Kind(
    "numeric", changed="coalesce(OLD.{column}, 0) <> coalesce(NEW.{column}, 0)"
)
# The ORM stores these with binary noise.
PERCENT = Kind(
    "numeric",
    changed="round(OLD.{column}::numeric, 2)"
    " IS DISTINCT FROM round(NEW.{column}::numeric, 2)",
)


@dataclass(frozen=True)
class Column:
    """A column of the history.

    :param name: in the history
    :param kind: one of the kinds above
    :param watched: columns of ``crm_lead`` whose real change is an event; the first one
        is kept. None: the column of the same name
    :param value: what is kept instead: an expression over ``{row}``, ``status_now``,
        ``weight`` (see the forecast) and ``money`` (see its function)
    :param change: what counts as a change of the watched columns, if not each by itself
    :param counts: another table's trigger makes an event of its change
    :param shown: the timeline tells a change of it by the field of the same name
    :param required: never empty; for columns that are as old as the table
    """

    name: str
    kind: Kind
    watched: tuple | None = None
    value: str = ""
    shown: bool = True
    required: bool = False
    counts: bool = False
    change: str = ""

    def get_watched(self):
        return (self.name,) if self.watched is None else self.watched

    def get_value(self, row):
        """Return the expression that fills it from the opportunity ``row``."""
        text = self.value or self.kind.value
        column = next(iter(self.get_watched()), self.name)
        return text.replace("{row}", row).replace("{column}", column)

    def get_conditions(self):
        """Yield the conditions of a real change of the watched columns."""
        if self.change:
            yield self.change
            return
        for column in self.get_watched():
            yield self.kind.changed.replace("{column}", column)

    def is_event(self):
        """Return whether a change of it alone makes a row."""
        return self.counts or bool(self.get_watched())

    def get_difference(self, before, after):
        """Return the condition that two rows of the history differ in it."""
        text = self.kind.changed.replace("OLD", before).replace("NEW", after)
        return text.replace("{column}", self.name)

    def get_definition(self):
        return f"{self.name} {self.kind.type}{' NOT NULL' if self.required else ''}"


def _following(name, kind, value="", **options):
    """Describe what follows from other columns, or is no event by itself."""
    return Column(name, kind, watched=(), value=value, **options)


_STATUS = "relationship_opportunity_status({row}.won_status, {row}.active)"
_LINES = "{row}.reference_snapshot -> 'lines'"

# In the order in which the timeline tells them.
COLUMNS = (
    Column("opportunity_type_id", RECORD),
    Column("number", TEXT),
    Column("stage_id", RECORD),
    Column("probability", PERCENT),
    Column("expected_revenue", AMOUNT),
    Column("recurring_revenue", AMOUNT, shown=False),
    Column("recurring_revenue_monthly", AMOUNT),
    Column("contribution_margin", AMOUNT),
    Column("binding", FLAG, required=True),
    Column("apply_probability", FLAG, required=True),
    Column("date_deadline", DAY),
    Column("user_id", RECORD),
    Column("team_id", RECORD),
    Column("company_id", RECORD),
    Column("partner_id", RECORD),
    Column("campaign_id", RECORD),
    Column("lost_reason_id", RECORD),
    Column("lead_type", TEXT, ("type",)),
    # Told in other words than old and new value.
    Column("automated_probability", PERCENT, shown=False),
    Column(
        *("status", TEXT, ("active", "won_status"), "status_now"),
        # Whoever is won or lost stays that, archived or not.
        change=EXACT.replace("OLD.{column}", _STATUS.format(row="OLD")).replace(
            "NEW.{column}", _STATUS.format(row="NEW")
        ),
        shown=False,
        required=True,
    ),
    Column(
        *("reference_lines", LINES, ("reference_snapshot",)),
        f"CASE WHEN jsonb_typeof({_LINES}) = 'array' THEN {_LINES} END",
        shown=False,
    ),
    _following("name", TEXT),
    _following(
        "is_automated_probability",
        FLAG,
        "round({row}.probability::numeric, 2)"
        " IS NOT DISTINCT FROM round({row}.automated_probability::numeric, 2)",
    ),
    _following("forecast_revenue", AMOUNT, "{row}.expected_revenue * weight"),
    _following("forecast_margin", AMOUNT, "{row}.contribution_margin * weight"),
    # The company's own, see relationship_company_currency_capture.sql.
    _following(
        *("currency_id", RECORD, "split_part(money, '|', 2)::integer"), counts=True
    ),
    _following("group_currency_id", RECORD, "split_part(money, '|', 3)::integer"),
    _following("group_rate", AMOUNT, "nullif(split_part(money, '|', 4), '')::numeric"),
)


def get_watched(columns):
    """Return the columns of ``crm_lead`` whose real change is an event."""
    return tuple(name for column in columns for name in column.get_watched())


def get_real_change(columns):
    """Return the condition of an event, what is cheap to compare first."""
    ordered = sorted(columns, key=lambda column: column.kind.changed != EXACT)
    return " OR ".join(text for column in ordered for text in column.get_conditions())


def get_texts(columns):
    """Return what the functions in ``sql/`` that write rows leave open."""
    names = [column.name for column in columns]
    return {
        "columns": ", ".join(names),
        "assignments": ", ".join(f"{name} = EXCLUDED.{name}" for name in names),
        "differs": " OR ".join(
            c.get_difference("p", "h") for c in columns if c.is_event()
        ),
        **{
            f"{row.lower()}_values": ", ".join(c.get_value(row) for c in columns)
            for row in ("NEW", "OLD", "lead")
        },
    }
