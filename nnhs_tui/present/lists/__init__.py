"""The lists that share the place of the matrices."""
