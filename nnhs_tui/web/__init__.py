"""The debugger's screen in a browser: the same lines as text, walked by a small script."""
