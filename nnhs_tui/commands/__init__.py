"""The commands as data: one table, how a line is read, and which key stands for what."""
