"""Marking a person's own numbers: verdicts, follow-through, known mistakes, whole sheets."""
