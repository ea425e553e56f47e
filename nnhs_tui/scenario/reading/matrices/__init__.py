"""Expressions between matrices: their shapes, and what they are broken into."""
