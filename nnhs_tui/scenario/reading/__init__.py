"""From a scenario file to a checked scenario: decode, validate everything, then build."""
