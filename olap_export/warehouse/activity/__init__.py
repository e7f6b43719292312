"""Activities: what one says, which of them wait, and how a target follows them."""
