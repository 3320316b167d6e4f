"""The model, the loaders and the indexes."""
