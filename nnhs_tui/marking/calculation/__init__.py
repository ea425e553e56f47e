"""The calculation as lines, and the numbers of a round: right, or from a person's own."""
