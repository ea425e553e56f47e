"""How fast and how small the program is, beside others that do the same: `python -m benchmarks`."""
