"""Errors as sentences: what happened and what to do next.

A sentence never contains a password, a connection string or a statement. The English
text is also the source of its translation: ``_`` only marks it for the translators, and
whoever shows it translates ``error.text`` and fills in ``error.values``.
"""

# pylint: disable=prefer-env-translation

import re

import psycopg2


def _(text):
    return text


class TransferError(Exception):
    """Something that a person can understand and act upon.

    :param text: sentence with ``%(name)s`` places
    :param values: what goes into the places
    """

    def __init__(self, text, **values):
        super().__init__(text)
        self.text = text
        self.values = values

    @property
    def remedy(self):
        """Return the mode of a transfer that mends it, if one does."""
        return "repair" if self.text == SOURCE_CONFLICT else None

    def __str__(self):
        return self.text % self.values if self.values else self.text


class TargetBusyError(TransferError):
    """Another transfer holds the lock: nothing is wrong."""


BUSY = _("Another transfer to this target is running. Nothing had to be done.")
TABLES_MISSING = _(
    "The database has no tables for the transfer: let an administrator use “Update"
    " tables” on the target first."
)
VERSION_LATER = _(
    "The tables were made by a later version of this app (%(found)s, this one knows"
    " %(known)s): update the app before the next transfer."
)
VERSION_EARLIER = _(
    "The tables are of an earlier version (%(found)s instead of %(known)s): let an"
    " administrator use “Update tables” on the target, which brings them up to date. No"
    " data are lost by it."
)
TABLES_DAMAGED = _(
    "A table or a column of the target is missing: let an administrator use “Update"
    " tables” on the target, which restores it; the next transfer fills it."
)
NO_IDENTITY = _(
    "Odoo's system parameter “database.uuid”, by which a target knows this database, is"
    " missing or empty: enter %(uuid)s there (Settings, Technical, System Parameters)."
)
COPY_OF_SOURCE = _(
    "This Odoo database is a copy of the one that feeds the target, or was moved to"
    " another server. If it takes over, start the transfer with “Take back what Odoo"
    " does not have”; if it is a copy, archive this target."
)
SOURCE_CONFLICT = _(
    "Events in the target that are not, or not like that, in Odoo: %(count)s (the first"
    " has the number %(event)s). Odoo was restored from a backup, or its server failed"
    " over and lost the last changes. Start the transfer with “Take back what Odoo does"
    " not have”."
)
COUNT_MISMATCH = _(
    "Odoo sent %(sent)s rows and the target took %(taken)s. Nothing of this batch was"
    " kept; the next transfer repeats it."
)
DUCKDB_MISSING = _(
    "DuckDB targets need the Python package duckdb: install it with “pip install"
    " duckdb” on the Odoo server."
)
DUCKDB_FOLDER = _(
    "The folder of the DuckDB file does not exist or Odoo may not write there: create"
    " it or choose another path."
)
DUCKDB_LOCKED = _(
    "Another program keeps the DuckDB working file open (process %(process)s): close"
    " it. Reports should open the published file only."
)
DUCKDB_BROKEN = _(
    "The DuckDB file cannot be read: %(reason)s Move it away and let an administrator"
    " use “Update tables” on the target; the next transfer sends everything again."
)
DUCKDB_FAILED = _(
    "DuckDB could not load the file: %(reason)s Nothing of the last batch was kept or"
    " lost. Correct what it names; the next transfer goes on from there."
)
LOADER_DIED = _(
    "The program that loads the DuckDB file ended unexpectedly (%(reason)s). Nothing of"
    " the last batch was kept; the next transfer repeats it."
)
NO_CONNECTION_SETTINGS = _(
    "The target has no connection yet: enter it, or set %(variable)s in the server's"
    " environment."
)
BAD_CONNECTION_SETTINGS = _(
    "The connection settings cannot be understood: check host, port, options and"
    " %(variable)s."
)
UNREACHABLE = _(
    "The server of the target does not answer: check host and port, and whether it is"
    " running."
)
STARTING = _("The server of the target is starting or stopping. Try again in a minute.")
WRONG_PASSWORD = _(
    "The target refused the user or the password: check both, and the rules for"
    " connections on the server."
)
DATABASE_MISSING = _(
    "The target's database does not exist: create it, or correct its name."
)
TLS_FAILED = _("No encrypted connection was possible: check the SSL mode.")
TOO_MANY = _("The target has no free connection. The next transfer tries again.")
NO_RIGHT = _(
    "The target's user lacks a right: it must own the schema, or be allowed to create"
    " it."
)
DISK_FULL = _(
    "The disk is full. Nothing of the last batch was kept; the transfer goes on when"
    " there is space again."
)
CONNECTION_LOST = _(
    "The connection broke during the transfer. Nothing of the last batch was kept or"
    " lost; the next transfer goes on from there."
)
TARGET_SILENT = _(
    "The target took the connection and then did not answer for %(seconds)s seconds."
    " Nothing of the last batch was kept or lost; the next transfer goes on from there."
    " Check the server of the target and what lies on the way: firewall, tunnel,"
    " connection pool."
)
SOURCE_SILENT = _(
    "Odoo's own database did not answer for %(seconds)s seconds. Nothing of the last"
    " batch was kept or lost; the next transfer goes on from there."
)
LOADER_SILENT = _(
    "The program that loads the DuckDB file did not answer for %(seconds)s seconds and"
    " was ended. Nothing of the last batch was kept or lost; the next transfer goes on"
    " from there. Check the disk of the file and the load of the server."
)
TIME_UP = _(
    "The transfer was ended after waiting for %(seconds)s seconds, because Odoo ends"
    " the whole server when something takes longer. Nothing of the last batch was kept"
    " or lost; the next transfer goes on from there. If the target is only slow, raise"
    " limit_time_real and limit_time_real_cron in the server's configuration."
)
LOCKED_OUT = _(
    "Another session blocks the target's tables. The next transfer tries again."
)
BUILT_UPON = _(
    "Something that somebody built upon the tables of the target hinders the change:"
    " %(objects)s. Drop it, let an administrator use “Update tables” on the target, and"
    " make it anew. Nothing was changed."
)
TARGET_ENCODING = _(
    "The target's database stores text as %(encoding)s, which cannot hold all names:"
    " create one with the encoding UTF8 and enter its name."
)
TARGET_DELETED = _("The target was deleted during the transfer.")
SOURCE_LOCKED = _(
    "Another session blocks a table of Odoo's own database, or ended the statement."
    " Nothing was lost; the next transfer tries again."
)
SOURCE_INCOMPLETE = _(
    "A table or a column of Odoo's own database was not found: check the search_path of"
    " its database and user, and update this app."
)
SOURCE_READ_ONLY = _(
    "Odoo's own database accepts no changes: it is a standby or read-only."
)
SOURCE_NO_RIGHT = _(
    "Odoo's database user lacks a right in Odoo's own database: it must own the tables."
)
SOURCE_DISK_FULL = _(
    "A disk of Odoo's own database is full. Nothing was lost; the transfer goes on when"
    " there is space again."
)
SOURCE_LOST = _(
    "The connection to Odoo's own database broke. Nothing of the last batch was kept or"
    " lost; the next transfer goes on from there."
)
SOURCE_UNREACHABLE = _(
    "Odoo's own database takes no connection for the transfer: look into the log of its"
    " server. The next transfer tries again."
)
SOURCE_UNEXPECTED = _(
    "Odoo's own database could not do its part of the transfer (%(kind)s). Details are"
    " in the server's log."
)
READ_ONLY = _("The target accepts no changes: it is a standby or read-only.")
UNEXPECTED = _("The transfer failed (%(kind)s). Details are in the server's log.")

_BY_STATE = {
    "28P01": WRONG_PASSWORD,
    "28000": WRONG_PASSWORD,
    "3D000": DATABASE_MISSING,
    "3F000": TABLES_DAMAGED,
    "42501": NO_RIGHT,
    "42P01": TABLES_DAMAGED,
    "42703": TABLES_DAMAGED,
    "53100": DISK_FULL,
    "53300": TOO_MANY,
    "55P03": LOCKED_OUT,
    "40P01": LOCKED_OUT,
    "57014": LOCKED_OUT,
    "57P01": CONNECTION_LOST,
    "57P02": CONNECTION_LOST,
    "57P03": STARTING,
    "25006": READ_ONLY,
}
# The same of Odoo's own database, where other people have to act.
_AT_SOURCE = {
    WRONG_PASSWORD: SOURCE_UNREACHABLE,
    DATABASE_MISSING: SOURCE_UNREACHABLE,
    TLS_FAILED: SOURCE_UNREACHABLE,
    TOO_MANY: SOURCE_UNREACHABLE,
    STARTING: SOURCE_UNREACHABLE,
    UNREACHABLE: SOURCE_UNREACHABLE,
    TABLES_DAMAGED: SOURCE_INCOMPLETE,
    NO_RIGHT: SOURCE_NO_RIGHT,
    DISK_FULL: SOURCE_DISK_FULL,
    LOCKED_OUT: SOURCE_LOCKED,
    CONNECTION_LOST: SOURCE_LOST,
    READ_ONLY: SOURCE_READ_ONLY,
    UNEXPECTED: SOURCE_UNEXPECTED,
}
# A connection that fails carries no SQLSTATE, only libpq's words.
_BY_WORDS = (
    (r"password authentication failed|no password supplied", WRONG_PASSWORD),
    (r"role .* (does not exist|is not permitted)|pg_hba\.conf", WRONG_PASSWORD),
    (r"[Pp]eer authentication failed", WRONG_PASSWORD),
    (r"database .* does not exist", DATABASE_MISSING),
    (r"SSL|certificate", TLS_FAILED),
    (r"No space left|File too large|quota exceeded", DISK_FULL),
    (r"too many (clients|connections)|remaining connection slots", TOO_MANY),
    (r"(starting up|shutting down|in recovery mode)", STARTING),
    (r"invalid (dsn|connection option|port|sslmode)|missing \"=\"", ""),
)


def explain(error):
    """Return a :class:`TransferError` for any error of a transfer.

    One of Odoo's own database has a mark, ``at_source``.
    """
    if isinstance(error, TransferError):
        return error
    found = _explain(error)
    if getattr(error, "at_source", False):
        return TransferError(_AT_SOURCE.get(found.text, found.text), **found.values)
    return found


def _explain(error):
    if isinstance(error, OSError) and error.errno == 28:
        return TransferError(DISK_FULL)
    if isinstance(error, psycopg2.Error):
        if objects := _find_built_upon(error):
            return TransferError(BUILT_UPON, objects=objects)
        if error.pgcode in _BY_STATE:
            return TransferError(_BY_STATE[error.pgcode])
        for pattern, text in _BY_WORDS:
            if text and re.search(pattern, str(error)):
                return TransferError(text)
        lost = isinstance(error, (psycopg2.OperationalError, psycopg2.InterfaceError))
        # A session that dies in COPY raises the base class, without an SQLSTATE.
        if lost or re.search("closed the connection|from the libpq", str(error)):
            return TransferError(CONNECTION_LOST)
    return TransferError(UNEXPECTED, kind=type(error).__name__)


# The constraints that refuse a row and are ours; no column of ours is ever empty there.
_OURS = r".*_pkey|fact_opportunity_event_numbers|etl_source_source_uuid_key"
_OURS += r"|dim_date_calendar_date_key"


def _find_built_upon(error):
    """Return what somebody built upon the tables that hinders, by name only."""
    diag = error.diag
    if error.pgcode in ("23503", "23505", "23514", "23P01"):
        # None of our tables has a foreign key. The detail would quote the row.
        if re.fullmatch(_OURS, diag.constraint_name or ""):
            return None
        return f"constraint {diag.constraint_name} of table {diag.table_name}"
    if error.pgcode == "23502":
        return f"column {diag.column_name} of table {diag.table_name}"
    if error.pgcode == "P0001":
        # Nor a trigger. The text is somebody's, and may quote the row.
        return (diag.context or "").partition("\n")[0]
    if error.pgcode in ("2BP01", "0A000"):
        # "view report depends on view v_forecast"
        return "; ".join((diag.message_detail or "").splitlines()[:5])
    return None


def explain_connecting(error, variable):
    """Return a :class:`TransferError` for an error while connecting.

    :param variable: name of the environment variable that can hold the settings
    """
    if isinstance(error, psycopg2.ProgrammingError):
        return TransferError(BAD_CONNECTION_SETTINGS, variable=variable)
    found = explain(error)
    if found.text == CONNECTION_LOST:
        return TransferError(UNREACHABLE)
    return found


def log(logger, what, error):
    """Log an error, unless it is a sentence that says all.

    :param what: what failed
    """
    if isinstance(error, psycopg2.IntegrityError):
        # The detail of a row that is refused is the row: a name, an address.
        logger.warning("%s failed: %s", what, error.diag.message_primary)
    elif not isinstance(error, TransferError):
        # The text of a database error may quote data, never the connection.
        logger.warning("%s failed.", what, exc_info=error)
