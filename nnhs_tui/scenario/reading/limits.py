"""The words a scenario file may use, and how large it may be."""

ARITHMETICS = ("exact", "hand")
LEVELS = ("layer", "neuron", "node")
ROWS = ("inputs", "neurons")
"""What the rows of a file's matrices stand for."""
SIGMOIDS = ("shortcut", "circuit")
SCALES = ("none", "standard", "unit")
"""How inputs are made of the numbers of a data file."""
INITS = ("normal", "uniform", "xavier", "he", "zeros")

RESERVED = frozenset({"loss"})
"""What no named input and no layer may be called: the loss has that name already."""

PARTS = 24
"""Parts of the article."""
MAX_PLACE = 1_000_000

MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_PARAMETERS = 2_000_000
MAX_SAMPLES = 10_000
MAX_WORDS = 1_000
"""Words of a column that becomes a target for each."""
MAX_NODES = 10_000
"""Named ones."""
MAX_ELEMENTARY = 1_000_000
"""Elementary nodes of a graph, sigmoids that are circuits taken apart."""
MAX_LAYERS = 1_000
MAX_SAMPLE_PARAMETERS = 100_000_000
"""Samples times parameters."""
MAX_SOFTMAX = 2_500
"""Neurons of a softmax, each of which depends on each."""
MAX_KEYS = 10_000
"""Keys of one table, but for names that a graph gives."""
MAX_TABLES = 100_000
"""Tables, keys that hold a list or a table, and parts of keys with dots, in a file."""
MAX_CHAIN = 100
"""Names in one key with dots."""
MAX_FILE_KEYS = 2_000_000
"""Keys of all tables together."""
MAX_NUMBER = 100_000
"""Characters of one number."""
MAX_ROUNDS = 1_000_000
MAX_DIGITS = 6
MAX_EXPRESSION = 10_000
MAX_NESTING = 100
MAX_FAULTS = 10_000
"""More are counted, not listed: a million messages help nobody and take minutes to write."""
