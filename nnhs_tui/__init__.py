"""A step-debugger for the arithmetic of small neural networks, in a terminal.

The layers, each knowing only those before it: `core` (numbers), `present` (what to show), `ui` (the
screen), and the command line on top. Importing the package itself loads none of them.
"""

__version__ = "0.1.0"
"""The version of the package; the build reads it from here."""
