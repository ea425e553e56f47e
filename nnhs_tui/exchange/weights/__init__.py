"""Weights of a dense net out of the files of other programs; nothing in them is ever run."""
