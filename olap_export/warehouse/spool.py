"""COPY from one PostgreSQL connection into another, by way of a file.

Never from one into the other at once: whoever is slow or silent would keep the
transaction of the other one open, and a source that fails in the middle looks like the
end of the data.
"""

# pylint: disable=method-required-super

import tempfile

from . import fault

BLOCK = 1 << 18
# What is longer goes to a file without a name, which its process alone can open.
IN_MEMORY = 1 << 24


class Spool:
    """Rows that were read from the source, to be copied into a target."""

    def __init__(self, cr, select):
        # Closed with the last reference to it, as are all temporary files.
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        cr.copy_expert(f"COPY ({select}) TO STDOUT (FORMAT binary)", self)
        self.rows = cr.rowcount

    def write(self, data):
        return self._file.write(data)

    def read(self, size=-1):
        block = self._file.read(size)
        if block:
            fault.reach("copying")
        return block

    def send(self, cr, table, columns):
        """Copy into a table; return the number of rows that it took."""
        self._file.seek(0)
        cr.copy_expert(
            f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)",
            self,
            BLOCK,
        )
        return cr.rowcount
