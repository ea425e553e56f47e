"""A step-debugger for the arithmetic of small neural networks, in a terminal.

The folders, each knowing only those before it: `operations` (arithmetics, tables), `scenario`
(files), `autodiff` (the tape and its passes), `training` (rounds), `commands`, `debugger` (the
session), `marking`, `selftest`, `store`, `present` (what to show), `worksheet`, `ui` (the screen),
and the command line on top. Importing the package itself loads none of them.
"""

__version__ = "0.1.0"
"""The version of the package; the build reads it from here."""
