"""What the choices of a question are called: their texts may be numbers."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
