"""Unite what says the same of one time; where two differ, one yields to the other."""

from datetime import timedelta
from itertools import combinations

from odoo import models
from odoo.tools import SQL

ONE_DAY = timedelta(days=1)
# In the context while a merge ends what the new partner may not hold any more.
FOLDING = "relationship_folding"


class RelationshipPeriodMixin(models.AbstractModel):
    _inherit = "relationship.period.mixin"

    # What two records that hold at once may say differently.
    _facts = ()

    def _fold(self, note):
        """Leave one of these records for each day.

        To be called with records of one kind, of partners who are taken for one; of two
        that differ on the same days the first stays. Written in SQL, as core's merge
        itself: until core has moved the partners, a rule could not be checked.

        :param note: is called with each record that yields, before it does, and with a
            sentence about it
        :return: what is left, with the parts of what lay around another one
        """
        self.env.flush_all()
        left = list(self)
        while pair := next((p for p in combinations(left, 2) if p[0]._meets(p[1])), 0):
            one, other = pair
            if one._says_the_same(other):
                one._unite_with(other, note)
                left.remove(other)
            else:
                keeping, yielding = one._choose_keeping(other)
                at = left.index(yielding)
                left[at : at + 1] = yielding._keep_clear(keeping, note)
        return self.browse().union(*left)

    def _meets(self, other):
        return self._overlaps(other)

    def _says_the_same(self, other):
        """Tell whether one record can stand for two without saying more than they.

        What is empty is not known: the other one may know it, of the same days.
        """
        return all(self[name] == other[name] for name in self._facts) or (
            self._has_same_days(other) and self._agrees(other, self._facts)
        )

    def _has_same_days(self, other):
        starts = {self.date_from, other.date_from} - {False}
        return len(starts) < 2 and self.date_to == other.date_to

    def _agrees(self, other, names):
        pairs = ((self[name], other[name]) for name in names)
        return all(a == b or not a or not b for a, b in pairs)

    def _get_united(self, other):
        """Return the values of the record that stands for both."""
        starts = [day for day in (self.date_from, other.date_from) if day]
        notes = dict.fromkeys(filter(None, (self.note, other.note)))
        return {
            **{name: self[name] or other[name] for name in self._facts},
            "date_from": min(starts, default=False),
            "date_to": self.date_to
            and other.date_to
            and max(self.date_to, other.date_to),
            "note": " · ".join(notes) or False,
        }

    def _choose_keeping(self, other):
        """Return the one that keeps its days, and the one that yields.

        What begins later is the newer word; of two that begin together, the shorter.
        """
        return min(
            ((self, other), (other, self)),
            key=lambda pair: (
                -(pair[0].date_from or pair[0]._get_date().min).toordinal(),
                (pair[0].date_to or pair[0]._get_date().max).toordinal(),
            ),
        )

    def _unite_with(self, other, note):
        """Let this record stand for both."""
        united = self._get_united(other)
        for record in (self, other):
            if record.date_to and not united["date_to"]:
                note(record, record._get_open_sentence())
        self._change_in_merge(united)
        other._delete_in_merge()

    def _get_open_sentence(self):
        return self.env._(
            "Goes on, because another one that says the same has no last day: %(what)s",
            what=self._get_merge_words(),
        )

    def _keep_clear(self, keeping, note):
        """Leave the days of ``keeping`` to it; return the records of the others.

        Of two parts the record itself is the one that is the first to count from today.
        """
        parts = self._get_parts_beside(keeping)
        note(self, self._get_yield_sentence(parts))
        if not parts:
            self._delete_in_merge()
            return []
        if len(parts) == 2 and keeping.date_from <= self._get_date():
            parts.reverse()
        own, *others = parts
        added = [self._copy_in_merge(days) for days in others]
        self._change_in_merge(own)
        return [self, *added]

    def _get_parts_beside(self, keeping):
        """Return the values of what this record says before and after another one."""
        first, last = keeping.date_from, keeping.date_to
        parts = []
        if first and (not self.date_from or self.date_from < first):
            parts.append({"date_from": self.date_from, "date_to": first - ONE_DAY})
        if last and (not self.date_to or self.date_to > last):
            parts.append({"date_from": last + ONE_DAY, "date_to": self.date_to})
        return parts

    def _get_yield_sentence(self, parts):
        """Return what is told of a record that yields.

        :param parts: what is left of it
        """
        what = self._get_merge_words()
        if not parts:
            return self.env._(
                "Not taken over, because it says otherwise than one that is there:"
                " %(what)s",
                what=what,
            )
        return self.env._(
            "Shortened, because another one says otherwise of the same time: %(what)s",
            what=what,
        )

    def _get_merge_words(self):
        """Return this record in words, with all that is lost if it goes."""
        return self.display_name

    def _change_in_merge(self, values):
        held = self._convert_to_write({name: self[name] for name in values})
        changed = {name: v for name, v in values.items() if held[name] != v}
        if not changed:
            return
        changed.update(write_uid=self.env.uid, write_date=self.env.cr.now())
        assignments = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), None if value is False else value)
            for name, value in changed.items()
        )
        table = SQL.identifier(self._table)
        self.env.cr.execute(
            SQL("UPDATE %s SET %s WHERE id = %s", table, assignments, self.id)
        )
        self.env.invalidate_all()

    def _copy_in_merge(self, values):
        """Return another row that says the same, but for these values."""
        names = [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type and name not in {"id", *values}
        ]
        columns = [SQL.identifier(name) for name in (*names, *values)]
        copied = [SQL.identifier(name) for name in names]
        copied += [SQL("%s", None if v is False else v) for v in values.values()]
        [[row_id]] = self.env.execute_query(
            SQL(
                "INSERT INTO %(table)s (%(columns)s)"
                " SELECT %(copied)s FROM %(table)s WHERE id = %(id)s RETURNING id",
                table=SQL.identifier(self._table),
                columns=SQL(", ").join(columns),
                copied=SQL(", ").join(copied),
                id=self.id,
            )
        )
        self.env.invalidate_all()
        return self.browse(row_id)

    def _delete_in_merge(self):
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", table, self.ids))
        self.env.invalidate_all()
