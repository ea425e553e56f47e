"""The parts of the debugger's screen, each a plain class that carries out commands of its own."""
