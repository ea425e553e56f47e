"""The panes of the debugger: each a pure function of what there is to see and a size."""
