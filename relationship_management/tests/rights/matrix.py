"""Compare tables of rights with what people can really do."""

from collections import namedtuple

from odoo.exceptions import MissingError, UserError
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..common import RefusalCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
PLAIN = ("char", "text", "integer", "boolean", "selection", "date", "datetime")
NOBODY = "-"
OURS = ("relationship_", "olap_export")
# record; values of another one like it (or a function of the user); a field of it
Row = namedtuple("Row", "record values touched")


class Undo(Exception):  # noqa: N818
    """What was tried succeeded, and is taken back."""


def parse(table):
    """Return ``{row: {person: letters}}`` of a text: a line of people, then the rows.

    ::

                      jan   anna
        ours:         r     rwcu
        Leipzig's:    -     -
    """
    people, *lines = [line for line in table.splitlines() if line.strip()]
    rows = {}
    for line in lines:
        name, cells = line.split(":")
        letters = [cell.replace(NOBODY, "") for cell in cells.split()]
        if any(not set(cell) <= set(OPERATIONS) for cell in letters):
            raise ValueError(f"Letters are r, w, c and u: {line}")
        if any({"w", "u"} & set(cell) and "r" not in cell for cell in letters):
            raise ValueError(f"Whoever may change something may read it: {line}")
        rows[name.strip()] = dict(zip(people.split(), letters, strict=True))
    return rows


def get_own_rules(env):
    """Return the record rules of our addons."""
    rules = env["ir.rule"].search([])
    own = rules.get_external_id()
    return rules.filtered(lambda rule: own[rule.id].startswith(OURS))


class MatrixCase(RefusalCase):
    """Tries every operation on every row as everybody.

    A class says in ``tables`` who may do what, and makes the rows in ``setUpClass``
    by :meth:`add_row`. Whoever has no column in a table may do nothing.
    """

    # {model: text for parse()}
    maxDiff = None
    tables = {}
    # Names of the attributes that hold the users.
    people = ()
    # People about whom only tables say something that have a column for them.
    sometimes = frozenset()
    # Who may do what somebody else may do, and has no column.
    like = {}
    # {model: names of people who may read no row of it, whatever there is}
    closed = {}
    # In which circumstances, as a part of the name of each row in docs/rights.csv.
    where = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = {}
        cls.contexts = {}

    @classmethod
    def add_row(cls, model, name, values=None, record=None, **again):
        """Make a row of a table, as superuser.

        :param again: values that tell another row of the same kind from this one
        """
        if record is None:
            record = cls.env[model].create(values)
        record.ensure_one()
        if isinstance(values, dict):
            values = {**values, **again}
        cls.rows.setdefault(model, {})[name] = Row(record, values, cls.touch(record))
        return record

    @classmethod
    def touch(cls, record):
        """Return the name of a field that is written without any consequence."""
        fields = [
            field
            for name, field in record._fields.items()
            if field.store
            and field.type in PLAIN
            and not (field.groups or field.related or field.compute or field.translate)
            and name not in ("id", "active", "parent_path")
        ]
        return min(fields, key=lambda f: (f.readonly, PLAIN.index(f.type))).name

    @classmethod
    def give(cls, record, maker):
        """Let a record be one that somebody has made."""
        cls.env.flush_all()
        cls.env.cr.execute(
            f"UPDATE {record._table} SET create_uid=%s WHERE id=%s",
            [maker.id, record.id],
        )
        record.invalidate_recordset()
        return record

    def find_differences(self, model=None):
        """Yield a sentence for every cell that does not hold.

        :param model: whose cells are tried; without it, all
        """
        for name in [model] if model else self.tables:
            table = parse(self.tables[name])
            if set(table) != set(self.rows.get(name, ())):
                yield f"{name}: the rows of the table are not those that were made"
                continue
            for person in self.closed.get(name, ()):
                if self.env[name].with_user(getattr(self, person)).has_access("read"):
                    yield f"{name} is open to {person}"
            cells = list(self._get_cells(name, table))
            # What is quick comes first: mutants are many.
            for compare in (self._compare_right, self._compare_doing):
                for cell in cells:
                    if sentence := compare(*cell):
                        yield f"{name}, {sentence}"

    def _get_cells(self, model, table):
        """Yield row, label, operation and whether it is allowed, for everybody."""
        for label, letters in table.items():
            row = self.rows[model][label]
            for person in self.people:
                column = self.like.get(person, person)
                if column not in letters and column in self.sometimes:
                    continue
                record = row.record.with_user(getattr(self, person))
                record = record.with_context(**self.contexts.get(person, {}))
                for letter, operation in OPERATIONS.items():
                    allowed = letter in letters.get(column, "")
                    words = f"{label}: {person} may {{}}{operation}"
                    yield row, record, operation, allowed, words

    def _compare_right(self, row, record, operation, allowed, words):
        if record.has_access(operation) != allowed:
            return words.format("not " if allowed else "")
        return None

    def _compare_doing(self, row, record, operation, allowed, words):
        if operation == "create" and not row.values:
            return None
        try:
            refusal = self._refuse(lambda: self._operate(operation, row, record))
        except Exception as error:
            raise AssertionError(words.format("try to ")) from error
        if (not refusal) == allowed:
            if operation == "read" and not allowed and self._is_found(record):
                return words.replace("may {}read", "may not read, and finds it")
            return None
        sentence = " ".join(refusal.split())
        return f"{words.format('not ' if allowed else '')}, if tried: {sentence}"

    def _operate(self, operation, row, record):
        if operation == "read":
            everything = record.with_context(active_test=False)
            if not record.read([row.touched]):
                raise MissingError(row.touched)
            self.assertTrue(everything.search([("id", "=", record.id)]))
        elif operation == "write":
            record.write({row.touched: record.sudo()[row.touched]})
        elif operation == "create":
            values = row.values
            record.create(values(record.env.user) if callable(values) else values)
        else:
            record.unlink()

    def _is_found(self, record):
        """Tell whether a search finds a record: PostgreSQL may read a rule its way."""
        everything = record.with_context(active_test=False)
        if not everything.browse().has_access("read"):
            return False
        return bool(everything.search_count([("id", "=", record.id)]))

    def _refuse(self, attempt):
        """Return the sentence that refuses an attempt, if any; take it back."""
        self.env.invalidate_all()
        try:
            with (
                mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"),
                mute_logger("odoo.addons.base.models.ir_model"),
                self.env.cr.savepoint(),
            ):
                attempt()
                self.env.flush_all()
                raise Undo  # noqa: TRY301
        except Undo:
            return ""
        except UserError as error:
            return str(error)

    def find_silent_rules(self):
        """Yield the rules of our addons that say nothing about any row, of anybody."""
        for rule in get_own_rules(self.env):
            model = rule.model_id.model
            if model in self.tables and not self._says_something(rule):
                yield f"{rule.get_external_id()[rule.id]}: no row of {model} needs it"

    def _says_something(self, rule):
        rows = [row.record for row in self.rows[rule.model_id.model].values()]
        records = rows[0].union(*rows).exists()
        for person in self.people:
            user = getattr(self, person)
            if rule.groups and not rule.groups & user.all_group_ids:
                continue
            domain = safe_eval(rule.domain_force, rule.with_user(user)._eval_context())
            # One for a group grants, one for everybody takes away.
            if len(records.filtered_domain(domain)) < len(records) or rule.groups:
                return True
        return False

    def assertTables(self):
        """Assert that every cell holds and every rule has one."""
        self.assertEqual([*self.find_differences(), *self.find_silent_rules()], [])

    # What ``make mutate`` asks

    @classmethod
    def is_complete(cls):
        """Tell whether this class has tables, and is no base of others."""
        return bool(cls.tables)

    @classmethod
    def knows(cls, kind, about):
        """Tell whether the class has a table about something of a kind."""
        return kind in ("rule", "access") and about in cls.tables

    def find_contradictions(self, _kind, about):
        """Yield sentences about cells that do not hold."""
        yield from self.find_differences(about)
        # The rules of a model hold for those that delegate to it, too.
        for model in self.tables:
            if about in self.env[model]._inherits:
                yield from self.find_differences(model)


def get_tabled_models():
    """Return the models about which any class of tables says who may do what."""
    models, classes = set(), [MatrixCase]
    while classes:
        case = classes.pop()
        classes += case.__subclasses__()
        models |= set(case.tables)
    return models
