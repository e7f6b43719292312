-- DuckDB keeps no primary keys on the facts: they cost twice the memory, and one
-- loader with an anti join gives the same guarantee.
CREATE SEQUENCE {schema}.etl_batch_id_seq;
