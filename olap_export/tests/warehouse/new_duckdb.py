"""A file of DuckDB that is made once in a process, and copied: that takes no second."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from ...warehouse import engine_duckdb


@functools.cache
def _new_duckdb():
    folder = tempfile.mkdtemp(prefix="olap_export_new_")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = engine_duckdb.Engine(Path(folder) / "new.duckdb")
    engine.create_tables()
    return engine.path


def copy_new_duckdb(path):
    """Put a file there that has its tables and nothing else."""
    for ending in ("", ".work", ".published"):
        shutil.copy2(f"{_new_duckdb()}{ending}", f"{path}{ending}")
