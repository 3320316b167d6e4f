"""The tests mirror the folders of the project; each reads like the behaviour it pins."""
