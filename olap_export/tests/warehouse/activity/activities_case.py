"""A source with activities, whose changes wait as in Odoo."""

from psycopg2 import sql

from ....models import history_queue
from ....warehouse.activity.columns import WATCHED
from ..warehouse_case import HERE, OFFSET, WarehouseCase


class ActivitiesCase(WarehouseCase):
    """An empty target of each engine for each test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        function = HERE.parents[1] / "sql" / "olap_export_activity_capture.sql"
        text = function.read_text(encoding="utf-8").replace("{schema}", "public")
        cls.source_cr.execute(text.replace("{columns}", ", ".join(WATCHED)))
        for trigger in history_queue.TRIGGERS:
            if trigger.function == "olap_export_activity_capture":
                cls.source_cr.execute(trigger.definition("public"))

    def setUp(self):
        super().setUp()
        self.reset()
        self.source_cr.execute(
            "TRUNCATE relationship_activity, relationship_activity_history,"
            " mail_activity, relationship_activity_todo, olap_export_activity_queue"
            " RESTART IDENTITY"
        )
        self.engines = self.make_engines()

    def settle(self, engine):
        """Transfer until nothing from before the target was connected can come."""
        self.transfer(engine)
        self.transfer(engine)

    def turns(self):
        """Yield the engines, each as if it were the only one."""
        for engine in self.engines:
            self.source_cr.execute(
                "TRUNCATE olap_export_position, olap_export_activity_queue"
            )
            yield engine

    def insert(self, table="relationship_activity", **values):
        """Insert a row; return its number."""
        names = sql.SQL(", ").join(map(sql.Identifier, values))
        places = sql.SQL(", ").join(map(sql.Literal, values.values()))
        statement = sql.SQL("INSERT INTO {0} ({1}) VALUES ({2}) RETURNING {3}")
        if not values:
            statement = sql.SQL("INSERT INTO {0} DEFAULT VALUES RETURNING {3}")
        key = sql.Identifier("activity_id" if "history" in table else "id")
        self.source_cr.execute(
            statement.format(sql.Identifier(table), names, places, key)
        )
        return self.source_cr.fetchone()[0]

    def change(self, activity, /, **values):
        assignments = ", ".join(f"{name} = %({name})s" for name in values)
        self.source_cr.execute(
            f"UPDATE relationship_activity SET {assignments} WHERE id = %(key)s",
            {**values, "key": activity},
        )

    def add_tasks(self, number, *active):
        for is_active in active:
            self.insert(
                "mail_activity", relationship_activity_id=number, active=is_active
            )

    def delete(self, activity, /, **values):
        """Delete an activity; leave what the triggers of Odoo leave."""
        self.insert(
            "relationship_activity_history",
            activity_id=activity,
            deleted_at="2026-06-01 09:00",
            **values,
        )
        self.source_cr.execute(
            "DELETE FROM relationship_activity WHERE id = %s", [activity]
        )

    def rows(self, engine, columns, where="true"):
        """Return ``{number: values}`` of the fact."""
        found = self.read_target(
            engine,
            f"SELECT activity_key - {OFFSET}, {columns} FROM fact_activity"
            f" WHERE {where} ORDER BY 1",
        )
        self.assertEqual(len({row[0] for row in found}), len(found), "twice")
        return {row[0]: row[1:] for row in found}

    def count_queue(self):
        return self.read_source("SELECT count(*) FROM olap_export_activity_queue")[0][0]
