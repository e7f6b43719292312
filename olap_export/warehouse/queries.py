"""SQL texts from the files beside this module.

A file holds one statement, or several that start with a line ``-- name: <name>``.
``{placeholder}`` marks are replaced, nothing else is touched: values that come from
users never travel this way, only keys, names of schemas and literals quoted by
psycopg2.
"""

import functools
import re
from pathlib import Path

SQL_FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_COMMENT = re.compile(r"^\s*--.*\n", re.MULTILINE)


@functools.cache
def read(name):
    """Return the text of ``sql/<name>.sql`` without its comment lines."""
    text = (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    return _COMMENT.sub("", text).strip()


@functools.cache
def read_named(name):
    """Return ``{statement name: text}`` of ``sql/<name>.sql``."""
    text = (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    return {
        key: _COMMENT.sub("", body).strip()
        for key, body in zip(parts[::2], parts[1::2], strict=True)
    }


def fill(text, **values):
    """Replace each ``{key}`` by its value; unknown braces stay as they are."""
    for key, value in values.items():
        text = text.replace("{" + key + "}", str(value))
    return text


def split(text):
    """Return the statements of a script whose literals hold no semicolon at an
    end of line.
    """
    statements = re.split(r";\s*(?:\n|$)", _COMMENT.sub("", text))
    return [statement for statement in map(str.strip, statements) if statement]
