"""Two inputs, some hidden units, one output: which side of the boundary is a point on?"""
