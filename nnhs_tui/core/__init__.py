"""Numbers without a screen: scenarios, the tape, both arithmetics."""
