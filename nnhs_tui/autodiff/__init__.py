"""The tape, the passes over it, what they record, and the order of its steps."""
