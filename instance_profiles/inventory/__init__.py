"""What exists: the model, the loaders that read it from AWS, and the indexes that join it.

Nothing here judges and nothing here writes.
"""
