"""Scenario files: what one holds, where it is found, and how it is read and checked."""
