"""The terminal below Textual: all that rests on its private details, and nothing else."""
