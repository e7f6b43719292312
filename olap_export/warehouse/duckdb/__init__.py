"""A DuckDB file as target: the child process that loads it, and its parent's side."""
