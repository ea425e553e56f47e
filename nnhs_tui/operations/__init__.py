"""What a calculation is made of: the two arithmetics, and the tables of operations and losses."""
