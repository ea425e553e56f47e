"""The screens: debugger, picker, and pages of text."""
