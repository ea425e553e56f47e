"""`[data]`: samples out of a table in a file beside the scenario."""
