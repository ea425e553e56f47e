"""The debugger's screen and what it can do."""
