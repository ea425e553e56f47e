"""Marking a person's own numbers: verdicts, follow-through, known mistakes, whole sheets.

From above, each knowing only what stands below it:

- `sheets`: files of answers, read, checked, and marked, one or a class.
- `marker`: all answers of one person. `judge` says what can be said of one by itself, `following`
  what is right going on from others, `second_look` how much of that is done.
- `questions`: what can be asked and what is right, and `question` a single one of them;
  `asked_quantities`: what a worksheet asks.
- `mistakes`: the table of known mistakes, their rules, and what they give at a quantity.
- `calculation`: every quantity as a line, and the numbers that follow from a person's own.
"""
