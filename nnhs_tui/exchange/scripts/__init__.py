"""Programs in NumPy and PyTorch that compute what a scenario does."""
