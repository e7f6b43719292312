"""Activities in the warehouse: what one says there, and that it stays so."""
