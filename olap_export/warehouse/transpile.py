"""Write the views of the other engines from those of PostgreSQL.

Run by developers after a change of ``views/*.sql``; the results are committed, nothing
is translated at run time. A view with the header ``-- by hand: <reason>`` is left
alone. Needs sqlglot, in the version of the development requirements::

    python -m olap_export.warehouse.transpile
"""

from .queries import fill, split
from .schema import VIEW_FOLDER
from .star import VIEWS

DIALECTS = ("duckdb",)
HEADER = "-- Made from ../{view}.sql by warehouse/transpile.py; do not edit.\n"
# A name that no dialect touches, instead of the braces.
MARK = "__schema__"


def transpile(view, dialect):
    """Return the text of a view in another dialect."""
    import sqlglot

    text = (VIEW_FOLDER / f"{view}.sql").read_text(encoding="utf-8")
    statements = [
        sqlglot.transpile(
            fill(statement, schema=MARK), read="postgres", write=dialect, pretty=True
        )[0].replace(MARK, "{schema}")
        for statement in split(text)
    ]
    return HEADER.format(view=view) + "".join(f"{s};\n" for s in statements)


def main():
    for dialect in DIALECTS:
        for view in VIEWS:
            path = VIEW_FOLDER / dialect / f"{view}.sql"
            if path.exists() and path.read_text("utf-8").startswith("-- by hand:"):
                continue
            path.write_text(transpile(view, dialect), encoding="utf-8")


if __name__ == "__main__":
    main()
