"""The widgets: a pane of drawn lines, and the command line."""
