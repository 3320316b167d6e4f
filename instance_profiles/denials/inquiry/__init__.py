"""Asking AWS about one denial, in the order of trust, with calls that only read.

Each question is a module: what it asks, when there is nothing to ask, and what it learns. One that is denied
is skipped with a word, and what one learns the next ones know. Nothing that was received is logged.
"""
