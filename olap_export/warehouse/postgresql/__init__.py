"""A PostgreSQL database as target: its session, how events get in, its catalogue."""
