"""Lessons: a text, a place in a scenario, and tasks that are marked (docs/lessons.md)."""
