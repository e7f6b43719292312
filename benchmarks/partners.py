"""What it costs to search partners by relation and by role, against their name.

Run with ``make bench`` or ``odoo shell -d DATABASE < benchmarks/partners.py``; needs a
database with ``relationship_management``. It fills the tables in a transaction that is
rolled back: never run it on a database that people use.

Each round runs every search once, in random order, in the ORM as a salesperson: the
first 80 partners, and their number. Printed are medians of the seconds and of the
ratios to the search by name of the same round, with the smallest and the largest ratio.
"""

import random
import statistics
import time

from odoo.tools import SQL

PARTNERS, RELATIONS, ROLES = 200_000, 500_000, 600_000
ROUNDS = 15
RANDOM = random.Random(20260402)  # noqa: S311 - repeatable, not secret


def default_columns(cr):
    """Give obligatory columns of other addons a default, until the rollback."""
    cr.execute(
        """
        SELECT attname FROM pg_attribute
        WHERE attrelid = 'res_partner'::regclass AND attnum > 0 AND attnotnull
          AND NOT atthasdef AND NOT attisdropped
        """
    )
    for (name,) in cr.fetchall():
        column = SQL.identifier(name)
        cr.execute(SQL("SELECT %s FROM res_partner LIMIT 1", column))
        [value] = cr.fetchone()
        cr.execute(
            SQL("ALTER TABLE res_partner ALTER %s SET DEFAULT %s", column, value)
        )


def fill(cr):
    """Make partners, relations and roles, some of them over."""
    default_columns(cr)
    cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, active, type, is_company,
                                 partner_share, create_date)
        SELECT 'Bench ' || md5(i::text), 'Bench ' || md5(i::text), TRUE, 'contact',
               i %% 3 = 0, TRUE, now()
        FROM generate_series(1, %s) i RETURNING id
        """,
        [PARTNERS],
    )
    first = min(partner_id for (partner_id,) in cr.fetchall())
    cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [first]
    )
    cr.execute(
        """
        INSERT INTO relationship_relation (left_partner_id, right_partner_id, type_id,
                                           date_from, date_to)
        SELECT %(first)s + i %% %(partners)s,
               %(first)s + (i::bigint * 7919 + 1) %% %(partners)s,
               (SELECT array_agg(id) FROM relationship_relation_type)[1 + i %% 10],
               date '2015-01-01' + i %% 3000,
               CASE WHEN i %% 3 = 0 THEN date '2024-01-01' + i %% 300 END
        FROM generate_series(1, %(count)s) i
        WHERE i %% %(partners)s <> (i::bigint * 7919 + 1) %% %(partners)s
        """,
        {"first": first, "partners": PARTNERS, "count": RELATIONS},
    )
    cr.execute(
        """
        INSERT INTO relationship_role (partner_id, type_id, kind, type_sequence, origin,
                                       state, date_from, date_to)
        SELECT %(first)s + i %% %(partners)s, t.id, t.kind, t.sequence, 'manual',
               'confirmed', date '2015-01-01' + i %% 3000,
               CASE WHEN i %% 4 = 0 THEN date '2024-01-01' + i %% 300 END
        FROM generate_series(0, %(count)s - 1) i
        JOIN relationship_role_type t ON t.id = (
            SELECT array_agg(id ORDER BY id) FROM relationship_role_type
        )[1 + (i / %(partners)s * 3 + i) %% 9]
        """,
        {"first": first, "partners": PARTNERS, "count": ROLES},
    )
    for table in ("res_partner", "relationship_relation", "relationship_role"):
        cr.execute(f"ANALYZE {table}")
    return first


def measure(env, first):
    """Return the seconds of each search, by round."""
    user = env["res.users"].search([("login", "=", "anna")]) or env.ref(
        "base.user_admin"
    )
    partners = env["res.partner"].with_user(user)
    relation_type = env["relationship.relation.type"].search([], limit=1)
    role_type = env["relationship.role.type"].search([], limit=1)
    on_a_day = partners.with_context(relationship_date="2023-06-01")
    related = [("related_partner_id", "in", [first + 1000])]
    by_type = [("relation_type_id", "in", relation_type.ids)]
    roles = [("role_type_ids", "in", role_type.ids)]
    searches = {
        "name": (partners, [("name", "ilike", "bench a1")]),
        "related to one partner": (partners, related),
        "related by a type": (partners, by_type),
        "related on a day": (on_a_day, related),
        "role today": (partners, roles),
        "role on a day": (on_a_day, roles),
    }
    samples = {name: [] for name in searches}
    counts = {name: [] for name in searches}
    for _round in range(ROUNDS + 1):
        for name, (records, domain) in RANDOM.sample(sorted(searches.items()), 6):
            env.invalidate_all()
            started = time.perf_counter()
            records.search(domain, limit=80)
            middle = time.perf_counter()
            records.search_count(domain)
            samples[name].append(middle - started)
            counts[name].append(time.perf_counter() - middle)
    return samples, counts


def report(title, samples):
    print(f"\n{title}")  # noqa: T201
    base = samples["name"][1:]
    for name, seconds in samples.items():
        ratios = [one / other for one, other in zip(seconds[1:], base, strict=True)]
        print(  # noqa: T201
            f"{name:24} {statistics.median(seconds[1:]) * 1000:8.1f} ms"
            f"  {statistics.median(ratios):6.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
        )


def main(env):
    try:
        first = fill(env.cr)
        samples, counts = measure(env, first)
    finally:
        env.cr.rollback()
    report("First 80 partners, ratio to the search by name", samples)
    report("Number of partners, ratio to the search by name", counts)


main(env)  # noqa: F821 - Odoo's shell provides it
