"""Every limit of the server, each with its number; docs/serve.md lists them."""

SESSIONS = 1_500
"""People who are connected at once."""
SESSIONS_OF_ADDRESS = 600
"""Of them from one address: a school has often only one."""
SESSIONS_OF_CONNECTION = 4
"""On one SSH connection at once: one that ends has room for the next before it is gone."""
ATTEMPTS_OF_ADDRESS = 40
"""Wrong codes from one address within `WINDOW`."""
ATTEMPTS = 400
"""Wrong codes in all within `WINDOW`."""
WINDOW = 600.0
"""Seconds."""
ADDRESSES = 10_000
"""Addresses whose wrong codes are remembered."""
LOGIN_SECONDS = 30
"""Time to log in by SSH, or to say hello on a WebSocket."""
IDLE_SECONDS = 4 * 3600.0
"""Without a key, an answer or a touch."""
ALIVE_SECONDS = 15
"""How often it is asked whether an SSH client, or a browser, is still there; three times."""
WAITING_BYTES = 64 * 1024
"""That wait for one viewer; until they are taken nothing more is written, and steps are skipped."""
COLUMNS, ROWS = 400, 150
"""Of a viewer's frame at most; a larger terminal has blank space beside it."""
MESSAGE_BYTES = 2_048
"""Of a message from a browser."""
MESSAGES_A_SECOND = 40
"""From a browser, or keys from a terminal; what is more is dropped."""
TOKENS = 3_000
"""Browsers that are known, so that a phone that slept comes back as the same person."""
FRAME_BYTES, DIFFERENCE_BYTES = 64 * 1024 * 1024, 32 * 1024 * 1024
"""Of frames, and of differences between two, that are kept for the next viewer at the same size:
some 2,000 frames of 80 columns and 24 rows, or 60 of the largest."""
RESIZE_SECONDS = 0.25
"""A terminal that changes its size is drawn anew so often at most."""
REELS = 32
"""Rounds that are kept for those who step alone."""
OWN_SESSIONS = 8
"""Sessions of one's own (editing, self-test) at once; each is a process."""
CODE_LENGTH = 64
"""Signs of a code at most."""
