"""Pages of text over the debugger: a name, and what stands there in so many columns."""
