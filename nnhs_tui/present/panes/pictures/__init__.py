"""The picture of a network or graph: as layers of neurons, or as elementary nodes."""
