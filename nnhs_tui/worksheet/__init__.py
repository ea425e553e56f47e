"""Sheets to fill in by hand: what one holds as plain data, and four ways to write it down."""
