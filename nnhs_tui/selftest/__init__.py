"""Self-test: the numbers of a scenario are asked one after the other, and marked."""
