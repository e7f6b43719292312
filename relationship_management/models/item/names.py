"""How the functions of PostgreSQL are called that keep the relationship list."""

import hashlib

PREFIX = "relationship_item_"
LONGEST = 63  # characters of a name in PostgreSQL


def get_sync_function(source):
    """Return the name of the function that brings rows of a source into step."""
    return get_name(f"sync_{source.records._table}")


def get_add_function(source):
    """Return the name of the function that adds the rows of new records."""
    return get_name(f"add_{source.records._table}")


def get_again_function(table):
    """Return the name of the function that does so for all that a table is told in."""
    return get_name(f"again_{table}")


def is_sync(name):
    return name.startswith(f"{PREFIX}sync_")


def get_name(words):
    """Return the name of a function; PostgreSQL would cut a long one."""
    name = PREFIX + words
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - 9]}_{get_digest(name)[:8]}"


def get_digest(text):
    return hashlib.sha256(text.encode()).hexdigest()
