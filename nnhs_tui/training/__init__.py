"""Rounds one after another: parameters that change, and what became of them."""
