"""Drawn text: lines of runs, the signs a terminal has, curves, large letters, pictures."""
