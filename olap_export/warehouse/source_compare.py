"""What a target should hold, as Odoo's database says it; see ``compare``."""

# pylint: disable=sql-injection

from . import columns, compare, digest, queries

# What is kept of a comparison that goes on.
KEPT = ("events", "after", "part", "parts")


class Comparison:
    """The part of a source that a target is compared with.

    The source gives ``target_id``, ``columns``, ``values``, ``execute`` and ``scalar``.
    """

    def take_compared(self):
        """Return a comparison: a new one, or that of this night whose time was up.

        It is kept no longer: should this one end in any other way, nobody goes on.
        """
        kept = self.scalar(
            "SELECT compared FROM olap_export_position"
            " WHERE target_id = %s AND compared_at > now() - %s",
            [self.target_id, compare.A_NIGHT],
        )
        self._keep(None)
        return compare.Comparison(**dict(zip(KEPT, kept or (), strict=False)))

    def keep_compared(self, found):
        self._keep([getattr(found, name) for name in KEPT])

    def _keep(self, kept):
        self.execute(
            "UPDATE olap_export_position SET compared = %s, compared_at = now()"
            " WHERE target_id = %s",
            [kept, self.target_id],
        )

    def count_history(self):
        return self.scalar("SELECT count(*) FROM relationship_opportunity_history")

    def find_range(self, after, size):
        """Return the last number of a range; the last one has no end."""
        count, last = self.execute(
            """
            SELECT count(*), max(id)
              FROM (SELECT id FROM relationship_opportunity_history
                     WHERE id > %s ORDER BY id LIMIT %s) h
            """,
            [after, size],
        )[0]
        return min(last, compare.DONE) if count == size else compare.DONE

    def read_days(self, bounds):
        """Return ``{day: (count, digest)}`` of the events that a target should hold."""
        rows = self.execute(self._fill("days", bounds))
        return {day: (count, total) for day, count, total in rows}

    def said_select(self, bounds, days):
        """Return the statement on the events of some days."""
        return self._fill("said", bounds, days=compare.list_days(days))

    def _fill(self, name, bounds, **values):
        texts = queries.read_named("source/compare")
        text = queries.fill(texts[name], events=texts["events"])
        low, high = bounds
        return queries.fill(
            text,
            **digest.hashes("postgresql"),
            content=digest.content(self.columns, at_source=True),
            fitting=columns.FITTED_FROM,
            timely=columns.TIMELY,
            keyed=columns.KEYED,
            low=low,
            high=high,
            **values,
            **self.values,
        )

    def find_unknown(self, keys):
        """Return those keys whose number no history row has."""
        offset = self.values["source_key"] * 10**12
        rows = self.execute(
            "SELECT n FROM unnest(%s::bigint[]) n WHERE NOT EXISTS ("
            "SELECT 1 FROM relationship_opportunity_history h WHERE h.id = n)",
            [[key - offset for key in keys]],
        )
        return [number + offset for (number,) in rows]

    def queue(self, keys):
        """Let these events be sent again."""
        offset = self.values["source_key"] * 10**12
        self.execute(
            "INSERT INTO olap_export_queue (target_id, history_id)"
            " SELECT %s, n FROM unnest(%s::bigint[]) n ON CONFLICT DO NOTHING",
            [self.target_id, [key - offset for key in keys]],
        )
