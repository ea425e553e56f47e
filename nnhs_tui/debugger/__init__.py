"""The session without a screen: a cursor over the record, moved by commands that are text."""
