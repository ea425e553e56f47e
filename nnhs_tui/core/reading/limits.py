"""The words a scenario file may use, and how large it may be."""

ARITHMETICS = ("exact", "hand")
LEVELS = ("layer", "neuron", "node")
SIGMOIDS = ("shortcut", "circuit")
ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "softmax")
LOSSES = ("mse", "sse", "half_sse", "bce", "cross_entropy")
INITS = ("normal", "uniform", "xavier", "he", "zeros")
REDUCTIONS = ("mean", "sum")

RESERVED = frozenset({"loss"})
"""What no named input and no layer may be called: the loss has that name already."""

MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_PARAMETERS = 2_000_000
MAX_SAMPLES = 10_000
MAX_NODES = 10_000
MAX_ROUNDS = 1_000_000
MAX_DIGITS = 6
MAX_EXPRESSION = 10_000
MAX_NESTING = 100
MAX_FAULTS = 10_000
"""More are counted, not listed: a million messages help nobody and take minutes to write."""
