"""A net as real circles and lines: what stands where, and as SVG."""
