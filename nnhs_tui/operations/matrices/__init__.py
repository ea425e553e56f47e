"""Matrices in graphs: shapes, and the operations on matrices, made of elementary ones."""
