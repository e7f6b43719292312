"""Unite what says the same of one time; where two differ, one yields to the other."""

from datetime import timedelta
from itertools import combinations

from odoo import models
from odoo.tools import SQL

ONE_DAY = timedelta(days=1)


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
        """
        self.env.flush_all()
        left = list(self)
        while pair := next((p for p in combinations(left, 2) if p[0]._meets(p[1])), 0):
            one, other = pair
            if one._says_the_same(other):
                one._change_in_merge(one._get_united(other))
                other._delete_in_merge()
                left.remove(other)
            else:
                keeping, yielding = one._choose_keeping(other)
                if not yielding._keep_clear(keeping, note):
                    left.remove(yielding)

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

    def _keep_clear(self, keeping, note):
        """Leave the days of ``keeping`` to it; return whether there are others left."""
        first, last = self._get_date().min, self._get_date().max
        if (self.date_from or first) < (keeping.date_from or first):
            values = {"date_to": keeping.date_from - ONE_DAY}
        elif (self.date_to or last) > (keeping.date_to or last):
            values = {"date_from": keeping.date_to + ONE_DAY}
        else:
            sentence = self.env._(
                "Not taken over, because it says otherwise than one that is there:"
                " %(what)s",
                what=self._get_merge_words(),
            )
            note(self, sentence)
            self._delete_in_merge()
            return False
        sentence = self.env._(
            "Shortened, because another one says otherwise of the same time: %(what)s",
            what=self._get_merge_words(),
        )
        note(self, sentence)
        self._change_in_merge(values)
        return True

    def _get_merge_words(self):
        """Return this record in words, with all that is lost if it goes."""
        return self.display_name

    def _change_in_merge(self, values):
        changed = {name: v for name, v in values.items() if self[name] != v}
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

    def _delete_in_merge(self):
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", table, self.ids))
        self.env.invalidate_all()
