"""Known mistakes: their table, and what each gives at a quantity."""
