"""Answer sheets: their text, their rows, what is wrong with them, and the marking of a class."""
