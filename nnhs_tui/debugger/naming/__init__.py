"""Quantities by their names: reading, completing, pointing at them."""
