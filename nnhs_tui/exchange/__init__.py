"""In and out: weights of other programs taken in, scripts that compute the same given out."""
