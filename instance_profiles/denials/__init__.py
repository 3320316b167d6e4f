"""Reading an error message: what was denied to whom by which policy, or which known fault it tells of.

Nothing here asks AWS: the text alone is read, however tools and logs have bent it.
"""
