"""Random inputs for everything the program reads: `python -m fuzz`."""
